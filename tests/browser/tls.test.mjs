// Cookie mode in Chromium over TLS, by a certificate that nobody signed.
import assert from 'node:assert/strict';
import test from 'node:test';
import { fetchIn, quiet, useBrowser, useStranger } from '../lib/browser.mjs';
import { accessName, refreshName } from '../lib/cookies.mjs';
import { newEmail, newPassword } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';

const browser = await useBrowser();
const strangerPort = await useStranger();
const service = await useService({ env: { TLS: '1' } });
const own = `https://localhost:${service.port}`;

async function open(t, url = own + quiet) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(url);
  return { context, page };
}

const me = (page) => fetchIn(page, '/api/users/me', { method: 'GET' });

// Somebody registered and logged in, in this page.
async function logIn(page) {
  const person = { email: newEmail(), password: newPassword() };
  assert.equal((await fetchIn(page, '/api/auth/register', { json: person })).status, 201);
  const answer = await fetchIn(page, '/api/auth/login', { json: { ...person, useCookies: true } });
  assert.equal(answer.status, 200);
  return person;
}

test('a page logs in, asks, refreshes and logs out, and never sees a token', async (t) => {
  const { context, page } = await open(t);
  const { email } = await logIn(page);
  const cookies = await context.cookies();
  assert.deepEqual(cookies.map(({ name }) => name).sort(), [accessName, refreshName]);
  for (const { value, httpOnly, secure, sameSite, path } of cookies) {
    service.secrets.add(value);
    assert.deepEqual({ httpOnly, secure, sameSite, path },
      { httpOnly: true, secure: true, sameSite: 'Strict', path: '/' });
  }
  assert.equal(await page.evaluate('document.cookie'), '');
  assert.equal((await me(page)).body.email, email);
  assert.equal((await fetchIn(page, '/api/auth/refresh')).status, 200);
  assert.equal((await fetchIn(page, '/api/auth/logout')).status, 204);
  assert.deepEqual(await context.cookies(), []);
  assert.equal((await me(page)).body.code, 'authentication_required');
});

test('H-137 a page of the same host without TLS is another site', async (t) => {
  const { context, page } = await open(t);
  await logIn(page);
  await page.goto(`http://localhost:${strangerPort}/`);
  const answer = await fetchIn(page, `${own}/api/auth/logout`,
    { mode: 'no-cors', credentials: 'include' });
  assert.equal(answer.status, 0);
  await page.goto(own + quiet);
  assert.equal((await me(page)).status, 200);
  assert.equal((await context.cookies()).length, 2);
});

test('H-139 without Fetch Metadata the origin must be this one, with its scheme', async (t) => {
  const { context, page } = await open(t);
  await logIn(page);
  const refresh = async (origin) => (await context.request.post(`${own}/api/auth/refresh`,
    { headers: { origin } })).status();
  for (const origin of [own.replace('https:', 'http:'), own.replace('localhost', '127.0.0.1'), 'null']) {
    assert.equal(await refresh(origin), 403, origin);
  }
  assert.equal(await refresh(own), 200);
});

test('tokens name the address with its scheme', async (t) => {
  const { page } = await open(t);
  const person = { email: newEmail(), password: newPassword() };
  await fetchIn(page, '/api/auth/register', { json: person });
  const { body } = await fetchIn(page, '/api/auth/login', { json: person });
  service.secrets.add(body.accessToken);
  const [, payload] = body.accessToken.split('.');
  assert.equal(JSON.parse(Buffer.from(payload, 'base64url')).iss, own);
});
