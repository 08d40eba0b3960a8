/*
 * The page's session, in the mode that was chosen at login, and the calls it
 * makes.  Fires "session" when somebody is logged in, in whatever tab, and
 * when tokens or user are new (detail.isNew: somebody who was not), and
 * "guest" when the session is over (detail.reason: a problem document).
 * Whoever takes time to show it gives detail.waitUntil() a promise.
 */

import { Latchkey, LatchkeyError } from '../latchkey.js';
import { recordedFetch } from './wire.js';

export const modes = {
  token: new Latchkey({ mode: 'token', fetch: recordedFetch }),
  cookie: new Latchkey({ mode: 'cookie', fetch: recordedFetch }),
};
/* The one that is in use. */
export let auth = modes.token;
/* As the server last told it; null: nobody is logged in. */
export let user = null;
export const session = new EventTarget();

/* Settled once the page shows what it was told last. */
let whenShown = Promise.resolve();

function tell(name, detail) {
  const waits = [];
  const waitUntil = (promise) => waits.push(promise);
  session.dispatchEvent(new CustomEvent(name, { detail: { ...detail, waitUntil } }));
  whenShown = Promise.allSettled(waits);
}

/* A change in another tab, or of one's own profile. */
export function setUser(changed) {
  user = changed;
  tell('session', { isNew: false });
}

function onChange(changed, { reason }) {
  if (changed.isLoggedIn) {
    auth = changed;
    const isNew = auth.user.id !== user?.id;
    ({ user } = auth);
    tell('session', { isNew });
  } else if (changed === auth) {
    user = null;
    tell('guest', { reason });
  }
}

/*
 * Once the page shows it.  Never throws: { status, body }, where status 0
 * stands for no answer.
 */
export async function outcome(promise) {
  try {
    const body = await promise;
    await whenShown;
    return { status: 200, body };
  } catch (error) {
    return error instanceof LatchkeyError ? error : { status: 0, body: null };
  }
}

export const isGood = ({ status }) => status >= 200 && status < 300;

async function answerOf(response) {
  const body = await response.json().catch(() => null);
  return { status: response.status, body };
}

/* A call with the session's credentials.  Never throws either. */
export async function call(method, path, json) {
  const init = json === undefined ? { method }
    : { method, body: JSON.stringify(json), headers: { 'Content-Type': 'application/json' } };
  try {
    return await answerOf(await auth.fetch(path, init));
  } catch (error) {
    return error instanceof LatchkeyError ? error : { status: 0, body: null };
  }
}

/* A call with the token given, or none, that touches no session of the page. */
export async function callWith(token, method, path, json, by = 'attack') {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  if (json !== undefined) headers['Content-Type'] = 'application/json';
  try {
    return await answerOf(await recordedFetch(path, {
      method, headers, body: json && JSON.stringify(json), credentials: 'omit', cache: 'no-store', by,
    }));
  } catch {
    return { status: 0, body: null };
  }
}

/* Tabs tell each other what lists are no longer true: "tasks", say. */
const channel = new BroadcastChannel('latchkey page');
export const news = new EventTarget();
channel.onmessage = ({ data }) => news.dispatchEvent(new CustomEvent(data.about, { detail: data.detail }));
export const tellTabs = (about, detail = null) => channel.postMessage({ about, detail });

/* A session from before this page was loaded. */
export async function resume() {
  for (const mode of Object.values(modes)) {
    const answer = await outcome(mode.resume());
    if (mode.isLoggedIn || !isGood(answer)) return answer;
  }
  return { status: 200, body: false };
}

for (const mode of Object.values(modes)) {
  mode.addEventListener('change', ({ detail }) => onChange(mode, detail));
}
