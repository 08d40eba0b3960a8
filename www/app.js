/*
 * The demo page: registers, logs in, shows the access token, calls a protected
 * address, refreshes and logs out.  Tokens live in this module's memory alone,
 * where no other page, tab or later visitor finds them.
 */

const PATIENCE_MS = 15000;
const ANNOUNCED_MS = 3000;
const LOG_ROWS = 50;
const REASONS = { 200: 'OK', 201: 'Created', 204: 'No Content' };

const CLAIMS = {
  alg: 'Algorithm',
  kid: 'Signing key',
  typ: 'Type',
  iss: 'Issuer',
  aud: 'Audience',
  sub: 'User id',
  sid: 'Session id',
  ver: 'Version of the user',
  jti: 'Token id',
  iat: 'Issued',
  nbf: 'Valid from',
  exp: 'Valid until',
  client_id: 'Client',
  token_use: 'Use',
  email: 'E-mail',
  roles: 'Roles',
  preferred_username: 'User name',
  phone_number: 'Phone',
  age: 'Age',
};
const TIME_CLAIMS = ['iat', 'nbf', 'exp'];

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const dateAndTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const day = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC',
});

/*
 * The session this tab knows of: { pair, endsAt, isOver }, or null before the
 * first login.  One that is over is kept, to show that its token is dead.
 */
let session = null;

const $ = (id) => document.getElementById(id);

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...children);
  return element;
}

/* An address may go on in the next line after its @. */
const breakable = (text) => text.split(/(?<=@)/)
  .flatMap((part, i) => (i === 0 ? [part] : [document.createElement('wbr'), part]));

/* --- Saying things ------------------------------------------------------- */

/*
 * Notes are seen; the announcer, which is never hidden, is heard.  It is
 * emptied soon, so that nobody comes upon the same words twice.
 */
let silence;
function say(note, text, tone = '') {
  note.textContent = text;
  note.className = `note ${tone}`;
  $('announcer').textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => { $('announcer').textContent = ''; }, ANNOUNCED_MS);
}

/* A problem document (RFC 9457) in plain words. */
function wordsOf({ status, body }) {
  if (status === 0) return 'The server does not answer. Is it running?';
  if (!body?.title) return `The server answered ${status} without an explanation.`;
  return `${body.title}. ${body.detail ?? ''}`;
}

/* --- One exchange with the server ---------------------------------------- */

async function readJson(response) {
  const isJson = /\bjson\b/.test(response.headers.get('Content-Type') ?? '');
  return isJson ? response.json() : null;
}

