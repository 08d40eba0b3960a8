// Sections K and L of the attack catalogue, at a site of somebody's own with the
// recipe for its web server: what the gate guards is served to nobody else.
import assert from 'node:assert/strict';
import test from 'node:test';
import { cookieApi, cookieHeader } from '../lib/cookies.mjs';
import { behaviour, front } from '../lib/front.mjs';
import { connect } from '../lib/http.mjs';
import { isOk } from '../lib/oracle.mjs';
import { exchange } from '../lib/raw.mjs';
import { useSite } from '../lib/site.mjs';

const { service, site } = await useSite({ env: { LATCHKEY_GATE_LOGIN_URL: '/gate/login.html' } });
const { newcomer, jarFor } = cookieApi(service);
const { call } = connect(site);
const ask = (method, path, options) => call(method, path, { ...options, by: 'lighttpd' });

const ann = await newcomer();
const token = ann.accessToken;
const bearer = `Authorization: Bearer ${token}`;
const ids = { email: 'boss@example.org', password: 'a very long password' };
assert.equal((await service.ctl(['user', 'add', '--email', ids.email, '--role', 'ADMIN',
  '--password-stdin'], { input: ids.password })).status, 0);
const boss = (await cookieApi(service).login(ids)).body.accessToken;

const secret = /behind the gate/;
const { guarded, programs } = site;

// Bytes as they are; what is refused shows nothing and never is a 200.
const rawly = (path, ...lines) =>
  exchange(site, [`GET ${path} HTTP/1.1`, 'Host: site', ...lines]);
function isShut(answer, where) {
  assert.doesNotMatch(answer.text, secret, where);
  assert.ok([301, 302, 400, 401, 403, 404, behaviour.gateRefusal].includes(answer.status),
    `${where}: ${answer.status}, ${answer.ended}`);
}
const told = ({ text }) => Object.fromEntries(text.split('\n').filter((line) => line.includes('='))
  .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));

test('files, a CGI program and an application are behind the gate', async () => {
  for (const path of guarded) {
    const shut = await ask('GET', path);
    assert.equal(shut.status, 401, path);
    isShut(shut, path);
    const open = await ask('GET', path, { token: boss });
    assert.equal(open.status, 200, path);
    assert.match(open.text, secret);
    assert.equal(open.headers['cache-control'], 'no-store');
  }
  assert.equal((await ask('GET', '/')).status, 200);
});

test('GATE_ROLE guards one part more than the others', async () => {
  const answer = await ask('GET', '/admin/', { token });
  assert.equal(answer.status, 403);
  isShut(answer, '/admin/');
  assert.equal((await ask('GET', '/members/', { token })).status, 200);
});

for (const path of site.misspelt ?? []) {
  test(`${path}: a role that is none admits nobody`, async () => {
    for (const known of [{}, { token }, { token: boss }]) {
      isShut(await ask('GET', path, known), path);
    }
  });
}

for (const path of programs) {
  test(`${path} is told who asks, and nothing that a client says of it`, async () => {
    const forged = ['REMOTE_USER', 'Remote-User', 'remote_user', 'AUTH_SUB', 'Auth-Sub', 'Auth-Roles',
      'AUTH_ROLES', 'Variable-REMOTE_USER', 'Variable-AUTH_ROLES', 'X-Auth-Roles', 'X_Auth_Roles', 'GATE_ROLE',
      'REMOTE.USER', 'HTTP_REMOTE_USER', 'Redirect-Remote-User', 'X-Forwarded-User', 'AUTH_SESSION', 'Auth-Email'];
    const refusesOdd = front === 'apache' && path === '/web/';
    if (refusesOdd) {
      for (const name of forged.filter((text) => /[_.]/.test(text))) {
        const { status } = await rawly(path, bearer, `${name}: forged`);
        assert.equal(status, 403, name);
      }
    }
    const sent = forged.filter((name) => !refusesOdd || !/[_.]/.test(name));
    const answer = await rawly(path, bearer, 'Proxy: evil', ...sent.map((name) => `${name}: forged`));
    assert.equal(answer.status, 200, answer.text);
    const variables = told(answer);
    assert.equal(variables.REMOTE_USER, ann.user.id);
    assert.equal(variables.AUTH_SUB, ann.user.id);
    assert.equal(variables.AUTH_ROLES, 'USER');
    assert.equal(variables.AUTH_SESSION, ann.sessionId);
    assert.equal(variables.AUTH_EMAIL, ann.email);
    for (const [name, value] of Object.entries(variables)) {
      if (value.includes('forged')) assert.match(name, /^HTTP_/);
    }
    if (front !== 'lighttpd') {
      for (const name of ['HTTP_REMOTE_USER', 'HTTP_X_AUTH_ROLES', 'HTTP_X_FORWARDED_USER']) {
        assert.ok(!variables[name]?.includes('forged'), name);
      }
    }
    assert.equal(variables.HTTP_PROXY, undefined);
    assert.equal(variables.GATE_ROLE, undefined);
  });
}

test('H-181 past the gate the program is told no user, and refuses', async () => {
  for (const lines of [[], [bearer], ['REMOTE_USER: x', 'Remote-User: x']]) {
    const { status, text } = await rawly('/open-cgi/who', ...lines);
    assert.equal(status, 500);
    assert.doesNotMatch(text, secret);
  }
});

