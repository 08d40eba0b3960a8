/*
 * The flow as a sequence diagram.  It is drawn anew for each width, so that
 * its text keeps its size; what happens on the wire lights it up.
 */

import { $, make } from './dom.js';
import { t } from './i18n.js';
import { wire } from './wire.js';

const SVG = 'http://www.w3.org/2000/svg';
const HEAD = 28;
const ROW = 34;
const GAP = 14;
const EDGE = 6;
const PAGE = 0;
const SERVICE = 1;
const API = 2;

/* Each message: who to whom; breaks begin a new phase. */
const MESSAGES = [
  { name: 'login', from: PAGE, to: SERVICE },
  { name: 'pair', from: SERVICE, to: PAGE },
  { name: 'call', from: PAGE, to: API, breaks: true },
  { name: 'answer', from: API, to: PAGE },
  { name: 'refresh', from: PAGE, to: SERVICE, breaks: true },
  { name: 'rotated', from: SERVICE, to: PAGE },
  { name: 'logout', from: PAGE, to: SERVICE, breaks: true },
  { name: 'over', from: SERVICE, to: API, isNews: true },
  { name: 'late', from: PAGE, to: API },
  { name: 'refused', from: API, to: PAGE },
];
const PLACES = ['page', 'service', 'api'];

/* name: { tone, text }, for those that have happened. */
const lit = new Map();
let latest = [];
let width = 0;

const NOTHING = [];

/* The names of an exchange's question and of its answer in the drawing. */
function partsOf({ url: { pathname }, by }) {
  if (by === 'attack' || pathname.startsWith('/.well-known/')) return NOTHING;
  if (by === 'late') return ['late', 'refused'];
  return {
    '/api/auth/login': ['login', 'pair'],
    '/api/auth/refresh': ['refresh', 'rotated'],
    '/api/auth/logout': ['logout', 'over'],
    '/api/auth/register': NOTHING,
  }[pathname] ?? ['call', 'answer'];
}

function draw(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const xOf = (place) => EDGE + place * (width - 2 * EDGE) / 2;

function drawPlace(place, bottom) {
  const x = xOf(place);
  const anchor = ['start', 'middle', 'end'][place];
  const shift = [-EDGE, 0, EDGE][place];
  return [
    draw('line', { class: 'lifeline', x1: x, y1: HEAD - 6, x2: x, y2: bottom }),
    draw('text', { class: 'place', x: x + shift, y: 14, 'text-anchor': anchor }, t(`place.${PLACES[place]}`)),
  ];
}

function drawMessage({ name, from, to, isNews }, y) {
  const state = lit.get(name);
  const [x1, x2] = [xOf(from), xOf(to)];
  const way = Math.sign(x2 - x1);
  const tip = x2 - way * 2;
  const isLatest = latest.includes(name);
  const classes = ['message', state?.tone ?? '', isLatest ? 'latest' : '', isNews ? 'news' : ''];
  /* The label begins at the left end, where it has most room. */
  const label = isNews ? { x: Math.max(x1, x2) - 8, 'text-anchor': 'end' } : { x: Math.min(x1, x2) + 8 };
  return draw('g', { class: classes.filter(Boolean).join(' ') },
    draw('line', { x1, y1: y, x2: tip - way * 4, y2: y, pathLength: 1 }),
    draw('path', { d: `M${tip} ${y}l${-way * 8} -4.5v9z` }),
    draw('text', { ...label, y: y - 6 }, state?.text ?? t(`msg.${name}`)));
}

function paint() {
  /* The first width comes a moment after the first request. */
  if (width === 0) return;
  const marks = [];
  let y = HEAD;
  for (const message of MESSAGES) {
    if (message.breaks) y += GAP;
    y += ROW;
    marks.push(drawMessage(message, y));
  }
  const bottom = y + 12;
  $('flow').replaceChildren(draw('svg', {
    viewBox: `0 0 ${width} ${bottom}`, width, height: bottom, 'aria-hidden': 'true',
  }, ...[PAGE, SERVICE, API].flatMap((place) => drawPlace(place, bottom)), ...marks));
  for (const text of $('flow').querySelectorAll('.message text')) squeeze(text);
}

/* On a small screen, a label that is too long stands closer. */
function squeeze(text) {
  const { x, width: length } = text.getBBox();
  if (x + length <= width) return;
  text.setAttribute('textLength', width - x);
  text.setAttribute('lengthAdjust', 'spacingAndGlyphs');
}

function listSteps() {
  $('flow-steps').replaceChildren(...MESSAGES.map(({ name, from, to }) => {
    const state = lit.get(name);
    const item = make('li', '', t('step', {
      from: t(`at.${PLACES[from]}`), to: t(`at.${PLACES[to]}`), what: state?.text ?? t(`msg.${name}`),
      state: t(state ? `step.${state.tone}` : 'step.open'),
    }));
    if (latest.at(-1) === name) item.setAttribute('aria-current', 'step');
    return item;
  }));
}

function light(names, tone, text) {
  for (const name of names) lit.set(name, { tone, text });
  latest = names;
  paint();
  listSteps();
}

function onSent({ detail }) {
  const [question] = partsOf(detail);
  if (!question) return;
  /* A new session begins a new flow. */
  if (question === 'login') lit.clear();
  light([question], 'good');
}

function onAnswered({ detail }) {
  const { status, answer } = detail;
  const [question, reply] = partsOf(detail);
  if (!question) return;
  if (status === 0) {
    light([question], 'bad', t('msg.unanswered'));
  } else if (status < 400) {
    light([reply], 'good');
  } else {
    const text = `${status} ${answer?.code ?? ''}`;
    /* News of an end that did not come about go nowhere. */
    if (reply === 'over') light([question], 'bad', text);
    else light([reply], 'bad', text);
  }
}

export function prepareDiagram() {
  new ResizeObserver(([entry]) => {
    const now = Math.floor(entry.contentRect.width);
    if (now === width) return;
    width = now;
    paint();
  }).observe($('flow'));
  listSteps();
  wire.addEventListener('sent', onSent);
  wire.addEventListener('answered', onAnswered);
}
