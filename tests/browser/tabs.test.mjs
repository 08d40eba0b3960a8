// www/latchkey.js in several tabs of one browser, which refresh at once and
// again and again: nobody is logged out, and one request does for all tabs.
// TIME (5): seconds for each mode.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { newProfile, useBrowser, watch } from '../lib/browser.mjs';
import { isOk } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';
import { until } from '../lib/wait.mjs';

const seconds = Number(process.env.TIME ?? 5);
// Figures are for who asked for them.
const note = process.env.TIME ? console.log : () => {};
const tabCount = 5;
const ttlS = 2;
// latchkey.js renews when a fifth of a short life is left.
const periodS = ttlS * 0.8;
const roundMs = 250;

const browser = await useBrowser();
const service = await useService({ env: { LATCHKEY_TOKEN_ACCESS_TTL_S: String(ttlS) } });
const { call, registered } = api(service);

let context;
let complaints;
afterEach(async () => {
  await context.close();
  assert.deepEqual(complaints, []);
});

// A tab with an object for the mode; window.seen: what happened to it.
async function newTab(mode) {
  const tab = await context.newPage();
  watch(tab, complaints, service.base);
  await tab.goto(`${service.base}/favicon.svg`);
  await tab.evaluate(async (wish) => {
    const { Latchkey } = await import('/latchkey.js');
    window.auth = new Latchkey({ mode: wish });
    window.seen = { logouts: [], failures: [], calls: 0 };
    window.auth.addEventListener('change', ({ detail }) => {
      if (!window.auth.isLoggedIn) window.seen.logouts.push(detail.reason);
    });
  }, mode);
  return tab;
}

async function newTabs(mode, count = tabCount) {
  context = await newProfile(browser);
  complaints = [];
  return Promise.all(Array.from({ length: count }, () => newTab(mode)));
}

const isLoggedIn = (tab) => tab.evaluate(() => window.auth.isLoggedIn);
const becomes = (tab, wish) => tab.waitForFunction((is) => window.auth.isLoggedIn === is, wish);
const refresh = (tab) => tab.evaluate(() => window.auth.refresh()
  .then(() => 'refreshed', (error) => error.code ?? error.name));
const weather = (tab) => tab.evaluate(async () => (await window.auth.fetch('/api/weather')).status);

// The first tab logs in, and the others hear of it.  Returns the session's id.
async function logIn(tabs, { email, password }) {
  await tabs[0].evaluate((person) => window.auth.login(person), { email, password });
  await Promise.all(tabs.map((tab) => becomes(tab, true)));
  return tabs[0].evaluate(() => window.auth.sessionId);
}

// generation: how many rotations; concurrent: how often a token came twice.
async function sessionRow(id) {
  const [[generation, concurrent, isEnded]] = await service.sql(
    `SELECT generation, concurrent_count, ended_ms IS NOT NULL FROM session WHERE id = ${sqlId(id)}`);
  return { generation: Number(generation), concurrent: Number(concurrent), isEnded: isEnded === '1' };
}

const mentions = (text) => service.logText().split(text).length - 1;

// In every tab: call the protected address all the time.
const keepCalling = (tab, ms) => tab.evaluate(async (bound) => {
  for (const end = Date.now() + bound; Date.now() < end;) {
    const status = await window.auth.fetch('/api/weather').then((answer) => answer.status, (error) => error.message);
    window.seen.calls++;
    if (status !== 200) window.seen.failures.push(status);
    await new Promise((done) => { setTimeout(done, 100); });
  }
}, ms);

// All tabs at the same moment of the clock.
function refreshTogether(tabs) {
  const at = Date.now() + 100;
  return Promise.all(tabs.map((tab) => tab.evaluate(async (moment) => {
    await new Promise((done) => { setTimeout(done, moment - Date.now()); });
    await window.auth.refresh().catch((error) => window.seen.failures.push(error.message));
  }, at)));
}

// The server does what the browser asks, which hears nothing of it, and gets no
// cookies.
async function carryOut(request) {
  const { host, 'content-length': _, ...headers } = await request.allHeaders();
  isOk(await call('POST', '/api/auth/refresh', { headers, body: request.postData() }));
}

async function assertUnharmed(tabs, id) {
  for (const tab of tabs) {
    const seen = await tab.evaluate(() => window.seen);
    assert.deepEqual([seen.logouts, seen.failures], [[], []]);
    assert.equal(await isLoggedIn(tab), true);
    assert.equal(await weather(tab), 200);
  }
  const { concurrent, isEnded } = await sessionRow(id);
  assert.deepEqual({ concurrent, isEnded }, { concurrent: 0, isEnded: false });
  assert.equal(mentions('refresh_token_reused'), 0);
}