/* Never throws: status 0 stands for no answer. */
async function exchange(method, path, { token, body } = {}) {
  const headers = { Accept: 'application/json' };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers['Content-Type'] = 'application/json';
  const began = performance.now();
  let answer;
  try {
    const response = await fetch(path, {
      method,
      headers,
      body: body && JSON.stringify(body),
      cache: 'no-store',
      credentials: 'omit',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    answer = { status: response.status, body: await readJson(response) };
  } catch {
    answer = { status: 0, body: null };
  }
  listExchange(method, path, answer, Math.round(performance.now() - began));
  return answer;
}

function toneOf(status) {
  if (status === 0 || status >= 500) return 'bad';
  return status >= 400 ? 'warn' : 'good';
}

function listExchange(method, path, { status, body }, ms) {
  const reason = body?.code ?? REASONS[status] ?? '';
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

/* Requests one after the other: an answer never meets another state. */
async function exclusively(action) {
  const main = document.querySelector('main');
  if (main.getAttribute('aria-busy') === 'true') return;
  main.setAttribute('aria-busy', 'true');
  try {
    await action();
  } finally {
    main.setAttribute('aria-busy', 'false');
  }
}

/* --- Forms --------------------------------------------------------------- */

function clearFieldError(input) {
  $(`${input.id}-error`)?.remove();
  input.removeAttribute('aria-invalid');
  const hint = $(`${input.id}-hint`);
  if (hint) input.setAttribute('aria-describedby', hint.id);
  else input.removeAttribute('aria-describedby');
}

function showFieldError(input, message) {
  clearFieldError(input);
  const error = make('p', 'error', message);
  error.id = `${input.id}-error`;
  input.after(error);
  input.setAttribute('aria-invalid', 'true');
  const hint = input.getAttribute('aria-describedby');
  input.setAttribute('aria-describedby', hint ? `${error.id} ${hint}` : error.id);
  const details = input.closest('details');
  if (details) details.open = true;
}

/* Each error beside its field, if the form has the field. */
function showProblem(form, note, answer, inputOf) {
  const errors = answer.body?.errors ?? [];
  const homeless = [];
  for (const { field, message } of errors) {
    const input = form.elements.namedItem(inputOf(field));
    if (input) showFieldError(input, message);
    else homeless.push(`${field}: ${message}.`);
  }
  const first = form.querySelector('[aria-invalid]');
  if (!first) {
    say(note, errors.length > 0 ? homeless.join(' ') : wordsOf(answer), 'bad');
    return;
  }
  say(note, ['Please look at what is marked.', ...homeless].join(' '), 'bad');
  first.focus();
}

function clearForm(form, note) {
  for (const input of form.querySelectorAll('[aria-invalid]')) clearFieldError(input);
  say(note, '');
}

/* What was filled in, without the empty fields. */
const filledIn = (form) => Object.fromEntries([...new FormData(form)].filter(([, value]) => value));

function selectTab(tab) {
  for (const other of document.querySelectorAll('[role=tab]')) {
    const isSelected = other === tab;
    other.setAttribute('aria-selected', String(isSelected));
    other.tabIndex = isSelected ? 0 : -1;
    $(other.getAttribute('aria-controls')).hidden = !isSelected;
  }
}

function onTabKey(event) {
  const tabs = [...document.querySelectorAll('[role=tab]')];
  const at = tabs.indexOf(event.target);
  const next = {
    ArrowRight: (at + 1) % tabs.length,
    ArrowLeft: (at + tabs.length - 1) % tabs.length,
    Home: 0,
    End: tabs.length - 1,
  }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  selectTab(tabs[next]);
  tabs[next].focus();
}

/* --- The token ----------------------------------------------------------- */

function decodePart(part) {
  const bytes = atob(part.replaceAll('-', '+').replaceAll('_', '/'));
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0))));
}

