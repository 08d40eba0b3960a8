/*
 * Where the gate sends a browser whose access cookie is missing or over: renew
 * it and go back, or go on to the login.  A web server may also send this page
 * in the place of the one that was asked for.
 */
import { ownPath } from './own-path.js';

const KEY = 'latchkey gate';
/* The same page may send us here so often within so long: no circles. */
const MOST_MOVES = 2;
const WINDOW_MS = 60_000;
const PATIENCE_MS = 10_000;
const LOST_PAUSE_MS = 500;

const isInPlace = location.pathname !== new URL('return.html', import.meta.url).pathname;
const path = ownPath(isInPlace ? location.pathname + location.search :
  new URLSearchParams(location.search).get('to'));
const to = path + location.hash;
const element = (id) => document.getElementById(id);

function say(text, login) {
  element('title').textContent = 'Not open';
  element('note').textContent = text;
  element('again').href = to;
  element('links').hidden = false;
  if (!login) return;
  element('login').href = login;
  element('login').hidden = false;
}

/* Whether this tab may move by itself once more. */
function mayMove() {
  try {
    const known = JSON.parse(sessionStorage.getItem(KEY)) ?? {};
    const recent = known.to !== to ? [] : known.moves.filter((at) => at > Date.now() - WINDOW_MS);
    sessionStorage.setItem(KEY, JSON.stringify({ to, moves: [...recent, Date.now()] }));
    return recent.length < MOST_MOVES;
  } catch {
    return false;
  }
}

const ask = (path, init) => fetch(path, {
  cache: 'no-store', credentials: 'same-origin', signal: AbortSignal.timeout(PATIENCE_MS), ...init,
});

const askToRenew = () => ask('/api/auth/refresh', {
  method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}',
});

/* The lock is that of latchkey.js; a lost answer can be asked for again. */
function renew() {
  return navigator.locks.request(`latchkey cookie ${location.origin}`, async () => {
    try {
      const answer = await askToRenew();
      if (answer.status < 500) return answer;
    } catch {
      /* Whether it was carried out, nobody knows. */
    }
    await new Promise((resolve) => { setTimeout(resolve, LOST_PAUSE_MS); });
    return askToRenew();
  });
}

/* The login's address with the way back, where it is one we go to. */
function loginAddress(answer) {
  const named = answer.headers.get('X-Auth-Login');
  if (!named) return null;
  const url = new URL(named, location.origin);
  const isOwn = url.origin === location.origin;
  if (!isOwn && url.protocol !== 'https:') return null;
  url.searchParams.set('to', isOwn ? path : location.origin + path);
  if (isOwn) url.hash = location.hash;
  return url.href;
}

/* In place, a fragment would make the browser scroll and not ask again. */
function goBack() {
  if (isInPlace) history.replaceState(null, '', path);
  location.replace(isInPlace ? path : to);
}

async function go() {
  const verified = await ask('/auth/verify');
  const login = loginAddress(verified);
  const isMoving = mayMove();
  /* Another tab may have renewed it meanwhile. */
  const answer = verified.status === 401 ? await renew() : verified;
  if (answer.status >= 500) {
    say('The service does not answer at the moment.');
  } else if (!isMoving) {
    say('The page still does not open for you.', login);
  } else if (answer.ok) {
    goBack();
  } else if (login) {
    location.replace(login);
  } else {
    say('You have to log in first.');
  }
}

go().catch(() => say('The service does not answer at the moment.'));
