/* The audit trail: who did what, when, and from where. */

import { call, isGood } from './auth.js';
import { $, exclusively, make, makeButton, say, wordsOf } from './dom.js';
import { makeField, makeForm, makeNote } from './fields.js';
import { clearForm, filledIn, onSubmit, showProblem } from './forms.js';
import { dateAndTime, t } from './i18n.js';
import { newestOf } from './lists.js';
import { loadWithTab } from './session.js';

let nextCursor = null;

const COLUMNS = ['at', 'event', 'userId', 'ip', 'detail'];

function query(cursor) {
  const { since, ...wishes } = filledIn($('audit-filter'));
  const all = new URLSearchParams(wishes);
  if (since) all.set('since', new Date(since).toISOString().replace('.000', ''));
  if (cursor !== null) all.set('cursor', cursor);
  return all.size > 0 ? `/api/audit?${all}` : '/api/audit';
}

function makeRow(event) {
  const cells = COLUMNS.map((name) => {
    const cell = make('td', `audit-${name}`, textOf(name, event));
    cell.dataset.title = t(`audit.${name}`);
    return cell;
  });
  return make('tr', '', ...cells);
}

function textOf(name, event) {
  if (name === 'at') return dateAndTime.format(new Date(event.at));
  return String(event[name] ?? '');
}

const read = newestOf((cursor) => call('GET', query(cursor)));

async function page(cursor) {
  const answer = await read(cursor);
  if (answer === null) return null;
  if (!isGood(answer)) {
    showProblem($('audit-filter'), $('audit-note'), answer);
    return null;
  }
  ({ nextCursor } = answer.body);
  $('audit-more').hidden = nextCursor === null;
  return answer.body.events.map(makeRow);
}

async function load() {
  clearForm($('audit-filter'), $('audit-note'));
  const rows = await page(null);
  if (rows === null) return;
  $('audit-list').replaceChildren(...rows);
  $('audit-table').hidden = rows.length === 0;
  if (rows.length === 0) say($('audit-note'), t('auditNone'));
}

async function loadMore() {
  const rows = await page(nextCursor);
  if (rows !== null) $('audit-list').append(...rows);
}

function makeTable() {
  const body = make('tbody', '');
  body.id = 'audit-list';
  const head = make('tr', '', ...COLUMNS.map((name) => {
    const cell = make('th', '', t(`audit.${name}`));
    cell.scope = 'col';
    return cell;
  }));
  const table = make('table', 'audit', make('thead', '', head), body);
  table.id = 'audit-table';
  table.hidden = true;
  table.setAttribute('aria-labelledby', 'audit-tab');
  return table;
}

export function prepareAudit(panel, tab) {
  panel.hidden = true;
  const form = makeForm('filter',
    makeField('audit-event', 'event', t('audit.event'), { spellcheck: false }),
    makeField('audit-user', 'user', t('auditUser'), { spellcheck: false }),
    makeField('audit-since', 'since', t('since'), { type: 'datetime-local' }),
    make('button', 'main', t('show')));
  form.id = 'audit-filter';
  onSubmit(form, load);
  const more = makeButton(t('more'), '', () => exclusively(loadMore));
  more.id = 'audit-more';
  more.hidden = true;
  panel.append(form, makeNote('audit-note'), makeTable(), more);
  loadWithTab(tab, load);
}