function valueOf(name, value) {
  if (TIME_CLAIMS.includes(name)) return `${dateAndTime.format(value * 1000)} (${value})`;
  if (Array.isArray(value)) return value.join(', ') || 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function listClaims(list, claims) {
  list.replaceChildren(...Object.entries(claims).map(([name, value]) => make('div', '',
    make('dt', '', CLAIMS[name] ?? '', ' ', make('code', '', name)),
    make('dd', '', valueOf(name, value)))));
}

function showToken(token) {
  const parts = token.split('.');
  listClaims($('token-header'), decodePart(parts[0]));
  listClaims($('token-payload'), decodePart(parts[1]));
  $('token-raw').replaceChildren(
    make('span', 'part-1', parts[0]), '.',
    make('span', 'part-2', parts[1]), '.',
    make('span', 'part-3', parts[2]));
  $('token').hidden = false;
  $('token-none').hidden = true;
}

function duration(seconds) {
  const parts = [[Math.floor(seconds / 3600), 'h'], [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's']];
  const first = parts.findIndex(([count]) => count > 0);
  return parts.slice(first < 0 ? 2 : first).map(([count, unit]) => `${count} ${unit}`).join(' ');
}

function showBadge(text, tone) {
  $('token-state').textContent = text;
  $('token-state').className = `badge ${tone}`;
  $('token-state').hidden = false;
}

/* How much life the token has left; runs every second. */
function showLife() {
  if (session === null) return;
  const left = Math.max(0, Math.ceil((session.endsAt - Date.now()) / 1000));
  const end = clock.format(session.endsAt);
  if (session.isOver) {
    showBadge('Dead', 'bad');
    $('token-left').textContent = 'Dead, because its session has ended.';
    $('token-end').textContent = `Its own time would have lasted until ${end}.`;
  } else if (left > 0) {
    showBadge('Live', 'good');
    $('token-left').textContent = `Expires in ${duration(left)},`;
    $('token-end').textContent = `at ${end}.`;
  } else {
    showBadge('Expired', 'warn');
    $('token-left').textContent = 'Expired.';
    $('token-end').textContent = 'Refresh, and a new one takes its place.';
  }
  $('token-key').classList.toggle('worn', session.isOver || left === 0);
  $('token-life').max = session.pair.expiresIn;
  $('token-life').value = session.isOver ? 0 : left;
}

/* --- The session --------------------------------------------------------- */

const isLoggedIn = () => session !== null && !session.isOver;

function showSession() {
  const { pair } = session;
  const isOpen = isLoggedIn();
  $('guest').hidden = isOpen;
  $('session').hidden = !isOpen;
  $('session-user').replaceChildren(...breakable(pair.user.username
    ? `${pair.user.username}, ${pair.user.email}` : pair.user.email));
  $('session-roles').textContent = pair.user.roles.join(', ') || 'none';
  $('session-id').textContent = pair.sessionId;
  /* The end of it, since that is what a refresh changes. */
  $('session-refresh').textContent = isOpen ? `lkr_…${pair.refreshToken.slice(-8)}` : '';
  $('session-until').textContent =
    `until ${dateAndTime.format(new Date(pair.refreshTokenExpirationTime))}`;
  $('weather-hint').textContent = isOpen
    ? 'A sample of a protected address: it answers whoever has a live access token. Yours goes along.'
    : 'A sample of a protected address. The token of the session that ended goes along.';
  $('weather').classList.toggle('main', isOpen);
  showLife();
}

function takePair(pair) {
  session = { pair, endsAt: Date.now() + pair.expiresIn * 1000, isOver: false };
  showToken(pair.accessToken);
  showSession();
}

/* Back to the form, with the reason. */
function endSession(text, tone) {
  session.isOver = true;
  session.pair.refreshToken = null;
  $('weather-days').hidden = true;
  $('weather-days').replaceChildren();
  say($('weather-note'), '');
  showSession();
  selectTab($('login-tab'));
  say($('login-note'), text, tone);
  $('account-title').focus();
}

/* --- What the buttons do ------------------------------------------------- */

async function register() {
  const form = $('register');
  const note = $('register-note');
  clearForm(form, note);
  const body = filledIn(form);
  /* Anything but digits is sent as it is, for the server to judge. */
  if (/^\d{1,9}$/.test(body.age)) body.age = Number(body.age);
  const answer = await exchange('POST', '/api/auth/register', { body });
  if (answer.status !== 201) {
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
  const { name, password } = filledIn(form);
  const body = name?.includes('@') ? { email: name, password } : { username: name, password };
  const answer = await exchange('POST', '/api/auth/login', { body });
  if (answer.status !== 200) {
    showProblem(form, note, answer, (field) => (field === 'password' ? field : 'name'));
    return;
  }
  form.reset();
  say($('weather-note'), '');
  takePair(answer.body);
  say($('session-note'), 'Logged in: you have a session and two tokens.', 'good');
  $('session-title').focus();
}

/* The access token goes along, which proves that both are of one session. */
async function refresh() {
  const { accessToken, refreshToken } = session.pair;
  const answer = await exchange('POST', '/api/auth/refresh', {
    token: accessToken, body: { refreshToken },
  });
  if (answer.status === 200) {
    takePair(answer.body);
    say($('session-note'), 'Refreshed: both tokens are new.', 'good');
  } else if (answer.status === 401) {
    endSession(wordsOf(answer), 'bad');
  } else {
    say($('session-note'), wordsOf(answer), 'bad');
  }
}

async function logOut() {
  const answer = await exchange('POST', '/api/auth/logout', { token: session.pair.accessToken });
  if (answer.status === 204)
    endSession('Logged out. The access token died with the session: try the weather.', 'good');
  else if (answer.status === 401)
    endSession(wordsOf(answer), 'bad');
  else
    say($('session-note'), wordsOf(answer), 'bad');
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

async function callWeather() {
  const answer = await exchange('GET', '/api/weather', { token: session?.pair.accessToken });
  const isGood = answer.status === 200;
  if (isGood) showDays(answer.body);
  else $('weather-days').hidden = true;
  say($('weather-note'), isGood ? 'Let in: the next five days.' : wordsOf(answer), isGood ? 'good' : 'bad');
}

/* ------------------------------------------------------------------------- */

function onSubmit(form, action) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    exclusively(action);
  });
  form.addEventListener('input', (event) => clearFieldError(event.target));
}

onSubmit($('login'), logIn);
onSubmit($('register'), register);
$('refresh').addEventListener('click', () => exclusively(refresh));
$('logout').addEventListener('click', () => exclusively(logOut));
$('weather').addEventListener('click', () => exclusively(callWeather));
for (const tab of document.querySelectorAll('[role=tab]')) {
  tab.addEventListener('click', () => selectTab(tab));
  tab.addEventListener('keydown', onTabKey);
}
setInterval(showLife, 1000);
