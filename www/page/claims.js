/* Lists of claims, each explained when it is pointed at or focused. */

import { make } from './dom.js';
import { clock, dateAndTime, has, t } from './i18n.js';

const TIMES = ['iat', 'nbf', 'exp'];

/* Long ones that mean nothing to a reader. */
const LONG = ['secret', 'seal'];
const SHOWN = 12;

function timeOf(seconds) {
  const date = new Date(seconds * 1000);
  const isToday = date.toDateString() === new Date().toDateString();
  return (isToday ? clock : dateAndTime).format(date);
}

/* As it stands in the token, and what that means. */
export function valueOf(name, value) {
  if (value === undefined) return '–';
  if (TIMES.includes(name)) return `${value} (${timeOf(value)})`;
  if (LONG.includes(name)) return `${value.slice(0, SHOWN)}…`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

let nextId = 0;

function explained(name, text) {
  const tip = make('span', 'tip', text);
  tip.id = `tip-${++nextId}`;
  tip.setAttribute('role', 'tooltip');
  const button = make('button', 'claim', make('code', '', name));
  button.type = 'button';
  button.setAttribute('aria-describedby', tip.id);
  return make('dt', '', button, tip);
}

/*
 * entries: [name, value].  prefix: of the keys of the explanations, where the
 * same name means another thing.
 */
export function listClaims(list, entries, prefix = 'claim') {
  list.replaceChildren(...entries.map(([name, value]) => {
    const key = `${prefix}.${name}`;
    return make('div', '',
      has(key) ? explained(name, t(key)) : make('dt', '', make('code', '', name)),
      make('dd', '', valueOf(name, value)));
  }));
}

/* Escape takes an explanation away, as long as its claim stays in focus. */
export function prepareClaims() {
  document.addEventListener('keydown', ({ key, target }) => {
    if (key === 'Escape' && target.matches?.('.claim')) target.classList.add('quiet');
  });
  document.addEventListener('focusout', ({ target }) => target.classList?.remove('quiet'));
}
