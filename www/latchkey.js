/*
 * Latchkey in the browser: one module without dependencies, to copy into an
 * application.  docs/BROWSER.md has more.
 *
 *   import { Latchkey } from './latchkey.js';
 *   const auth = new Latchkey({ mode: 'cookie' });
 *   auth.addEventListener('change', () => show(auth.user));
 *   await auth.resume();                     // a session from before, if any
 *   await auth.login({ email, password });
 *   const answer = await auth.fetch('/api/weather');
 *   await auth.logout();
 *
 * Mode "cookie": both tokens are in HttpOnly cookies, which no script can
 * read.  The better choice for a page on the service's own origin.
 * Mode "token": the access token is in memory only; the refresh token is in
 * IndexedDB, where all tabs of the page's origin find it.
 *
 * A refresh token two generations behind is theft to the server.  So whatever
 * changes the tokens runs under one lock for all tabs (Web Locks), in either
 * mode; and a refresh whose answer was lost is tried once more with the same
 * token, to which the server gives the same successor.  The tab that did it
 * tells the others (BroadcastChannel).
 */

/* Refresh this long before the end, or a fifth of a short life. */
const EARLY_S = 60;
/* Do not send a token that ends within this time, or a fifth of its life. */
const LAST_S = 1;
/* Two of these and the pause are well inside the server's grace of 30 s. */
const PATIENCE_MS = 10_000;
const LOST_PAUSE_MS = 500;
/* A tab that is frozen with the lock must not hang the others for ever. */
const LOCK_PATIENCE_MS = 60_000;
/* The lock may come before the news of what happened under it. */
const LATE_NEWS_MS = 1000;
/* When a refresh in the background has failed. */
const AGAIN_MS = 10_000;
/* A 401 with another code is not about the token: a wrong password, say. */
const TOKEN_CODES = ['authentication_required', 'invalid_token', undefined];
/* What a refresh is answered when there is no session (any more). */
const OVER = [401, 422];
const ENDED = { code: 'session_ended', title: 'The session has ended', detail: 'Log in again.' };
const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/* What a server's refusal says (RFC 9457). */
export class LatchkeyError extends Error {
  constructor({ status, body }) {
    super(body.detail ?? body.title ?? `The server answered ${status}.`);
    this.name = 'LatchkeyError';
    this.status = status;
    this.body = body;
    this.code = body.code ?? 'unknown';
    this.errors = body.errors ?? [];
    this.requestId = body.requestId ?? null;
  }
}

/*
 * What the tabs share: one record { serial, isOpen, refreshToken }.  Unlike
 * localStorage, IndexedDB shows at once what another tab wrote.  Where there
 * is none, as in some private windows, the record is this tab's own.
 */
class Store {
  #name;
  #opening = null;
  #own;
  isShared = true;

  constructor(name) { this.#name = name; }

  #open() {
    this.#opening ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(this.#name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore('session');
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        const database = request.result;
        /* Emptied by the user or by Clear-Site-Data: opened anew. */
        database.onclose = () => { this.#opening = null; };
        database.onversionchange = () => { database.close(); database.onclose(); };
        resolve(database);
      };
    });
    return this.#opening;
  }

  async #transact(kind, action) {
    const database = await this.#open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction('session', kind, { durability: 'strict' });
      const request = action(transaction.objectStore('session'));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  /* The first failure may be a connection closed meanwhile. */
  async #run(kind, action) {
    try {
      return await this.#transact(kind, action);
    } catch {
      this.#opening = null;
      return this.#transact(kind, action);
    }
  }

  async read() {
    try {
      if (this.isShared) return this.#own = await this.#run('readonly', (store) => store.get('record'));
    } catch {
      this.isShared = false;
    }
    /* Whether a session is open, this tab alone can't know. */
    return this.#own?.refreshToken ? this.#own : undefined;
  }

  async write(record) {
    this.#own = record;
    try {
      if (this.isShared) await this.#run('readwrite', (store) => store.put(record, 'record'));
    } catch {
      this.isShared = false;
    }
  }
}

/*
 * Fires "change" when the tokens are new or gone, in whatever tab; its
 * detail.reason then is null, or a problem document that says why.
 */
export class Latchkey extends EventTarget {
  #base;
  #mode;
  #fetch;
  #name;
  #store;
  #channel;
  /* Grows with each change of the tokens in any tab; 0: none is known. */
  #serial = 0;
  #pair = null;
  /* By two clocks: one may be set, the other may stop while asleep. */
  #endsAt = { steady: 0, wall: 0 };
  #timer;
  #refreshing = null;
  #keepsAccessToken;
  /* false: tokens run out before one's eyes, and only a refusal renews them. */
  renewsAhead = true;

