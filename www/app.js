/*
 * The demo page: registers, logs in, shows the access token, calls a protected
 * address, refreshes and logs out, all by latchkey.js, which an application
 * would use in the same way.
 */

import {
  $, breakable, dateAndTime, exclusively, make, prepareTabs, say, selectTab, wordsOf,
} from './dom.js';
import { clearForm, filledIn, onSubmit, showProblem } from './forms.js';
import { Latchkey, LatchkeyError } from './latchkey.js';
import { listedFetch } from './requests.js';
import { showLife, showToken } from './token.js';

/* What is said of each mode. */
const WORDS = {
  token: {
    refreshToken: 'in IndexedDB, for all tabs of this page',
    hint: 'The access token is in this page\'s memory, the refresh token in IndexedDB. '
      + 'Reload the page or open it twice: the session goes on.',
    weather: 'Yours goes along.',
  },
  cookie: {
    refreshToken: 'in an HttpOnly cookie',
    hint: 'No script can read the cookies. Reload the page or open it twice: the session goes on.',
    weather: 'The cookie goes along.',
  },
};

const day = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC',
});

const modes = {
  token: new Latchkey({ mode: 'token', fetch: listedFetch }),
  cookie: new Latchkey({ mode: 'cookie', fetch: listedFetch }),
};
/* The one that is in use. */
let auth = modes.token;
/*
 * The access token that is shown: { token, life, end, isOver }, or null.  One
 * whose session is over is kept, to show that it is dead.
 */
let shown = null;

/* Never throws: { status, body }, where status 0 stands for no answer. */
async function outcome(promise) {
  try {
    return { status: 200, body: await promise };
  } catch (error) {
    return error instanceof LatchkeyError ? error : { status: 0, body: null };
  }
}

function tick() {
  if (shown) showLife({ ...shown, left: auth.secondsLeft });
}

function showSession() {
  const { user } = auth;
  const words = WORDS[auth.mode];
  $('guest').hidden = true;
  $('session').hidden = false;
  $('session-user').replaceChildren(...breakable(user.username ? `${user.username}, ${user.email}` : user.email));
  $('session-roles').textContent = user.roles.join(', ') || 'none';
  $('session-id').textContent = auth.sessionId;
  $('session-refresh').textContent = words.refreshToken;
  $('session-until').textContent = `until ${dateAndTime.format(auth.sessionExpiresAt)}`;
  $('session-hint').textContent = words.hint;
  $('weather-hint').textContent =
    `A sample of a protected address: it answers whoever has a live access token. ${words.weather}`;
  $('weather').classList.add('main');
  shown = {
    token: auth.accessToken,
    life: auth.lifeS,
    end: Date.now() + auth.secondsLeft * 1000,
    isOver: false,
  };
  showToken(shown.token);
  tick();
}

/* Back to the form, with the reason: a problem document. */
function showGuest(reason) {
  const isFocused = $('session').contains(document.activeElement);
  shown.isOver = true;
  tick();
  $('guest').hidden = false;
  $('session').hidden = true;
  $('weather-days').hidden = true;
  $('weather-days').replaceChildren();
  $('weather').classList.remove('main');
  $('weather-hint').textContent = shown.token
    ? 'A sample of a protected address. The token of the session that ended goes along.'
    : 'A sample of a protected address. No token goes along any more.';
  say($('weather-note'), '');
  selectTab($('login-tab'));
  if (reason.code === 'logged_out') {
    say($('login-note'), 'Logged out. The access token died with the session: try the weather.', 'good');
  } else {
    say($('login-note'), wordsOf({ body: reason }), 'bad');
  }
  if (isFocused) $('account-title').focus();
}

/* Also when another tab logged in, refreshed, or logged out. */
function onChange(changed, { reason }) {
  if (changed.isLoggedIn) {
    auth = changed;
    showSession();
  } else if (changed === auth) {
    showGuest(reason);
  }
}

