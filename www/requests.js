/* The list of requests that this page makes. */

import { $, clock, make } from './dom.js';

const LOG_ROWS = 50;
const REASONS = { 200: 'OK', 201: 'Created', 204: 'No Content' };

function toneOf(status) {
  if (status === 0 || status >= 500) return 'bad';
  return status >= 400 ? 'warn' : 'good';
}

function list(method, path, { status, code }, ms) {
  const reason = code ?? REASONS[status] ?? '';
  const row = make('li', '',
    make('span', 'method', method), ' ',
    make('code', 'path', path), ' ',
    make('span', `status ${toneOf(status)}`, status === 0 ? 'no answer' : `${status} ${reason}`), ' ',
    make('span', 'when', `${ms} ms, ${clock.format()}`));
  $('log').prepend(row);
  while ($('log').children.length > LOG_ROWS) $('log').lastChild.remove();
  $('log').hidden = false;
  $('log-none').hidden = true;
}

/* What the service calls a problem; nothing for other answers. */
const codeOf = async (response) => (await response.clone().json().catch(() => null))?.code;

/* As the browser's fetch, but each request is listed. */
export async function listedFetch(address, init = {}) {
  const began = performance.now();
  const answer = { status: 0 };
  try {
    const response = await fetch(address, init);
    answer.code = await codeOf(response);
    answer.status = response.status;
    return response;
  } finally {
    list(init.method ?? 'GET', new URL(address, location.href).pathname, answer,
      Math.round(performance.now() - began));
  }
}
