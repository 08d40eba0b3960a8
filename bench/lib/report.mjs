// The table for people and the file for programs.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { median } from './measure.mjs';

const round = (number, digits) => Number(number.toFixed(digits));
const rates = (list) => list.map(({ rate }) => round(rate, 1));
const range = (list) => [Math.min(...list), Math.max(...list)];

// From the rounds of one figure: medians, of the ratios too, because the two of
// a round have more of the machine's moods in common than all of either; and how
// far each varied.
export function summary(figure, rounds) {
  const ours = rounds.map((pair) => pair.ours);
  const bound = rounds.map((pair) => pair.bound);
  const of = (list, key, digits) => round(median(list.map((each) => each[key])), digits);
  const cpu = (list) => (figure.isMixed ? null : of(list, 'cpu_us', 1));
  const ratios = (divide) => rounds.map((pair) => round(divide(pair.ours, pair.bound), 3));
  const rateRatios = ratios((a, b) => a.rate / b.rate);
  const ratio = round(median(rateRatios), 3);
  const p99Ratio = round(median(ratios((a, b) => a.p99_us / b.p99_us)), 2);
  return {
    name: figure.name,
    what: figure.what,
    unit: 'requests/s',
    value: of(ours, 'rate', 1),
    values: rates(ours),
    ceiling: { name: figure.ceiling, value: of(bound, 'rate', 1), values: rates(bound),
      p99_us: of(bound, 'p99_us', 0), cpu_us: cpu(bound) },
    ratio,
    ratios: rateRatios,
    spread: range(rateRatios),
    cpu_us: cpu(ours),
    cpu_ratio: figure.isMixed ? null
      : round(median(ratios((a, b) => b.cpu_us / a.cpu_us)), 2),
    p99_us: of(ours, 'p99_us', 0),
    p99_ratio: p99Ratio,
    least_ratio: figure.least,
    most_p99_ratio: figure.mostP99,
    is_reached: ratio >= (figure.least ?? 0) && p99Ratio <= (figure.mostP99 ?? Infinity),
  };
}

const ms = (us) => (us / 1000).toFixed(1);
const columns = [
  ['figure', 18, (f) => f.name],
  ['per second', -11, (f) => f.value.toFixed(0)],
  ['ceiling', 16, (f) => f.ceiling.name],
  ['per second', -11, (f) => f.ceiling.value.toFixed(0)],
  ['ratio', -6, (f) => f.ratio.toFixed(2)],
  ['spread', 11, (f) => f.spread.map((r) => r.toFixed(2)).join('-')],
  ['by cpu', -6, (f) => f.cpu_ratio?.toFixed(2) ?? '-'],
  ['p99 ms', -7, (f) => ms(f.p99_us)],
  ['its', -6, (f) => ms(f.ceiling.p99_us)],
  ['others', -6, (f) => `${(f.taken_by_others * 100).toFixed(0)} %`],
  ['', 14, (f) => (f.least_ratio === undefined ? '' : f.is_reached ? 'reached' : `below ${f.least_ratio.toFixed(2)}`)],
];

const cell = (text, width) => (width < 0 ? text.padStart(-width) : text.padEnd(width));

export function printHead() {
  console.log(columns.map(([title, width]) => cell(title, width)).join('  ').trimEnd());
}

export function printFigure(figure) {
  console.log(columns.map(([, width, text]) => cell(text(figure), width)).join('  ').trimEnd());
}

export function write(path, report) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
}

const mib = (kib) => (kib / 1024).toFixed(1);

export function printFootprint(print) {
  const { pss_kib: kib, program_bytes: bytes, ready_ms: ready } = print;
  const names = Object.keys(kib).sort();
  console.log('\nendpoint          PSS KiB  program KiB  ready ms');
  for (const name of names) {
    console.log(`${name.padEnd(16)}  ${String(kib[name]).padStart(7)}` +
      `  ${(bytes[name] / 1024).toFixed(0).padStart(11)}  ${String(ready[name]).padStart(8)}`);
  }
  console.log(`all ${names.length} of them idle: ${mib(print.pss_total_kib)} MiB; ` +
    `all started at once: ${print.all_ready_ms} ms\n`);
}

export function printUsers({ people, pages }) {
  console.log(`\npages of ${people} people    pages    p50 ms   p99 ms`);
  for (const page of pages) {
    console.log(`${page.name.padEnd(25)}  ${String(page.pages).padStart(5)}  ` +
      `${ms(page.p50_us).padStart(8)}  ${ms(page.p99_us).padStart(7)}  ` +
      `${page.is_reached ? 'reached' : `above ${page.most_ms}`}`);
  }
}

export function writeText(path, text) {
  writeFileSync(path, text);
}