async function register() {
  const form = $('register');
  const note = $('register-note');
  clearForm(form, note);
  const body = filledIn(form);
  /* Anything but digits is sent as it is, for the server to judge. */
  if (/^\d{1,9}$/.test(body.age)) body.age = Number(body.age);
  const answer = await outcome(auth.register(body));
  if (answer.status !== 200) {
    showProblem(form, note, answer, (field) => field);
    return;
  }
  $('login-name').value = body.email;
  $('login-password').value = body.password;
  form.reset();
  selectTab($('login-tab'));
  clearForm($('login'), $('login-note'));
  say($('login-note'), 'Your account is made. Now log in with it.', 'good');
  $('login').querySelector('button').focus();
}

async function logIn() {
  const form = $('login');
  const note = $('login-note');
  clearForm(form, note);
  const { mode, name, password } = filledIn(form);
  const credentials = name?.includes('@') ? { email: name, password } : { username: name, password };
  const answer = await outcome(modes[mode].login(credentials));
  if (answer.status !== 200) {
    showProblem(form, note, answer, (field) => (field === 'password' ? field : 'name'));
    return;
  }
  form.reset();
  say($('weather-note'), '');
  say($('session-note'), 'Logged in: you have a session and two tokens.', 'good');
  $('session-title').focus();
}

async function refresh() {
  const answer = await outcome(auth.refresh());
  if (answer.status === 200) say($('session-note'), 'Refreshed: both tokens are new.', 'good');
  else if (auth.isLoggedIn) say($('session-note'), wordsOf(answer), 'bad');
}

async function logOut() {
  const answer = await outcome(auth.logout());
  if (auth.isLoggedIn) say($('session-note'), wordsOf(answer), 'bad');
}

const degrees = (number, unit) => `${String(number).replace('-', '−')} °${unit}`;

function showDays(days) {
  $('weather-days').replaceChildren(...days.map(({ date, summary, temperatureC, temperatureF }) =>
    make('li', '',
      make('span', 'day', day.format(new Date(date))), ' ',
      make('span', 'sky', summary), ' ',
      make('span', 'warm', degrees(temperatureC, 'C')), ' ',
      make('span', 'warm soft', degrees(temperatureF, 'F')))));
  $('weather-days').hidden = false;
}

/* A dead token goes along on purpose, to be refused. */
function fetchWeather() {
  if (auth.isLoggedIn || !shown?.token) return auth.fetch('/api/weather');
  return listedFetch('/api/weather', { headers: { Authorization: `Bearer ${shown.token}` }, credentials: 'omit' });
}

async function getWeather() {
  const response = await fetchWeather();
  const answer = { status: response.status, body: await response.json() };
  if (answer.status !== 200) throw new LatchkeyError(answer);
  return answer.body;
}

async function callWeather() {
  const answer = await outcome(getWeather());
  const isGood = answer.status === 200;
  if (isGood) showDays(answer.body);
  else $('weather-days').hidden = true;
  say($('weather-note'), isGood ? 'Let in: the next five days.' : wordsOf(answer), isGood ? 'good' : 'bad');
}

/* A session from before this page was loaded. */
async function resume() {
  for (const mode of Object.values(modes)) {
    const answer = await outcome(mode.resume());
    if (answer.status !== 200) say($('login-note'), wordsOf(answer), 'bad');
    if (mode.isLoggedIn) return;
  }
}

for (const mode of Object.values(modes)) {
  mode.addEventListener('change', ({ detail }) => onChange(mode, detail));
}
onSubmit($('login'), logIn);
onSubmit($('register'), register);
$('refresh').addEventListener('click', () => exclusively(refresh));
$('logout').addEventListener('click', () => exclusively(logOut));
$('weather').addEventListener('click', () => exclusively(callWeather));
prepareTabs();
setInterval(tick, 1000);
exclusively(resume);
