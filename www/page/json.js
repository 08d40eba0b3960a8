/* JSON in colour, as elements: nothing in it is ever markup. */

import { make } from './dom.js';

const INDENT = '  ';

const kindOf = (value) => (value === null ? 'null' : typeof value);

const join = (rows, indent) => rows.flatMap((row, i) =>
  [i === 0 ? '\n' : ',\n', indent + INDENT, ...row]).concat(`\n${indent}`);

function tree(value, indent) {
  if (value === null || typeof value !== 'object') {
    return [make('span', `j-${kindOf(value)}`, JSON.stringify(value))];
  }
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  if (entries.length === 0) return [open + close];
  const rows = entries.map(([name, member]) => [
    ...(isList ? [] : [make('span', 'j-name', JSON.stringify(name)), ': ']),
    ...tree(member, indent + INDENT),
  ]);
  return [open, ...join(rows, indent), close];
}

/* Show a JSON value, or a text as it is. */
export function paint(element, value) {
  element.replaceChildren(...(typeof value === 'string' ? [value] : tree(value, '')));
}
