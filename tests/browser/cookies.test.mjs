// Cookie mode in Chromium, over plain http on this machine.
import assert from 'node:assert/strict';
import test from 'node:test';
import { fetchIn, quiet, useBrowser } from '../lib/browser.mjs';
import { accessName, refreshName } from '../lib/cookies.mjs';
import { api, newPassword } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';

const browser = await useBrowser();
const service = await useService();
const { registered } = api(service);

// A profile with one tab on a page of the service.
async function open(t, origin) {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(`${origin}${quiet}`);
  return { context, page };
}

async function logIn(page, { email, password }) {
  const { status, body } = await fetchIn(page, '/api/auth/login', { json: { email, password, useCookies: true } });
  assert.equal(status, 200);
  return body;
}

async function jar(context) {
  const cookies = await context.cookies();
  for (const { value } of cookies) service.secrets.add(value);
  return Object.fromEntries(cookies.map((cookie) => [cookie.name, cookie]));
}

const me = (page) => fetchIn(page, '/api/users/me', { method: 'GET' });

for (const host of ['localhost', '127.0.0.1']) {
  const origin = `http://${host}:${service.port}`;

  test(`on ${host} a page logs in, asks, refreshes and logs out, and never sees a token`, async (t) => {
    const ann = await registered();
    const { context, page } = await open(t, origin);
    const body = await logIn(page, ann);
    assert.equal(body.accessToken, null);
    assert.equal(body.refreshToken, null);
    const first = await jar(context);
    assert.deepEqual(Object.keys(first).sort(), [accessName, refreshName]);
    for (const { httpOnly, secure, sameSite, path, domain, expires } of Object.values(first)) {
      assert.deepEqual({ httpOnly, secure, sameSite, path, domain },
        { httpOnly: true, secure: true, sameSite: 'Strict', path: '/', domain: host });
      assert.ok(expires > Date.now() / 1000);
    }
    assert.equal(await page.evaluate('document.cookie'), '');
    const answer = await me(page);
    assert.equal(answer.status, 200);
    assert.equal(answer.body.id, ann.user.id);
    assert.equal((await fetchIn(page, '/api/auth/refresh')).status, 200);
    const second = await jar(context);
    assert.notEqual(second[refreshName].value, first[refreshName].value);
    assert.equal((await me(page)).status, 200);
    assert.equal((await fetchIn(page, '/api/auth/logout')).status, 204);
    assert.deepEqual(await jar(context), {});
    assert.equal((await me(page)).body.code, 'authentication_required');
  });
}

const origin = `http://localhost:${service.port}`;

test('tabs of one profile share the session, and its end', async (t) => {
  const ann = await registered();
  const { context, page } = await open(t, origin);
  const other = await context.newPage();
  await other.goto(`${origin}${quiet}`);
  await logIn(page, ann);
  assert.equal((await me(other)).status, 200);
  const refreshes = await Promise.all([page, other].map((tab) => fetchIn(tab, '/api/auth/refresh')));
  assert.deepEqual(refreshes.map(({ status }) => status), [200, 200]);
  for (const tab of [page, other]) assert.equal((await me(tab)).status, 200);
  assert.equal((await fetchIn(other, '/api/auth/logout')).status, 204);
  assert.equal((await me(page)).status, 401);
});

test('a new password keeps this profile in, and puts the other one out', async (t) => {
  const ann = await registered();
  const here = await open(t, origin);
  const there = await open(t, origin);
  for (const { page } of [here, there]) await logIn(page, ann);
  const { status } = await fetchIn(here.page, '/api/auth/password',
    { json: { currentPassword: ann.password, newPassword: newPassword() } });
  assert.equal(status, 200);
  assert.equal((await me(here.page)).status, 200);
  assert.equal((await me(there.page)).body.code, 'invalid_token');
  assert.equal((await fetchIn(there.page, '/api/auth/refresh')).body.code, 'session_ended');
});

test('H-148 no page can plant a cookie under these names', async (t) => {
  const { context, page } = await open(t, origin);
  const planted = await page.evaluate(([names]) => {
    for (const name of names) {
      document.cookie = `${name}=x`;
      document.cookie = `${name}=x; Path=/`;
      document.cookie = `${name}=x; Path=/api; Secure`;
      document.cookie = `${name}=x; Domain=localhost; Path=/; Secure`;
    }
    return document.cookie;
  }, [[accessName, refreshName]]);
  assert.equal(planted, '');
  assert.deepEqual(await context.cookies(), []);
});
