/* One's own tasks: what an access token is for. */

import { auth, call, isGood, news, session, tellTabs } from './auth.js';
import { $, exclusively, isSelected, make, makeButton, onClick, say, wordsOf } from './dom.js';
import { clearForm, filledIn, onSubmit, showProblem } from './forms.js';
import { shortTime, t } from './i18n.js';
import { newestOf } from './lists.js';
import { loadWithTab } from './session.js';

let nextCursor = null;

const path = (id) => `/api/tasks/${id}`;

function complain(answer) {
  if (auth.isLoggedIn) say($('tasks-note'), wordsOf(answer), 'bad');
}

/* In all tabs; what is said meanwhile stays. */
async function changed(text) {
  tellTabs('tasks');
  await load();
  say($('tasks-note'), text, 'good');
}

async function add() {
  const form = $('task-add');
  clearForm(form, $('tasks-note'));
  const { title } = filledIn(form);
  const answer = await call('POST', '/api/tasks', { title: title ?? '' });
  if (!auth.isLoggedIn) return;
  if (!isGood(answer)) {
    showProblem(form, $('tasks-note'), answer);
    return;
  }
  form.reset();
  await changed(t('taskAdded'));
  $('task-title').focus();
}

async function tick(task, box) {
  const answer = await call('PATCH', path(task.id), { done: box.checked });
  if (!isGood(answer)) {
    box.checked = !box.checked;
    complain(answer);
    return;
  }
  Object.assign(task, answer.body);
  say($('tasks-note'), '');
  tellTabs('tasks');
}

async function remove(task) {
  const answer = await call('DELETE', path(task.id));
  if (!isGood(answer)) {
    complain(answer);
    return;
  }
  await changed(t('taskDeleted'));
  $('task-title').focus();
}

/* Local time in the form, UTC on the wire. */
const localOf = (due) => {
  if (!due) return '';
  const date = new Date(due);
  return new Date(date - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};
const utcOf = (local) => (local ? new Date(local).toISOString().replace('.000', '') : null);

function makeField(task, name, label, control) {
  control.id = `task-${task.id}-${name}`;
  control.name = name;
  const caption = make('label', '', label);
  caption.htmlFor = control.id;
  return make('div', 'field', caption, control);
}

async function save(task, form, row) {
  const note = $('tasks-note');
  clearForm(form, note);
  const { title, notes, due } = Object.fromEntries(new FormData(form));
  const answer = await call('PATCH', path(task.id), { title, notes: notes || null, due: utcOf(due) });
  if (!auth.isLoggedIn) return;
  if (!isGood(answer)) {
    showProblem(form, note, answer);
    return;
  }
  tellTabs('tasks');
  say(note, t('saved'), 'good');
  closeEditor(answer.body, row);
}

function closeEditor(task, row) {
  const shown = makeRow(task);
  row.replaceWith(shown);
  shown.querySelector('button').focus();
}

function edit(task, row) {
  const title = make('input', '');
  title.value = task.title;
  const notes = make('textarea', '');
  notes.value = task.notes ?? '';
  notes.rows = 2;
  const due = make('input', '');
  due.type = 'datetime-local';
  due.value = localOf(task.due);
  const form = make('form', 'editor',
    makeField(task, 'title', t('taskTitle'), title),
    makeField(task, 'notes', t('taskNotes'), notes),
    makeField(task, 'due', t('taskDue'), due),
    make('div', 'actions small', make('button', 'main', t('save')),
      makeButton(t('cancel'), '', () => closeEditor(task, row))));
  form.method = 'post';
  form.noValidate = true;
  onSubmit(form, () => save(task, form, row));
  row.replaceChildren(form);
  title.focus();
}

function makeRow(task) {
  const box = make('input', '');
  box.type = 'checkbox';
  box.checked = task.done;
  box.addEventListener('change', () => exclusively(() => tick(task, box)));
  const name = make('span', 'title', task.title);
  const about = [task.notes, task.due && t('dueAt', { time: shortTime.format(new Date(task.due)) })].filter(Boolean);
  const row = make('li', '');
  const change = makeButton(t('edit'), '', () => edit(task, row));
  change.setAttribute('aria-label', t('editOf', { title: task.title }));
  const away = makeButton(t('delete'), '', () => exclusively(() => remove(task)));
  away.setAttribute('aria-label', t('deleteOf', { title: task.title }));
  row.append(
    make('label', 'about task', box, make('span', '', name, ...about.map((text) => make('span', 'hint', text)))),
    make('div', 'actions small', change, away));
  return row;
}

const query = (cursor) => (cursor === null ? '/api/tasks' : `/api/tasks?${new URLSearchParams({ cursor })}`);

const read = newestOf((cursor) => call('GET', query(cursor)));

async function page(cursor) {
  const answer = await read(cursor);
  if (answer === null || !auth.isLoggedIn) return null;
  if (!isGood(answer)) {
    complain(answer);
    return null;
  }
  ({ nextCursor } = answer.body);
  $('tasks-more').hidden = nextCursor === null;
  return answer.body.tasks.map(makeRow);
}

async function load() {
  const rows = await page(null);
  if (rows === null) return;
  $('tasks-list').replaceChildren(...rows);
  $('tasks-none').hidden = rows.length > 0;
}

async function loadMore() {
  const rows = await page(nextCursor);
  if (rows === null || rows.length === 0) return;
  $('tasks-list').append(...rows);
  rows[0].querySelector('input').focus();
}

/* Another tab's change does not tear a form out of one's hands. */
const isEditing = () => $('tasks-list').querySelector('form') !== null;

export function prepareTasks() {
  onSubmit($('task-add'), add);
  onClick('tasks-more', loadMore);
  loadWithTab($('tasks-tab'), () => {
    say($('tasks-note'), '');
    return load();
  });
  news.addEventListener('tasks', () => {
    if (auth.isLoggedIn && isSelected($('tasks-tab')) && !isEditing()) load();
  });
  session.addEventListener('guest', () => $('tasks-list').replaceChildren());
}
