// www/latchkey.js where it gets difficult: news that come late or never, no
// IndexedDB, another tab's logout, a clock that jumps, a page from elsewhere.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, test } from 'node:test';
import { newProfile, useBrowser, watch } from '../lib/browser.mjs';
import { api, newPassword } from '../lib/people.mjs';
import { freePort, root, useService } from '../lib/service.mjs';

const browser = await useBrowser();
// An application on another origin, with its own copy of the module.
const elsewhere = `http://localhost:${await freePort()}`;
const application = createServer((request, reply) => {
  const isModule = request.url === '/latchkey.js';
  reply.writeHead(200, { 'content-type': isModule ? 'text/javascript' : 'text/html' });
  reply.end(isModule ? readFileSync(join(root, 'www/latchkey.js')) : '<!doctype html><title>elsewhere</title>');
});
await new Promise((done) => { application.listen(new URL(elsewhere).port, 'localhost', done); });
after(() => {
  application.closeAllConnections();
  application.close();
});
const service = await useService({ env: { LATCHKEY_CORS_ORIGINS: elsewhere } });
const { registered, me, refresh } = api(service);

const modes = ['token', 'cookie'];
let context;
let complaints = [];
// The paths that pages asked the service for.
let asked = [];
afterEach(async () => {
  await context.close();
  assert.deepEqual(complaints, []);
  complaints = [];
  asked = [];
});

// init: what runs in each page before anything else.
async function newTab({ mode, base, page = `${service.base}/favicon.svg`, init, keepsAccessToken }) {
  const tab = await context.newPage();
  if (init) await tab.addInitScript(init);
  watch(tab, complaints, service.base, elsewhere);
  tab.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/api/')) asked.push(pathname);
  });
  await tab.goto(page);
  await makeAuth(tab, { mode, base, keepsAccessToken });
  return tab;
}

const makeAuth = (tab, options) => tab.evaluate(async (wish) => {
  const { Latchkey } = await import('/latchkey.js');
  window.auth = new Latchkey(wish);
}, options);

async function newTabs(count, options) {
  context = await newProfile(browser);
  const tabs = [];
  for (let i = 0; i < count; i++) tabs.push(await newTab(options));
  return tabs;
}

// What a method of the tab's object answers, or how it fails.
const call = (tab, name, ...args) => tab.evaluate(async ([method, values]) => {
  try {
    const answer = await window.auth[method](...values);
    return answer instanceof Response ? answer.status : answer;
  } catch (error) {
    return error.code ?? error.name;
  }
}, [name, args]);
const logIn = (tab, { email, password }) => call(tab, 'login', { email, password });
const weather = (tab) => call(tab, 'fetch', '/api/weather');
const isLoggedIn = (tab) => tab.evaluate(() => window.auth.isLoggedIn);
const becomes = (tab, wish) => tab.waitForFunction((is) => window.auth.isLoggedIn === is, wish);
const times = (path) => asked.filter((other) => other === path).length;

const deaf = () => { window.BroadcastChannel = class { postMessage() {} }; };
const poor = () => { indexedDB.open = () => { throw new DOMException('no', 'SecurityError'); }; };

for (const mode of modes) {
  test(`tabs that hear nothing of each other harm nobody, ${mode} mode`, async () => {
    const tabs = await newTabs(2, { mode, init: deaf });
    await logIn(tabs[0], await registered());
    assert.equal(await call(tabs[1], 'resume'), true);
    for (let round = 0; round < 2; round++) {
      for (const tab of tabs) assert.equal(await call(tab, 'refresh'), undefined);
    }
    for (const tab of tabs) assert.equal(await weather(tab), 200);
    await call(tabs[0], 'logout');
    assert.equal(await isLoggedIn(tabs[1]), true);
    const before = times('/api/auth/refresh');
    // It learns from what the tabs share, without a request.
    assert.equal(await weather(tabs[1]), 'session_ended');
    assert.equal(times('/api/auth/refresh'), before);
    assert.equal(await isLoggedIn(tabs[1]), false);
  });

  test(`a logout waits for a refresh under way, ${mode} mode`, async () => {
    const tabs = await newTabs(2, { mode });
    await logIn(tabs[0], await registered());
    await becomes(tabs[1], true);
    let letGo;
    const held = new Promise((done) => { letGo = done; });
    await context.route('**/api/auth/refresh', async (route) => {
      const response = await route.fetch();
      await held;
      await route.fulfill({ response });
    }, { times: 1 });
    const refreshing = call(tabs[0], 'refresh');
    while (times('/api/auth/refresh') === 0) await tabs[0].waitForTimeout(10);
    const leaving = call(tabs[1], 'logout');
    letGo();
    assert.deepEqual(await Promise.all([refreshing, leaving]), [undefined, undefined]);
    for (const tab of tabs) await becomes(tab, false);
    assert.equal(await call(await newTab({ mode }), 'resume'), false);
    assert.equal(await call(tabs[0], 'refresh'), 'session_ended');
  });

  test(`without IndexedDB it works all the same, ${mode} mode`, async () => {
    const tabs = await newTabs(2, { mode, init: poor });
    const person = await registered();
    await logIn(tabs[0], person);
    const isCommon = mode === 'cookie';
    assert.equal(await call(tabs[1], 'resume'), isCommon);
    // In token mode each tab has a session of its own.
    if (!isCommon) await logIn(tabs[1], person);
    for (let round = 0; round < 3; round++) {
      for (const tab of tabs) {
        assert.equal(await call(tab, 'refresh'), undefined);
        assert.equal(await weather(tab), 200);
      }
    }
    await call(tabs[0], 'logout');
    await becomes(tabs[0], false);
    await becomes(tabs[1], !isCommon);
  });

  test(`a clock that jumps costs one refresh at most, ${mode} mode`, async () => {
    const [tab] = await newTabs(1, { mode });
    await logIn(tab, await registered());
    for (const [jumpS, expected] of [[3600, 1], [-7200, 1]]) {
      await tab.evaluate((ms) => {
        const now = Date.now.bind(Date);
        Date.now = () => now() + ms;
      }, jumpS * 1000);
      for (let i = 0; i < 3; i++) assert.equal(await weather(tab), 200);
      assert.equal(times('/api/auth/refresh'), expected);
    }
  });

  test(`a session ended elsewhere is told to every tab, ${mode} mode`, async () => {
    const person = await registered();
    const tabs = await newTabs(2, { mode });
    await logIn(tabs[0], person);
    await becomes(tabs[1], true);
    const { login, logout } = api(service);
    const { body } = await login({ email: person.email, password: person.password });
    await logout(body.accessToken, 'global');
    assert.equal(await weather(tabs[0]), 'session_ended');
    for (const tab of tabs) await becomes(tab, false);
    assert.equal(times('/api/auth/refresh'), 1);
    assert.equal(await call(tabs[1], 'resume'), false);
  });

  test(`a change of password keeps all tabs of this session, ${mode} mode`, async () => {
    const person = await registered();
    const tabs = await newTabs(2, { mode });
    await logIn(tabs[0], person);
    await becomes(tabs[1], true);
    const before = times('/api/auth/refresh');
    assert.equal(await call(tabs[0], 'changePassword',
      { currentPassword: 'not the password', newPassword: newPassword() }), 'invalid_credentials');
    assert.equal(await call(tabs[0], 'changePassword',
      { currentPassword: person.password, newPassword: newPassword() }), undefined);
    assert.equal(times('/api/auth/refresh'), before);
    for (const tab of tabs) {
      assert.equal(await weather(tab), 200);
      assert.equal(await call(tab, 'refresh'), undefined);
    }
  });
}

