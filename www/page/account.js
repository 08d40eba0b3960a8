/* The password, the profile, and the account's end. */

import { auth, call, isGood, news, outcome, session, setUser, tellTabs, user } from './auth.js';
import { $, say } from './dom.js';
import { clearForm, filledIn, numberIn, onSubmit, showProblem } from './forms.js';
import { t } from './i18n.js';

const MEMBERS = ['username', 'firstName', 'lastName', 'phoneNumber', 'age'];

async function changePassword() {
  const form = $('change');
  const note = $('change-note');
  clearForm(form, note);
  const { username, ...passwords } = filledIn(form);
  const answer = await outcome(auth.changePassword(passwords));
  if (!auth.isLoggedIn) return;
  if (!isGood(answer)) {
    showProblem(form, note, wrongPassword(answer, 'currentPassword'));
    return;
  }
  form.reset();
  fillForms();
  say(note, t('passwordChanged'), 'good');
}

/* A wrong password is said beside its field. */
function wrongPassword(answer, field) {
  if (answer.body?.code !== 'invalid_credentials') return answer;
  return { ...answer, status: answer.status, body: { ...answer.body, errors: [{ field, code: 'wrong_password' }] } };
}

/* What has changed; what was emptied is null. */
function changesIn(form) {
  const entries = MEMBERS.map((name) => {
    const text = form.elements.namedItem(name).value.trim();
    return [name, name === 'age' && text ? numberIn(text) : text || null];
  });
  return Object.fromEntries(entries.filter(([name, value]) => value !== user[name]));
}

async function saveProfile() {
  const form = $('profile');
  const note = $('profile-note');
  clearForm(form, note);
  const answer = await call('PATCH', '/api/users/me', changesIn(form));
  if (!auth.isLoggedIn) return;
  if (!isGood(answer)) {
    showProblem(form, note, answer);
    return;
  }
  setUser(answer.body);
  tellTabs('user', answer.body);
  say(note, t('saved'), 'good');
}

async function leave() {
  const form = $('leave');
  const note = $('leave-note');
  clearForm(form, note);
  const { password } = filledIn(form);
  const answer = await call('DELETE', '/api/users/me', { password: password ?? '' });
  if (!auth.isLoggedIn) return;
  if (!isGood(answer)) {
    showProblem(form, note, wrongPassword(answer, 'password'));
    return;
  }
  form.reset();
  /* The session died with the account; this takes it from all tabs. */
  await outcome(auth.logout());
  say($('login-note'), t('account_deleted'), 'good');
}

function fillForms() {
  if (!$('profile').contains(document.activeElement)) {
    for (const name of MEMBERS) $('profile').elements.namedItem(name).value = user[name] ?? '';
  }
  for (const form of ['change', 'leave']) $(form).elements.namedItem('username').value = user.email;
}

function onSession({ detail }) {
  if (detail.isNew) {
    for (const name of ['change', 'leave', 'profile']) {
      $(name).reset();
      clearForm($(name), $(`${name}-note`));
    }
  }
  fillForms();
}

export function prepareAccount() {
  onSubmit($('change'), changePassword);
  onSubmit($('profile'), saveProfile);
  onSubmit($('leave'), leave);
  session.addEventListener('session', onSession);
  news.addEventListener('user', ({ detail }) => { if (user?.id === detail.id) setUser(detail); });
}
