// What a browser sends by itself must have been asked for by our own page.
import assert from 'node:assert/strict';
import test from 'node:test';
import { cookieApi, jarOf } from '../lib/cookies.mjs';
import { operations } from '../lib/operations.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { useService } from '../lib/service.mjs';

const service = await useService();
const { base } = service;
const { by, cookieNewcomer, login, newcomer, call, post, registered, weather } = cookieApi(service);

const nobody = '00000000-0000-7000-8000-000000000000';
// Where clients say who they are by HTTP Basic no cookie is looked at.
const readsCookies = ({ auth }) => !['none', 'client', 'maybe client'].includes(auth);
const unsafe = operations.filter((operation) => operation.method !== 'GET' && readsCookies(operation))
  .map(({ method, path, body, role }) => ({
    method, path: path.replace(/\{\w+\}/, nobody), more: body === 'required' ? { json: {} } : {},
    // What is heard may be beyond her all the same.
    heard: role === null ? [200, 204, 404, 422] : [403],
  }));

const foreignOrigins = ['https://evil.example', 'null', '', `${base}/`, `${base}.evil.example`,
  `${base}0`, base.slice(0, -1), base.replace('http:', 'https:'), base.toUpperCase(),
  base.replace(/:\d+$/, ''), base.replace(/:\d+$/, ':444'), base.replace('127.0.0.1', 'localhost'),
  base.replace('127.0.0.1', '127.1'), base.replace('127.0.0.1', 'evil@127.0.0.1'),
  `${base}, https://evil.example`, ` ${base} x`, 'file://', '*'];
const foreign = [
  ...['cross-site', 'same-site', 'Same-Origin', 'same-origin, cross-site', 'x', ''].map((site) =>
    ({ 'sec-fetch-site': site })),
  { 'sec-fetch-site': 'cross-site', origin: base },
  { 'sec-fetch-site': 'same-site', referer: `${base}/` },
  ...foreignOrigins.map((origin) => ({ origin })),
  { origin: 'https://evil.example', referer: `${base}/` },
  ...['https://evil.example/', `https://evil.example/?${base}/`, `${base}.evil.example/`, `${base}0/`,
    `${base}@evil.example/`, `${base.replace('http:', 'https:')}/`, 'about:blank', '',
    `${base}\\evil`].map((referer) => ({ referer })),
];
const ours = [
  { 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-site': 'none' },
  { origin: base },
  { origin: base, referer: 'https://evil.example/' },
  { referer: base },
  { referer: `${base}/a/page?of=ours` },
];

test('there is something to forge', () => {
  const paths = unsafe.map(({ method, path }) => `${method} ${path}`);
  for (const path of ['POST /api/auth/refresh', 'POST /api/auth/logout', 'POST /api/auth/password']) {
    assert.ok(paths.includes(path), path);
  }
});

for (const { method, path, more, heard } of unsafe) {
  test(`H-137 H-139 H-140 ${method} ${path} by cookie and from elsewhere is refused`, async () => {
    const ann = await cookieNewcomer();
    for (const headers of foreign) {
      for (const jar of [ann, { access: ann.access }, { refresh: ann.refresh }]) {
        const answer = await by(method, path, jar, { headers, ...more });
        isProblem(answer, 'csrf_rejected');
        assert.equal(answer.headers['set-cookie'], undefined);
      }
    }
    isOk(await by('GET', '/api/users/me', ann));
    isOk(await by('POST', '/api/auth/refresh', ann));
  });

  test(`H-140 ${method} ${path} by cookie and from nowhere is refused`, async () => {
    const ann = await cookieNewcomer();
    isProblem(await by(method, path, ann, { headers: {}, ...more }), 'csrf_rejected');
    isOk(await by('GET', '/api/users/me', ann));
  });

  test(`${method} ${path} by cookie and from our own page is heard`, async () => {
    for (const headers of ours) {
      const ann = await cookieNewcomer();
      const answer = await by(method, path, ann, { headers, ...more });
      assert.notEqual(answer.body?.code, 'csrf_rejected', JSON.stringify(headers));
      assert.ok(heard.includes(answer.status), answer.text);
    }
  });
}

test('H-137 a session lives through all that was tried in its name', async () => {
  const ann = await cookieNewcomer();
  for (const headers of foreign) {
    isProblem(await by('POST', '/api/auth/logout', ann, { headers, json: { scope: 'global' } }),
      'csrf_rejected');
    isProblem(await by('DELETE', `/api/auth/sessions/${ann.sessionId}`, ann, { headers }),
      'csrf_rejected');
  }
  isOk(await by('GET', '/api/users/me', ann));
});

test('H-143 an image of a page elsewhere logs nobody out', async () => {
  const ann = await cookieNewcomer();
  isProblem(await by('GET', '/api/auth/logout', ann, { headers: { 'sec-fetch-site': 'cross-site' } }),
    'method_not_allowed');
  isOk(await by('GET', '/api/users/me', ann));
});

test('H-142 a page elsewhere plants no login', async () => {
  const { email, password } = await registered();
  // An empty header is no word about where it comes from; no browser sends it.
  for (const headers of foreign.filter((signals) => !Object.values(signals).includes(''))) {
    const answer = await login({ email, password, useCookies: true }, { headers });
    isProblem(answer, 'csrf_rejected');
    assert.equal(answer.headers['set-cookie'], undefined);
  }
});

test('H-142 our own page logs in by cookies, and so does a client that is no browser', async () => {
  const { email, password } = await registered();
  for (const headers of [...ours, {}]) {
    const answer = await login({ email, password, useCookies: true }, { headers });
    isOk(answer);
    isOk(await by('GET', '/api/users/me', jarOf(answer)));
  }
});

test('H-142 a form can not send what a login takes', async () => {
  const { email, password } = await registered();
  const body = JSON.stringify({ email, password, useCookies: true });
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x',
    'text/plain; application/json', undefined]) {
    const headers = type === undefined ? {} : { 'content-type': type };
    isProblem(await call('POST', '/api/auth/login', { body, headers }), 'unsupported_media_type');
  }
});

test('tokens in headers are sent by nobody but those who have them', async () => {
  let pair = await newcomer();
  for (const headers of foreign) {
    const answer = await post('/api/auth/refresh', { refreshToken: pair.refreshToken }, { headers });
    isOk(answer);
    pair = answer.body;
  }
  const [headers] = foreign;
  isOk(await post('/api/auth/logout', undefined, { token: pair.accessToken, headers }), 204);
  isProblem(await weather(pair.accessToken), 'invalid_token');
});