for (const mode of modes) {
  test(`many calls that find their token dead share one refresh, ${mode} mode`, async () => {
    const [tab] = await newTabs(1, { mode });
    await logIn(tab, await registered());
    if (mode === 'cookie') {
      await context.clearCookies({ name: '__Host-latchkey-access' });
    } else {
      // Dead before its time, as after a change of keys.
      await context.route('**/api/weather', async (route) => {
        const headers = await route.request().allHeaders();
        const isFirst = times('/api/auth/refresh') === 0;
        await route.continue({ headers: isFirst ? { ...headers, authorization: 'Bearer a.b.c' } : headers });
      });
    }
    const answers = await tab.evaluate(() => Promise.all(Array.from({ length: 8 },
      async () => (await window.auth.fetch('/api/weather')).status)));
    assert.deepEqual(answers, Array(8).fill(200));
    assert.equal(times('/api/weather'), 16);
    assert.equal(times('/api/auth/refresh'), 1);
  });
}

test('the access token outlives a reload and goes along with a refresh, where that is wanted', async () => {
  const options = { mode: 'token', keepsAccessToken: true };
  const [tab] = await newTabs(1, options);
  const sent = [];
  tab.on('request', (request) => {
    if (request.url().endsWith('/api/auth/refresh')) sent.push(request.headerValue('authorization'));
  });
  await logIn(tab, await registered());
  const token = () => tab.evaluate(() => window.auth.accessToken);
  const seen = [await token()];
  await tab.reload();
  await makeAuth(tab, options);
  assert.equal(await call(tab, 'resume'), true);
  seen.push(await token());
  assert.equal(await call(tab, 'refresh'), undefined);
  assert.deepEqual(await Promise.all(sent), seen.map((text) => `Bearer ${text}`));
  for (const text of seen) service.secrets.add(text);
  await call(tab, 'logout');
  const kept = await tab.evaluate(() => new Promise((done) => {
    const opening = indexedDB.open(`latchkey token ${location.origin}`);
    opening.onsuccess = () => {
      const reading = opening.result.transaction('session').objectStore('session').get('record');
      reading.onsuccess = () => done(JSON.stringify(reading.result));
    };
  }));
  assert.doesNotMatch(kept, /eyJ|lkr_/);
});

test('a page of another origin that the service allows, token mode', async () => {
  const person = await registered();
  const options = { mode: 'token', base: service.base, page: `${elsewhere}/` };
  const tabs = await newTabs(2, options);
  await logIn(tabs[0], person);
  await becomes(tabs[1], true);
  assert.equal(await weather(tabs[1]), 200);
  assert.equal(await call(tabs[1], 'refresh'), undefined);
  await tabs[0].reload();
  await makeAuth(tabs[0], options);
  assert.equal(await call(tabs[0], 'resume'), true);
  const token = await tabs[0].evaluate(() => window.auth.accessToken);
  service.secrets.add(token);
  assert.equal((await me(token)).body.email, person.email);
  assert.equal(await call(tabs[0], 'fetch', 'https://evil.example/'), 'TypeError');
  assert.equal(await call(tabs[0], 'logout'), undefined);
  await becomes(tabs[1], false);
  assert.deepEqual(await context.cookies(), []);
});

test('cookie mode is refused to a page of another origin', async () => {
  context = await newProfile(browser);
  const tab = await context.newPage();
  await tab.goto(`${elsewhere}/`);
  await assert.rejects(makeAuth(tab, { mode: 'cookie', base: service.base }), /own origin/);
});