test('H-182 H-184 H-163 no other way to write a path leads in', async () => {
  const names = [['members', 'index.html'], ['admin', ''], ['cgi-bin', 'who'], ['application', 'x'],
    ['web', 'x']];
  for (const [name, rest] of names) {
    const first = `%${name.charCodeAt(0).toString(16)}`;
    const ways = [`//${name}/`, `///${name}/`, `/./${name}/`, `/x/../${name}/`, `/${first}${name.slice(1)}/`,
      `/${name}%2f`, `/${name}//`, `/${name};x/`, `/%2e/${name}/`, `/%2e%2e/${name}/`, `/${name.toUpperCase()}/`,
      `/${name}/?/../`, `/x/..%2f${name}/`, `/x%2f..%2f${name}/`, `/${name}/./`, `/${name}/../${name}/`,
      `/gate/../${name}/`, `/api/../${name}/`, `/gate/..%2f${name}/`, `/..%5c${name}/`, `/${name}%00/`,
      `/${name}\\`, `/${name}%20/`, `/${name}.`, `http://site/${name}/`, `http://evil/${name}/`, `/${name}/%`,
      `/open-cgi/../${name}/`, `/${name}%c0%af`, `/%252e%252e/${name}/`, `/${name}/x/../`];
    for (const way of ways) isShut(await rawly(way + rest), `${way}${rest}`);
  }
  for (const line of ['If-None-Match: *', 'If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT', 'Range: bytes=0-9',
    'Expect: 100-continue', 'X-Original-URL: /', 'X-Rewrite-URL: /', 'X-HTTP-Method-Override: GET',
    'X-Forwarded-For: 127.0.0.1']) {
    const { status, ended } = await rawly(`/members/?access_token=${token}`, line);
    assert.equal(status, 401, `${line}, ${ended}`);
  }
  for (const method of ['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'FOO', 'get']) {
    const answer = await exchange(site, [`${method} /members/ HTTP/1.1`, 'Host: site', 'Content-Length: 0']);
    assert.ok(![200, 204].includes(answer.status), `${method}: ${answer.status}`);
    assert.doesNotMatch(answer.text, secret);
  }
});

test('H-188 a rewrite and an error page lead through the gate', async () => {
  for (const path of ['/rewritten', '/nothing/here']) {
    isShut(await rawly(path), path);
    assert.match((await rawly(path, bearer)).text, secret, path);
  }
});

test('H-185 H-202 a body goes to the application and does not hang the gate', async () => {
  const body = 'x'.repeat(100_000);
  for (const path of programs) {
    const answer = await ask('POST', path, { token, body });
    assert.equal(answer.status, 200, path);
    assert.equal(told(answer).body, '100000');
    const shut = await ask('POST', path, { body });
    assert.equal(shut.status, 401);
    isShut(shut, path);
    const chunked = await exchange(site, [`POST ${path} HTTP/1.1`, 'Host: site', bearer,
      'Transfer-Encoding: chunked'], `5\r\nhello\r\n${(90_000).toString(16)}\r\n${'y'.repeat(90_000)}\r\n0\r\n\r\n`);
    assert.equal(chunked.status, 200, path);
    // Apache's mod_cgid does not count them, so the program reads nothing.
    const isCounted = path !== '/cgi-bin/who' || front !== 'apache';
    assert.equal(told(chunked).body, isCounted ? '90005' : undefined);
  }
});

test('H-185 HTTP/2 is off, whatever stood before', async () => {
  const { status, text } = await exchange(site, ['PRI * HTTP/2.0', '', 'SM', '']);
  assert.ok([400, 501, 505].includes(status), `${status} ${text}`);
});

test('what an application never sees: a request that was refused', async () => {
  site.asked.length = 0;
  for (const lines of [[], ['Authorization: Bearer x.y.z'], [bearer, bearer], [`${bearer}, x`],
    ['Cookie: __Host-latchkey-access=x'], [bearer, `Cookie: __Host-latchkey-access=${token}`]]) {
    isShut(await rawly('/application/', ...lines), lines.join());
  }
  assert.deepEqual(site.asked, []);
});

test('by cookie, a form of another page reaches no application', async () => {
  const cookie = cookieHeader(await jarFor(ann));
  const post = (headers) => ask('POST', '/application/', { headers: { cookie, ...headers }, body: 'a=1' });
  site.asked.length = 0;
  for (const headers of [{}, { origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' }, { origin: 'null' }]) {
    assert.equal((await post(headers)).status, 403);
  }
  assert.deepEqual(site.asked, []);
  assert.equal((await post({ 'sec-fetch-site': 'same-origin' })).status, 200);
  assert.equal((await post({ origin: site.base })).status, 200);
  assert.equal((await ask('GET', '/application/', { headers: { cookie } })).status, 200);
});

test('the pages of the login and the API are on the same host', async () => {
  for (const path of ['/gate/login.html', '/gate/login.js', '/gate/return.html', '/gate/return.js',
    '/gate/own-path.js', '/gate/gate.css', '/latchkey.js']) {
    const answer = await ask('GET', path);
    assert.equal(answer.status, 200, path);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  }
  const { headers } = await ask('GET', '/gate/return.html');
  assert.match(headers['content-security-policy'], /^default-src 'self'/);
  isOk(await ask('GET', '/auth/verify', { token }));
  isOk(await ask('GET', '/api/users/me', { token }));
});
