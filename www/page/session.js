/* Registering, logging in, the session, and logging out. */

import { auth, call, isGood, modes, outcome, resume, session, setUser, user } from './auth.js';
import { $, breakable, isSelected, onClick, say, selectTab, wordsOf } from './dom.js';
import { clearForm, filledIn, numberIn, onSubmit, showProblem } from './forms.js';
import { dateAndTime, t } from './i18n.js';
import { paint } from './json.js';

function showFacts() {
  $('session-user').replaceChildren(...breakable(user.username ? `${user.username}, ${user.email}` : user.email));
  $('session-roles').textContent = user.roles.join(', ') || t('none');
  $('session-id').textContent = auth.sessionId;
  $('session-mode').textContent = t(`badge.${auth.mode}`);
  $('session-until').textContent = t('untilUnless', { time: dateAndTime.format(auth.sessionExpiresAt) });
}

function showSession({ isNew }) {
  const isFocused = $('guest').contains(document.activeElement);
  $('guest').hidden = true;
  $('session').hidden = false;
  showFacts();
  if (isNew) {
    selectTab($('now-tab'));
    say($('session-note'), '');
    $('whoami-answer').hidden = true;
  }
  if (isFocused) $('session-title').focus();
}

/* Back to the form, with the reason: a problem document. */
function showGuest({ reason }) {
  const isFocused = $('session').contains(document.activeElement);
  $('guest').hidden = false;
  $('session').hidden = true;
  selectTab($('login-tab'));
  const isWished = ['logged_out', 'account_deleted'].includes(reason.code);
  say($('login-note'), isWished ? t(reason.code) : wordsOf({ body: reason }), isWished ? 'good' : 'bad');
  if (isFocused) $('account-title').focus();
}

async function register() {
  const form = $('register');
  const note = $('register-note');
  clearForm(form, note);
  const body = filledIn(form);
  if (body.age) body.age = numberIn(body.age);
  const answer = await outcome(auth.register(body));
  if (!isGood(answer)) {
    showProblem(form, note, answer);
    return;
  }
  $('login-name').value = body.email;
  $('login-password').value = body.password;
  form.reset();
  selectTab($('login-tab'));
  clearForm($('login'), $('login-note'));
  say($('login-note'), t('registered'), 'good');
  $('login').querySelector('button').focus();
}

async function logIn() {
  const form = $('login');
  const note = $('login-note');
  clearForm(form, note);
  const { mode, name, password } = filledIn(form);
  const credentials = name?.includes('@') ? { email: name, password } : { username: name, password };
  const answer = await outcome(modes[mode].login(credentials));
  if (!isGood(answer)) {
    showProblem(form, note, answer, (field) => (field === 'password' ? field : 'name'));
    return;
  }
  form.reset();
  say($('session-note'), t('loggedIn'), 'good');
  $('session-title').focus();
}

async function refresh() {
  const answer = await outcome(auth.refresh());
  if (isGood(answer)) say($('session-note'), t('refreshed'), 'good');
  else if (auth.isLoggedIn) say($('session-note'), wordsOf(answer), 'bad');
}

async function whoAmI() {
  const answer = await call('GET', '/api/users/me');
  if (!auth.isLoggedIn) return;
  if (!isGood(answer)) {
    say($('session-note'), wordsOf(answer), 'bad');
    return;
  }
  setUser(answer.body);
  paint($('whoami-answer'), answer.body);
  $('whoami-answer').hidden = false;
  say($('session-note'), t('thatIsYou'), 'good');
}

async function logOut(scope) {
  const answer = await outcome(auth.logout(scope));
  if (!auth.isLoggedIn) return;
  if (isGood(answer)) say($('session-note'), t('othersOut'), 'good');
  else say($('session-note'), wordsOf(answer), 'bad');
}

/* With a session from before, if there is one. */
export async function goOn() {
  const answer = await resume();
  if (!isGood(answer)) say($('login-note'), wordsOf(answer), 'bad');
}

export function prepareSession() {
  session.addEventListener('session', ({ detail }) => showSession(detail));
  session.addEventListener('guest', ({ detail }) => showGuest(detail));
  onSubmit($('login'), logIn);
  onSubmit($('register'), register);
  onClick('refresh', refresh);
  onClick('whoami', whoAmI);
  onClick('logout', () => logOut('local'));
  onClick('logout-others', () => logOut('others'));
  onClick('logout-global', () => logOut('global'));
}

/* Load a tab's panel when it is opened, and anew for another session. */
export function loadWithTab(tab, load) {
  tab.addEventListener('select', () => { if (isSelected(tab) && auth.isLoggedIn) load(); });
}
