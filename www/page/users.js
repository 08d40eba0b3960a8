/* All users, for administrators. */

import { call, isGood, user as self } from './auth.js';
import { $, breakable, exclusively, make, makeButton, say, wordsOf } from './dom.js';
import { makeDangerButton, makeField, makeForm, makeNote, makeSelect } from './fields.js';
import { clearForm, filledIn, onSubmit, showProblem } from './forms.js';
import { shortTime, t } from './i18n.js';
import { newestOf, showRows } from './lists.js';
import { loadWithTab } from './session.js';

let nextCursor = null;
let roleNames = [];

const path = (id, rest = '') => `/api/users/${encodeURIComponent(id)}${rest}`;
const nameOf = ({ username, email }) => username ?? email;

/* One change of one user; the row then shows what is now. */
async function change(person, row, text, ...request) {
  const answer = await call(...request);
  if (!isGood(answer)) {
    say($('users-note'), wordsOf(answer), 'bad');
    return;
  }
  const isGone = request[0] === 'DELETE' && request[1] === path(person.id);
  if (isGone) {
    row.remove();
    $('users-tab').focus();
  } else {
    await renew(person, row);
  }
  // Last: whoever reads it may go on in the row.
  say($('users-note'), text, 'good');
}

async function renew({ id }, row) {
  const answer = await call('GET', path(id));
  if (!isGood(answer)) return;
  const fresh = makeRow(answer.body);
  row.replaceWith(fresh);
  fresh.querySelector('details').open = true;
  fresh.querySelector('summary').focus();
}

function makeRoles(person, row) {
  const boxes = roleNames.map((name) => {
    const box = make('input', '');
    Object.assign(box, { type: 'checkbox', name, checked: person.roles.includes(name) });
    return make('label', 'switch', box, make('span', '', name));
  });
  const legend = make('legend', '', t('roles'));
  const form = makeForm('small', make('fieldset', 'choice across', legend, ...boxes),
    make('button', '', t('saveRoles')));
  onSubmit(form, () => {
    const roles = roleNames.filter((name) => form.elements.namedItem(name).checked);
    return change(person, row, t('saved'), 'PUT', path(person.id, '/roles'), { roles });
  });
  return form;
}

function makeActions(person, row) {
  const isActive = person.status === 'active';
  const name = nameOf(person);
  const status = makeButton(t(isActive ? 'disable' : 'enable'), '', () => exclusively(() => change(
    person, row, t('saved'), 'PATCH', path(person.id), { status: isActive ? 'disabled' : 'active' })));
  const sessions = makeButton(t('endSessions'), '', () => exclusively(() => change(
    person, row, t('sessionsEnded'), 'DELETE', path(person.id, '/sessions'))));
  const away = makeDangerButton(t('delete'), t('deleteOf', { title: name }), () => change(
    person, row, t('userDeleted'), 'DELETE', path(person.id)));
  return make('div', 'actions small', status, sessions, away);
}

function makeRow(person) {
  const row = make('li', '');
  const isActive = person.status === 'active';
  const full = [person.firstName, person.lastName].filter(Boolean).join(' ');
  const last = person.lastLoginAt ? shortTime.format(new Date(person.lastLoginAt)) : t('never');
  const summary = make('summary', '',
    make('span', 'title', ...breakable(person.email)),
    make('span', 'hint', [person.username, full].filter(Boolean).join(', ')),
    make('span', 'roles', person.roles.join(', ') || t('none')),
    make('span', `badge ${isActive ? 'good' : 'bad'}`, t(`status.${person.status}`)),
    make('span', 'hint', t('lastLogin', { time: last })));
  const inside = make('div', 'stack');
  if (person.id === self?.id) inside.append(make('p', 'hint', t('thatIsYourself')));
  inside.append(makeRoles(person, row), makeActions(person, row));
  row.append(make('details', 'person', summary, inside));
  return row;
}

function query(cursor) {
  const wishes = new URLSearchParams(filledIn($('users-filter')));
  if (cursor !== null) wishes.set('cursor', cursor);
  return wishes.size > 0 ? `/api/users?${wishes}` : '/api/users';
}

const read = newestOf((cursor) => call('GET', query(cursor)));

async function page(cursor) {
  const answer = await read(cursor);
  if (answer === null) return null;
  if (!isGood(answer)) {
    say($('users-note'), wordsOf(answer), 'bad');
    return null;
  }
  ({ nextCursor } = answer.body);
  $('users-more').hidden = nextCursor === null;
  return answer.body.users;
}

async function loadRoles() {
  const answer = await call('GET', '/api/roles');
  if (isGood(answer)) roleNames = answer.body.roles.map(({ name }) => name);
  const select = $('users-role');
  const chosen = select.value;
  select.replaceChildren(new Option(t('anyRole'), ''), ...roleNames.map((name) => new Option(name, name)));
  select.value = roleNames.includes(chosen) ? chosen : '';
}

async function load() {
  const people = await page(null);
  if (people === null) return;
  // What a row shows hangs on these three; with another of them it is another row.
  const shown = people.map((person) => ({ person, roleNames, self: self?.id }));
  showRows($('users-list'), shown, ({ person }) => makeRow(person));
  $('users-none').hidden = people.length > 0;
}

async function loadMore() {
  const people = await page(nextCursor);
  if (people === null || people.length === 0) return;
  const rows = people.map(makeRow);
  $('users-list').append(...rows);
  rows[0].querySelector('summary').focus();
}

async function create() {
  const form = $('user-new');
  clearForm(form, $('users-note'));
  const { role, ...body } = filledIn(form);
  const answer = await call('POST', '/api/users', body);
  if (!isGood(answer)) {
    showProblem(form, $('users-note'), answer);
    return;
  }
  form.reset();
  await load();
  say($('users-note'), t('userMade', { name: answer.body.email }), 'good');
}

function makeFilter() {
  const form = makeForm('filter',
    makeField('users-search', 'search', t('search'), { type: 'search' }),
    makeSelect('users-role', 'role', t('role'), [['', t('anyRole')]]),
    makeSelect('users-status', 'status', t('status'),
      [['', t('anyStatus')], ['active', t('status.active')], ['disabled', t('status.disabled')]]),
    make('button', 'main', t('show')));
  form.id = 'users-filter';
  onSubmit(form, () => {
    say($('users-note'), '');
    return load();
  });
  return form;
}

function makeNew() {
  const form = makeForm('filter',
    makeField('user-new-email', 'email', t('email'), { type: 'email', spellcheck: false }),
    makeField('user-new-username', 'username', t('username'), { spellcheck: false }),
    makeField('user-new-password', 'password', t('password'), { type: 'password', autocomplete: 'new-password' }),
    make('button', 'main', t('make')));
  form.id = 'user-new';
  onSubmit(form, create);
  return make('details', '', make('summary', '', t('newUser')), form);
}

export function prepareUsers(panel, tab) {
  const list = make('ul', 'rows people');
  list.id = 'users-list';
  const none = make('p', 'hint', t('usersNone'));
  none.id = 'users-none';
  none.hidden = true;
  const more = makeButton(t('more'), '', () => exclusively(loadMore));
  more.id = 'users-more';
  more.hidden = true;
  panel.append(makeFilter(), makeNote('users-note'), none, list, more, makeNew());
  loadWithTab(tab, async () => {
    await loadRoles();
    await load();
  });
}
