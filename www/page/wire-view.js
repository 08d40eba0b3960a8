/* The wire: every exchange, with its bodies, and as a command to paste. */

import { auth, user } from './auth.js';
import { asCurl } from './curl.js';
import { $, announce, make, makeButton } from './dom.js';
import { clock, t } from './i18n.js';
import { paint } from './json.js';
import { mask, maskHeader } from './secrets.js';
import { wire } from './wire.js';

const MOST_ROWS = 60;
const SHOWN_HEADERS = ['www-authenticate', 'location', 'retry-after', 'x-request-id'];
const REASONS = { 200: 'OK', 201: 'Created', 204: 'No Content' };

/* By row: what it shows, for when secrets are hidden or shown. */
const rows = new Map();

const isMasked = () => $('wire-mask').checked;

function toneOf(status) {
  if (status === 0 || status >= 500) return 'bad';
  return status >= 400 ? 'warn' : 'good';
}

const reasonOf = ({ status, answer }) => answer?.code ?? REASONS[status] ?? '';

function summaryOf(exchange) {
  const { method, url, status, ms, at, by } = exchange;
  return [
    make('span', 'method', method), ' ',
    make('code', 'path', url.pathname + url.search), ' ',
    ...(by === 'attack' ? [make('span', 'badge warn', t('attack')), ' '] : []),
    make('span', `status ${toneOf(status)}`, status === 0 ? t('noAnswerShort') : `${status} ${reasonOf(exchange)}`), ' ',
    make('span', 'when', t('msAt', { ms, time: clock.format(at) })),
  ];
}

function showBody(title, headers, body) {
  const pre = make('pre', 'json');
  pre.tabIndex = 0;
  pre.setAttribute('role', 'region');
  pre.setAttribute('aria-label', title);
  const lines = headers.map(([name, value]) => make('span', 'head-line', `${name}: ${value}\n`));
  const value = make('span', '');
  if (body !== null && body !== '') paint(value, body);
  pre.append(...lines, value);
  return [make('h3', '', title), pre];
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function copy(exchange, row, button) {
  const text = asCurl(exchange, rows.get(row).user);
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = t('copied');
    announce(t('copied'));
  } catch {
    /* Where a page may not write there, one copies by hand. */
    const area = make('textarea', 'copy');
    area.value = text;
    area.readOnly = true;
    area.setAttribute('aria-label', t('copyCurl'));
    button.replaceWith(area);
    area.select();
  }
}

/* What a refresh spends, a second one would be theft. */
const warningOf = ({ url }) => (url.pathname === '/api/auth/refresh' ? 'curlRefresh' : 'curlHint');

function fill(row, details) {
  const { exchange } = rows.get(row);
  const hide = isMasked();
  const sent = exchange.headers.map((header) => (hide ? maskHeader(header) : header));
  if (exchange.credentials === 'cookie') sent.push(['cookie', t('cookieUnseen')]);
  const body = exchange.body === null ? null : parsed(exchange.body);
  const received = (exchange.answerHeaders ?? []).filter(([name]) => SHOWN_HEADERS.includes(name));
  const button = makeButton(t('copyCurl'), '', () => copy(exchange, row, button));
  details.replaceChildren(
    ...showBody(t('sent'), sent, hide ? mask(body) : body),
    ...showBody(t('received'), received, exchange.status === 0 ? t('noAnswer') : hide ? mask(exchange.answer) : exchange.answer),
    make('div', 'actions small', button, make('span', 'hint', t(warningOf(exchange)))));
}

function add({ detail: exchange }) {
  const inside = make('div', 'exchange');
  const summary = make('summary', '', ...summaryOf(exchange));
  const details = make('details', '', summary, inside);
  const row = make('li', '', details);
  rows.set(row, { exchange, inside, details, user: auth.mode === 'cookie' ? user : null });
  details.addEventListener('toggle', () => { if (details.open) fill(row, inside); });
  $('wire').prepend(row);
  while ($('wire').children.length > MOST_ROWS) drop($('wire').lastChild);
  showWhether();
}

function drop(row) {
  rows.delete(row);
  row.remove();
}

function showWhether() {
  const isEmpty = rows.size === 0;
  $('wire').hidden = isEmpty;
  $('wire-none').hidden = !isEmpty;
  $('wire-clear').hidden = isEmpty;
}

export function prepareWire() {
  wire.addEventListener('answered', add);
  $('wire-mask').addEventListener('change', () => {
    for (const [row, { inside, details }] of rows) if (details.open) fill(row, inside);
  });
  $('wire-clear').addEventListener('click', () => {
    for (const row of [...rows.keys()]) drop(row);
    showWhether();
    $('wire-title').focus();
  });
}
