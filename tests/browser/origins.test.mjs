// Pages of other origins in Chromium: what they may do with a browser that is
// logged in here, which is nothing, and what with tokens of their own.
import assert from 'node:assert/strict';
import test from 'node:test';
import { fetchIn, quiet, useBrowser, useStranger } from '../lib/browser.mjs';
import { api } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const browser = await useBrowser();
const strangerPort = await useStranger();
const friend = `http://localhost:${await useStranger()}`;
const service = await useService({ env: { LATCHKEY_CORS_ORIGINS: friend } });
const { registered } = api(service);
const own = `http://localhost:${service.port}`;

async function pageAt(context, url) {
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

async function profile(t) {
  const context = await browser.newContext();
  t.after(() => context.close());
  return context;
}

// A profile that is logged in, by cookies, in a tab of its own.
async function loggedIn(t) {
  const context = await profile(t);
  const page = await pageAt(context, own + quiet);
  const { email, password, user } = await registered();
  const { status, body } = await fetchIn(page, '/api/auth/login', { json: { email, password, useCookies: true } });
  assert.equal(status, 200);
  return { context, page, user, sessionId: body.sessionId };
}

// Where attackers sit: a page of theirs, or a frame without an origin in it.
const elsewhere = {
  'another port of the same host': (context) => pageAt(context, `http://localhost:${strangerPort}/`),
  'another site': (context) => pageAt(context, `http://127.0.0.1:${strangerPort}/`),
  async 'a sandboxed frame'(context) {
    const page = await pageAt(context, `http://localhost:${strangerPort}/`);
    await page.evaluate(() => {
      const frame = document.createElement('iframe');
      frame.sandbox = 'allow-scripts allow-forms';
      frame.srcdoc = '<!doctype html><title>no origin</title>';
      return new Promise((done) => {
        frame.onload = done;
        document.body.append(frame);
      });
    });
    const [, frame] = page.frames();
    assert.equal(await frame.evaluate('origin'), 'null');
    return frame;
  },
};

// A form that submits itself: the status of the page it leads to.
async function submit(page, path, { enctype = 'application/x-www-form-urlencoded', name, value } = {}) {
  const answer = (page.page?.() ?? page).waitForResponse(own + path);
  await page.evaluate(([action, type, key, text]) => {
    const form = document.createElement('form');
    Object.assign(form, { method: 'post', action, enctype: type });
    if (key !== undefined) {
      const input = document.createElement('input');
      Object.assign(input, { name: key, value: text });
      form.append(input);
    }
    document.body.append(form);
    form.submit();
  }, [own + path, enctype, name, value]);
  return (await answer).status();
}

const include = { credentials: 'include' };
const blindly = { ...include, mode: 'no-cors' };

for (const [where, goTo] of Object.entries(elsewhere)) {
  test(`H-137 ${where} does nothing in the name of who is logged in here`, async (t) => {
    const { context, page, sessionId } = await loggedIn(t);
    const enemy = await goTo(context);
    const before = await context.cookies();
    const api = (path) => `${own}/api/auth/${path}`;
    for (const path of ['logout', 'refresh', 'password']) {
      // Sent, and refused; the page never learns even that.
      assert.equal((await fetchIn(enemy, api(path), blindly)).status, 0, path);
      for (const json of [{}, { scope: 'global' }]) {
        assert.ok((await fetchIn(enemy, api(path), { ...include, json })).failed, path);
      }
    }
    assert.ok((await fetchIn(enemy, api(`sessions/${sessionId}`), { ...include, method: 'DELETE' })).failed);
    assert.ok((await fetchIn(enemy, `${own}/api/users/me`, { ...include, method: 'GET' })).failed);
    assert.deepEqual(await context.cookies(), before);
    assert.equal((await fetchIn(page, '/api/users/me', { method: 'GET' })).status, 200);
    assert.deepEqual(await service.sql(
      `SELECT generation, ended_ms FROM session WHERE id = ${sqlId(sessionId)}`), [['1', 'NULL']]);
  });

  test(`H-143 a form of ${where} logs nobody out`, async (t) => {
    const { context, page } = await loggedIn(t);
    // With the cookies where the site is the same, without them where not.
    assert.ok([401, 403].includes(await submit(await goTo(context), '/api/auth/logout')));
    assert.ok([400, 403].includes(await submit(await goTo(context), '/api/auth/refresh')));
    assert.equal(await submit(await goTo(context), '/api/auth/logout', { name: 'scope', value: 'global' }), 415);
    assert.equal((await fetchIn(page, '/api/users/me', { method: 'GET' })).status, 200);
  });

  test(`H-142 ${where} logs nobody in`, async (t) => {
    const context = await profile(t);
    const { email, password } = await registered();
    const login = { email, password, useCookies: true };
    const enemy = await goTo(context);
    const url = `${own}/api/auth/login`;
    assert.ok((await fetchIn(enemy, url, { ...include, json: login })).failed);
    assert.equal((await fetchIn(enemy, url, { ...blindly, body: JSON.stringify(login) })).status, 0);
    // {"email":...,"x":"=y"}: JSON as the only field of a form.
    const [name, value] = `${JSON.stringify(login).slice(0, -1)},"x":"|y"}`.split('|');
    assert.equal(await submit(enemy, '/api/auth/login', { enctype: 'text/plain', name, value }), 415);
    assert.deepEqual(await context.cookies(), []);
  });
}

test('H-137 cookies do travel to another port, and are refused there', async (t) => {
  const { context } = await loggedIn(t);
  const enemy = await pageAt(context, `http://localhost:${strangerPort}/`);
  assert.equal(await submit(enemy, '/api/auth/logout'), 403);
  assert.ok(service.log().some(({ path, code }) => path === '/api/auth/logout' && code === 'csrf_rejected'));
});

test('no page of ours is shown in a frame elsewhere', async (t) => {
  const context = await profile(t);
  const page = await pageAt(context, `http://localhost:${strangerPort}/`);
  await page.evaluate((src) => new Promise((done) => {
    const frame = Object.assign(document.createElement('iframe'), { src, onload: done });
    document.body.append(frame);
  }), `${own}/`);
  const [, frame] = page.frames();
  assert.match(frame.url(), /^chrome-error:/);
});

test('H-145 a page of the list works with tokens, and reads what it needs', async (t) => {
  const page = await pageAt(await profile(t), `${friend}/`);
  const { email, password, user } = await registered();
  const { status, body: pair } = await fetchIn(page, `${own}/api/auth/login`, { json: { email, password } });
  assert.equal(status, 200);
  const headers = { authorization: `Bearer ${pair.accessToken}` };
  const answer = await fetchIn(page, `${own}/api/users/me`, { method: 'GET', headers });
  assert.equal(answer.body.id, user.id);
  assert.match(answer.headers['x-request-id'], /^[0-9a-f-]{36}$/);
  const { body: fresh } = await fetchIn(page, `${own}/api/auth/refresh`, { json: { refreshToken: pair.refreshToken } });
  assert.equal((await fetchIn(page, `${own}/api/auth/sessions/${pair.sessionId}`, { method: 'DELETE',
    headers: { authorization: `Bearer ${fresh.accessToken}` } })).status, 204);
  const refused = await fetchIn(page, `${own}/api/users/me`, { method: 'GET', headers });
  assert.equal(refused.status, 401);
  assert.match(refused.headers['www-authenticate'], /invalid_token/);
});

test('H-142 a page of the list plants no cookies', async (t) => {
  const context = await profile(t);
  const page = await pageAt(context, `${friend}/`);
  const { email, password } = await registered();
  const { body } = await fetchIn(page, `${own}/api/auth/login`,
    { ...include, json: { email, password, useCookies: true } });
  assert.equal(body.code, 'csrf_rejected');
  assert.deepEqual(await context.cookies(), []);
});

test('H-146 a page that is not in the list reads and sends nothing, though it has the tokens', async (t) => {
  const page = await pageAt(await profile(t), `${friend.replace('localhost', '127.0.0.1')}/`);
  const { email, password } = await registered();
  assert.ok((await fetchIn(page, `${own}/api/auth/login`, { json: { email, password } })).failed);
  assert.ok((await fetchIn(page, `${own}/api/weather`, { method: 'GET', headers: { authorization: 'Bearer x' } })).failed);
  assert.ok((await fetchIn(page, `${own}/.well-known/jwks.json`, { method: 'GET' })).failed);
});
