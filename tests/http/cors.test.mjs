// Pages of other origins: those of cors.origins, exactly, and no others.
import assert from 'node:assert/strict';
import test from 'node:test';
import { cookieApi } from '../lib/cookies.mjs';
import { allowed, operations, paths } from '../lib/operations.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { startService, useService } from '../lib/service.mjs';

const good = 'https://good.example';
const other = 'http://localhost:5173';
const service = await useService({ env: { LATCHKEY_CORS_ORIGINS: `${good}, ${other}` } });
const { call, get, login, by, cookieNewcomer, newcomer, registered } = cookieApi(service);

const nobody = '00000000-0000-7000-8000-000000000000';
const preflight = (path, origin, more = {}) => call('OPTIONS', path.replace('{id}', nobody), { headers: {
  origin, 'access-control-request-method': 'POST', ...more,
} });
const granted = ({ headers }) =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-')).sort();

const nearMisses = ['https://good.example.evil', 'https://evilgood.example', 'https://good.example%60.evil',
  'https://good_example', 'http://good.example', 'https://good.example:443', 'https://good.example/',
  'https://GOOD.example', 'https://www.good.example', 'https://good.example, https://evil.example',
  'https://good.exampl', 'https://', 'null', '*', '', 'http://localhost:51730', 'http://localhost',
  'https://localhost:5173', `${good},${other}`, `${good}, ${other}`, service.base];

test('H-145 an allowed origin is told so by name', async () => {
  const { accessToken: token } = await newcomer();
  for (const origin of [good, other]) {
    const answer = await get('/api/users/me', { token, headers: { origin } });
    isOk(answer);
    assert.equal(answer.headers['access-control-allow-origin'], origin);
    assert.equal(answer.headers['access-control-allow-credentials'], 'true');
    assert.equal(answer.headers.vary, 'Origin');
    assert.match(answer.headers['access-control-expose-headers'], /\bX-Request-Id\b/);
    assert.match(answer.headers['access-control-expose-headers'], /\bWWW-Authenticate\b/);
  }
});

test('H-145 so that its page can read errors, they tell too', async () => {
  for (const answer of [await get('/api/users/me', { headers: { origin: good } }),
    await call('POST', '/api/auth/login', { json: {}, headers: { origin: good } }),
    await call('PUT', '/api/weather', { headers: { origin: good } })]) {
    assert.ok(answer.status >= 400);
    assert.equal(answer.headers['access-control-allow-origin'], good);
    assert.equal(answer.headers.vary, 'Origin');
  }
});

test('H-146 an origin that is nearly one is none', async () => {
  const { accessToken: token } = await newcomer();
  for (const origin of nearMisses) {
    const answer = await get('/api/users/me', { token, headers: { origin } });
    isOk(answer);
    assert.deepEqual(granted(answer), [], origin);
    assert.equal(answer.headers.vary, 'Origin');
    const asked = await preflight('/api/auth/login', origin);
    assert.equal(asked.status, origin === '' ? 405 : 403, origin);
    assert.deepEqual(granted(asked), [], origin);
  }
});

test('an answer says Vary also to whoever sends no origin', async () => {
  const answer = await get('/.well-known/jwks.json');
  isOk(answer);
  assert.equal(answer.headers.vary, 'Origin');
  assert.deepEqual(granted(answer), []);
});

for (const path of paths) {
  test(`H-145 a preflight of ${path} names its methods and headers`, async () => {
    const answer = await preflight(path, good, { 'access-control-request-headers': 'authorization,content-type' });
    isOk(answer, 204);
    const { headers } = answer;
    assert.equal(headers['access-control-allow-origin'], good);
    assert.equal(headers['access-control-allow-credentials'], 'true');
    assert.equal(headers['access-control-allow-headers'], 'authorization, content-type');
    assert.match(headers['access-control-max-age'], /^[1-9]\d*$/);
    assert.equal(headers.vary, 'Origin');
    const methods = headers['access-control-allow-methods'].split(', ');
    for (const method of allowed(path).split(', ')) {
      if (method !== 'HEAD') assert.ok(methods.includes(method), method);
    }
    assert.ok(!methods.includes('*'));
  });
}

test('a preflight has no effect, whatever it carries', async () => {
  const ann = await cookieNewcomer();
  isOk(await by('OPTIONS', '/api/auth/logout', ann,
    { headers: { origin: good, 'access-control-request-method': 'POST' } }), 204);
  isOk(await by('GET', '/api/users/me', ann));
});

test('OPTIONS that is no preflight is a method like any other', async () => {
  for (const headers of [{}, { origin: good }, { 'access-control-request-method': 'POST' }]) {
    const answer = await call('OPTIONS', '/api/auth/login', { headers });
    isProblem(answer, 'method_not_allowed');
    assert.equal(answer.headers.allow, 'POST');
  }
});

test('H-142 an allowed origin may log in by tokens, and by cookies it may not', async () => {
  const { email, password } = await registered();
  const headers = { origin: good, 'sec-fetch-site': 'cross-site' };
  isOk(await login({ email, password }, { headers }));
  const answer = await login({ email, password, useCookies: true }, { headers });
  isProblem(answer, 'csrf_rejected');
  assert.equal(answer.headers['access-control-allow-origin'], good);
});

test('H-139 an allowed origin changes nothing by cookie', async () => {
  const ann = await cookieNewcomer();
  for (const headers of [{ origin: good }, { origin: good, 'sec-fetch-site': 'same-site' }]) {
    isProblem(await by('POST', '/api/auth/logout', ann, { headers }), 'csrf_rejected');
    isProblem(await by('POST', '/api/auth/refresh', ann, { headers }), 'csrf_rejected');
  }
  isOk(await by('GET', '/api/users/me', ann));
});

test('without a list there is no word of it', async (t) => {
  const closed = await startService();
  t.after(closed.stop);
  const http = cookieApi(closed);
  for (const { method, path } of operations) {
    for (const [verb, headers] of [[method, { origin: good }],
      ['OPTIONS', { origin: good, 'access-control-request-method': method }]]) {
      const answer = await http.call(verb, path.replace('{id}', nobody),
        { headers, ...(verb === 'POST' ? { json: {} } : {}) });
      assert.deepEqual(granted(answer), []);
      assert.equal(answer.headers.vary, undefined);
      if (verb === 'OPTIONS') isProblem(answer, 'method_not_allowed');
    }
  }
});