  /*
   * base: the service's origin, by default the page's own, as it must be in
   * cookie mode.  fetch: called in place of the browser's.  keepsAccessToken:
   * keep it beside the refresh token and send it along with a refresh, which
   * the service's setting refresh.require_access_token asks for.
   */
  constructor({ base = location.origin, mode = 'token', fetch, keepsAccessToken = false } = {}) {
    super();
    if (!navigator.locks) throw new Error('Serve this page over https or from localhost: Web Locks are missing.');
    this.#base = new URL(base, location.href).origin;
    const isForeign = this.#base !== location.origin;
    if (mode === 'cookie' && isForeign) throw new TypeError('Cookie mode is for pages on the service\'s own origin.');
    this.#mode = mode;
    this.#fetch = fetch ?? window.fetch.bind(window);
    this.#keepsAccessToken = keepsAccessToken && mode === 'token';
    this.#name = `latchkey ${mode} ${this.#base}`;
    this.#store = new Store(this.#name);
    this.#channel = new BroadcastChannel(this.#name);
    this.#channel.onmessage = (event) => this.#hear(event.data);
    /* Whoever slept or was away may have missed the timer. */
    const wake = () => this.#refreshIfDue();
    for (const name of ['online', 'focus', 'pageshow', 'visibilitychange']) window.addEventListener(name, wake);
  }