for (const mode of ['token', 'cookie']) {
  test(`five tabs renew by one request in a period, ${mode} mode`, async () => {
    const tabs = await newTabs(mode);
    const id = await logIn(tabs, await registered());
    const before = await sessionRow(id);
    await Promise.all(tabs.map((tab) => keepCalling(tab, seconds * 500)));
    const rotations = (await sessionRow(id)).generation - before.generation;
    note(`${mode} mode: ${rotations} rotations for ${tabCount} tabs in ${seconds / 2} s, periods of ${periodS} s`);
    const periods = seconds / 2 / periodS;
    assert.ok(rotations >= Math.floor(periods) - 1 && rotations <= Math.ceil(periods) * 1.5 + 1,
      `${rotations} rotations for ${tabCount} tabs in ${periods} periods`);
    await assertUnharmed(tabs, id);
  });

  test(`five tabs told to refresh at once share one request, ${mode} mode`, async () => {
    const tabs = await newTabs(mode);
    const id = await logIn(tabs, await registered());
    const before = await sessionRow(id);
    let rounds = 0;
    for (const end = Date.now() + seconds * 500; Date.now() < end; rounds++) {
      await refreshTogether(tabs);
      await pause(roundMs);
    }
    const rotations = (await sessionRow(id)).generation - before.generation;
    note(`${mode} mode: ${rotations} rotations in ${rounds} rounds of ${tabCount} tabs`);
    assert.ok(rotations >= rounds);
    assert.ok(rotations < rounds * 3, `${rotations} rotations in ${rounds} rounds of ${tabCount} tabs`);
    await assertUnharmed(tabs, id);
  });

  test(`an answer that is lost is asked for again with the same token, ${mode} mode`, async () => {
    const tabs = await newTabs(mode, 2);
    const id = await logIn(tabs, await registered());
    let lost = 0;
    await context.route('**/api/auth/refresh', async (route) => {
      lost++;
      await carryOut(route.request());
      await route.abort('connectionreset');
    }, { times: 1 });
    const before = await sessionRow(id);
    assert.equal(await refresh(tabs[0]), 'refreshed');
    const { generation, concurrent, isEnded } = await sessionRow(id);
    assert.deepEqual([lost, concurrent, isEnded], [1, 1, false]);
    assert.ok(generation > before.generation);
    assert.equal(await weather(tabs[0]), 200);
    assert.equal(await refresh(tabs[1]), 'refreshed');
    assert.equal(mentions('refresh_token_reused'), 0);
    complaints = complaints.filter((text) => !text.includes('ERR_CONNECTION_RESET'));
  });
}

for (const mode of ['token', 'cookie']) {
  test(`the page lets a token expire, and renews it after a refusal, ${mode} mode`, async () => {
    context = await newProfile(browser);
    complaints = [];
    const [page, other] = [await context.newPage(), await context.newPage()];
    for (const tab of [page, other]) {
      watch(tab, complaints, service.base);
      await tab.goto(`${service.base}/`);
    }
    const person = await registered();
    await page.locator('#login-name').fill(person.email);
    await page.locator('#login-password').fill(person.password);
    await page.locator(`#login [value=${mode}]`).check();
    await page.locator('#login button').click();
    await page.locator('#session').waitFor();
    const id = await page.locator('#session-id').textContent();
    await until('one of the tabs renews it ahead', async () => (await sessionRow(id)).generation > 1);
    await page.locator('#let-expire').click();
    await other.locator('#let-expire[aria-pressed=true]').waitFor();
    for (const tab of [page, other]) await tab.locator('#token-state', { hasText: 'Expired' }).waitFor();
    await page.locator('#weather').click();
    await page.locator('#weather-note', { hasText: 'Let in' }).waitFor();
    const lines = await page.locator('#wire > li').evaluateAll((rows) => rows.map((row) =>
      `${row.querySelector('.path').textContent} ${row.querySelector('.status').textContent}`));
    const code = mode === 'token' ? 'invalid_token' : 'authentication_required';
    assert.deepEqual(lines.filter((line) => !line.includes('jwks')).slice(0, 3),
      ['/api/weather 200 OK', '/api/auth/refresh 200 OK', `/api/weather 401 ${code}`]);
    // Without any call, it is renewed ahead again.
    await page.locator('#let-expire').click();
    await other.locator('#let-expire[aria-pressed=false]').waitFor();
    await page.locator('#logout').click();
    await other.locator('#guest').waitFor();
  });
}
