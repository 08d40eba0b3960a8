// The ratios as bars, by hand: no library draws them.
const width = 760;
const left = 150;
const right = 90;
const bar = 18;
const gap = 12;
const top = 64;
const full = width - left - right;

const escape = (text) => text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' }[c]));
const scale = (most) => (ratio) => left + ratio / most * full;
const text = (at, y, words, more = '') =>
  `<text x="${at.toFixed(1)}" y="${y}" ${more}>${escape(words)}</text>`;
const line = (x1, x2, y1, y2, more) =>
  `<line x1="${x1.toFixed(1)}" x2="${x2.toFixed(1)}" y1="${y1}" y2="${y2}" ${more}/>`;

// One figure: its bar, the spread of its rounds, and what is to be reached.
function row(figure, i, x) {
  const y = top + i * (bar + gap);
  const middle = y + bar / 2;
  const [low, high] = figure.spread;
  return [
    text(left - 8, middle + 4, figure.name, 'text-anchor="end"'),
    `<rect x="${left}" y="${y}" width="${(x(figure.ratio) - left).toFixed(1)}" height="${bar}"` +
      ` fill="${figure.is_reached ? '#3b7a57' : '#b5651d'}"/>`,
    figure.cpu_ratio === null ? ''
      : `<circle cx="${x(figure.cpu_ratio).toFixed(1)}" cy="${middle}" r="5" fill="#fff" stroke="#222"/>`,
    line(x(low), x(high), middle, middle, 'stroke="#222" stroke-width="2"'),
    figure.least_ratio === undefined ? '' : line(x(figure.least_ratio), x(figure.least_ratio),
      y - 3, y + bar + 3, 'stroke="#222" stroke-dasharray="3 2"'),
    text(width - right + 8, middle + 4, `${figure.ratio.toFixed(2)} of ${figure.ceiling.name}`),
  ].join('\n');
}

export function plot({ machine, figures }) {
  const x = scale(Math.max(1.2, ...figures.map(({ spread, cpu_ratio: cpu }) => Math.max(...spread, cpu))));
  const height = top + figures.length * (bar + gap) + 40;
  const where = `${machine.date.slice(0, 10)}, ${machine.processors} x ${machine.processor}, ` +
    `load ${machine.load_before} before, MariaDB ${machine.mariadb}, commit ${machine.commit}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width + 60} ${height}"
 font-family="sans-serif" font-size="12" role="img">
<title>Latchkey beside its ceilings</title>
<rect width="100%" height="100%" fill="#fff"/>
${text(16, 24, 'Each figure as a share of its ceiling, measured in the same run', 'font-size="15"')}
${text(16, 44, where, 'fill="#555"')}
${figures.map((figure, i) => row(figure, i, x)).join('\n')}
${text(16, height - 14, 'Bars: median of the rounds; lines: lowest and highest; circles: by processor time; dashes: to be reached', 'fill="#555"')}
</svg>
`;
}