  get mode() { return this.#mode; }
  get isLoggedIn() { return this.#pair !== null; }
  get user() { return this.#pair?.user ?? null; }
  get sessionId() { return this.#pair?.sessionId ?? null; }
  /* null in cookie mode, where no script may see it. */
  get accessToken() { return this.#pair?.accessToken ?? null; }
  /* The refresh token, to be shown: a promise, of null in cookie mode. */
  async readRefreshToken() { return (await this.#store.read())?.refreshToken ?? null; }

  /* How long the access token lives from its issue, in seconds. */
  get lifeS() { return this.#pair?.expiresIn ?? 0; }
  /* When the session ends if nobody refreshes it: a Date. */
  get sessionExpiresAt() {
    return this.#pair && new Date(this.#pair.refreshTokenExpirationTime);
  }

  /* Seconds until the access token expires. */
  get secondsLeft() {
    const { steady, wall } = this.#endsAt;
    return Math.max(0, Math.min(steady - performance.now(), wall - Date.now()) / 1000);
  }

  /* What is refused throws a LatchkeyError; no answer, what fetch throws. */
  async register(person) { return (await this.#post('/api/auth/register', person)).body; }

  /* credentials: { email or username, password }. */
  login(credentials) {
    const body = { ...credentials, useCookies: this.#mode === 'cookie' };
    return this.#locked(async () => {
      await this.#accept(await this.#post('/api/auth/login', body));
      return this.user;
    });
  }

  /*
   * Go on with a session from before this page was loaded, and return whether
   * there is one.  Where none was left behind, the server is not asked.
   */
  async resume() {
    const record = await this.#store.read();
    if (!record?.isOpen && (this.#mode === 'token' || this.#store.isShared)) return false;
    try {
      await this.refresh();
    } catch (error) {
      if (!OVER.includes(error.status)) throw error;
    }
    return this.isLoggedIn;
  }

  /* New tokens, by one request however many callers and tabs ask at a time. */
  refresh() {
    const known = this.#serial;
    this.#refreshing ??= this.#locked(() => this.#renew(known))
      .finally(() => { this.#refreshing = null; });
    return this.#refreshing;
  }

  /*
   * As the browser's fetch, for the service and the page's own origin, with
   * credentials.  A token about to end is refreshed first; one that is
   * refused, once, and the request is sent again.
   */
  async fetch(path, init = {}) {
    const url = new URL(path, this.#base);
    if (url.origin !== this.#base && url.origin !== location.origin) {
      throw new TypeError(`${url.origin} must not see the token.`);
    }
    if (this.isLoggedIn && this.renewsAhead && this.secondsLeft <= this.#early(LAST_S)) await this.refresh();
    const known = this.#serial;
    const response = await this.#send(url, init, this.accessToken);
    if (response.status !== 401 || !this.isLoggedIn) return response;
    const { code } = await response.clone().json().catch(() => ({}));
    if (!TOKEN_CODES.includes(code)) return response;
    /* Unless there is a new one already. */
    if (this.#serial === known) await this.refresh();
    return this.#send(url, init, this.accessToken);
  }

  /* scope: "local" (this session), "others" or "global". */
  logout(scope = 'local') {
    return this.#locked(async () => {
      await this.#prepare(scope !== 'local');
      const { status, body } = await this.#ask('/api/auth/logout', { scope }, this.accessToken);
      /* It is over already, as wished. */
      if (status !== 204 && !(status === 401 && scope === 'local')) throw new LatchkeyError({ status, body });
      if (scope !== 'others') await this.#forget({ code: 'logged_out', title: 'Logged out' });
    });
  }

  /* passwords: { currentPassword, newPassword }.  Ends all other sessions. */
  changePassword(passwords) {
    return this.#locked(async () => {
      await this.#prepare(true);
      await this.#accept(await this.#post('/api/auth/password', passwords, this.accessToken));
    });
  }

  #send(url, init, token) {
    const headers = new Headers(init.headers);
    if (token !== null) headers.set('Authorization', `Bearer ${token}`);
    const credentials = this.#mode === 'cookie' ? 'same-origin' : 'omit';
    return this.#fetch(url.href, { cache: 'no-store', ...init, headers, credentials });
  }

  /* The whole answer { status, body, began }: one cut short is none. */
  async #ask(path, json, token = null) {
    const began = { steady: performance.now(), wall: Date.now() };
    const response = await this.#send(new URL(path, this.#base), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(json),
      signal: AbortSignal.timeout(PATIENCE_MS),
    }, token);
    const body = await response.json().catch((error) => {
      if (response.ok && response.status !== 204) throw error;
    });
    return { status: response.status, body: body ?? {}, began };
  }

  async #post(...request) {
    const answer = await this.#ask(...request);
    if (answer.status >= 400) throw new LatchkeyError(answer);
    return answer;
  }

  #locked(action) {
    return navigator.locks.request(this.#name, { signal: AbortSignal.timeout(LOCK_PATIENCE_MS) }, action);
  }

  /* The record, once this tab has heard of it or waited long enough. */
  async #catchUp() {
    const record = await this.#store.read();
    if (this.#serial === 0 || !record || record.serial <= this.#serial) return record;
    const heard = new AbortController();
    await Promise.race([sleep(LATE_NEWS_MS), new Promise((resolve) => {
      const check = () => { if (this.#serial >= record.serial) resolve(); };
      this.addEventListener('change', check, { signal: heard.signal });
    })]);
    heard.abort();
    return record;
  }

  /* Have a token of the present session, a live one where that matters. */
  async #prepare(isLifeNeeded) {
    const record = await this.#catchUp();
    const isDead = this.secondsLeft <= this.#early(LAST_S);
    if (!this.isLoggedIn || record?.serial > this.#serial || (isLifeNeeded && isDead)) {
      await this.#renew(this.#serial);
    }
  }

  /* known: the serial when it was asked for. */
  async #renew(known) {
    const record = await this.#catchUp();
    if (this.#serial > known && this.secondsLeft > this.#early(EARLY_S)) return;
    if (record ? !record.isOpen : this.#mode === 'token') {
      this.#take({ serial: record?.serial ?? this.#serial, pair: null, reason: ENDED });
      throw new LatchkeyError({ status: 401, body: ENDED });
    }
    const { refreshToken, accessToken = null } = this.#mode === 'cookie' ? {} : record;
    const answer = await this.#rotate({ refreshToken }, accessToken);
    if (OVER.includes(answer.status)) await this.#forget(answer.body);
    if (answer.status !== 200) throw new LatchkeyError(answer);
    await this.#accept(answer);
  }

  /* One request, and one more with the same token if its answer is lost. */
  async #rotate(body, token) {
    try {
      const answer = await this.#ask('/api/auth/refresh', body, token);
      if (answer.status < 500) return answer;
    } catch {
      /* Whether it was carried out, nobody knows. */
    }
    await sleep(LOST_PAUSE_MS);
    return this.#ask('/api/auth/refresh', body, token);
  }

  #accept({ body: { refreshToken, ...pair }, began }) {
    return this.#change({ pair, began: began.wall }, refreshToken, began.steady);
  }

  #forget(reason) { return this.#change({ pair: null, reason }, null); }

  /* Stored before the lock opens, so that the next tab reads it. */
  async #change(news, refreshToken, steady) {
    const serial = Math.max(Date.now(), this.#serial + 1, ((await this.#store.read())?.serial ?? 0) + 1);
    const kept = this.#keepsAccessToken && { accessToken: news.pair?.accessToken };
    await this.#store.write({ serial, isOpen: news.pair !== null, refreshToken, ...kept });
    if (!this.#isAlone) this.#channel.postMessage({ ...news, serial });
    this.#take({ ...news, serial }, steady);
  }

  /* Without a common record each tab in token mode has a session of its own. */
  get #isAlone() { return this.#mode === 'token' && !this.#store.isShared; }

  /* Late news are old news. */
  #hear(news) { if (!this.#isAlone && news.serial > this.#serial) this.#take(news); }

  #take({ serial, pair, began = 0, reason = null }, steady = performance.now() - Math.max(0, Date.now() - began)) {
    const wasLoggedIn = this.isLoggedIn;
    const lifeMs = (pair?.expiresIn ?? 0) * 1000;
    clearTimeout(this.#timer);
    this.#serial = serial;
    this.#pair = pair;
    this.#endsAt = { steady: steady + lifeMs, wall: began + lifeMs };
    if (pair) this.#wakeIn((this.secondsLeft - this.#early(EARLY_S)) * 1000);
    if (pair || wasLoggedIn) this.dispatchEvent(new CustomEvent('change', { detail: { reason } }));
  }

  #early(seconds) { return Math.min(seconds, this.lifeS / 5); }

  #wakeIn(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#refreshIfDue(), ms);
  }

  async #refreshIfDue() {
    if (!this.isLoggedIn) return;
    const inS = this.renewsAhead ? this.secondsLeft - this.#early(EARLY_S) : LAST_S;
    try {
      if (inS > 0) this.#wakeIn(inS * 1000);
      else await this.refresh();
    } catch {
      if (this.isLoggedIn) this.#wakeIn(AGAIN_MS);
    }
  }
}
