/* The roles there are, for administrators. */

import { call, isGood } from './auth.js';
import { $, make, say, wordsOf } from './dom.js';
import { makeDangerButton, makeField, makeForm, makeNote } from './fields.js';
import { clearForm, filledIn, onSubmit, showProblem } from './forms.js';
import { t } from './i18n.js';
import { newestOf, showRows } from './lists.js';
import { loadWithTab } from './session.js';

const read = newestOf(() => call('GET', '/api/roles'));

async function remove(name) {
  const answer = await call('DELETE', `/api/roles/${encodeURIComponent(name)}`);
  if (!isGood(answer)) {
    say($('roles-note'), wordsOf(answer), 'bad');
    return;
  }
  await load();
  say($('roles-note'), t('roleDeleted', { name }), 'good');
  $('roles-tab').focus();
}

function makeRow({ name, description }) {
  const about = make('div', 'about', make('p', 'title', name));
  if (description) about.append(make('p', 'hint', description));
  const away = makeDangerButton(t('delete'), t('deleteOf', { title: name }), () => remove(name));
  return make('li', '', about, away);
}

async function load() {
  const answer = await read();
  if (answer === null) return;
  if (isGood(answer)) showRows($('roles-list'), answer.body.roles, makeRow);
  else say($('roles-note'), wordsOf(answer), 'bad');
}

async function create() {
  const form = $('role-new');
  clearForm(form, $('roles-note'));
  const answer = await call('POST', '/api/roles', { name: '', ...filledIn(form) });
  if (!isGood(answer)) {
    showProblem(form, $('roles-note'), answer);
    return;
  }
  form.reset();
  await load();
  say($('roles-note'), t('roleMade', { name: answer.body.name }), 'good');
}

export function prepareRoles(panel, tab) {
  panel.hidden = true;
  const form = makeForm('filter',
    makeField('role-new-name', 'name', t('name'), { autocapitalize: 'characters', spellcheck: false }),
    makeField('role-new-description', 'description', t('description')),
    make('button', 'main', t('add')));
  form.id = 'role-new';
  onSubmit(form, create);
  const list = make('ul', 'rows');
  list.id = 'roles-list';
  panel.append(form, makeNote('roles-note'), list);
  loadWithTab(tab, () => {
    say($('roles-note'), '');
    return load();
  });
}
