// The gate as lighttpd and others ask it: the AUTHORIZER role in front of
// /private/, and GET /auth/verify.
import assert from 'node:assert/strict';
import test from 'node:test';
import { cookieApi, cookieHeader, ownPage } from '../lib/cookies.mjs';
import { authorize } from '../lib/fcgi.mjs';
import { behaviour } from '../lib/front.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { newEmail, newPassword } from '../lib/people.mjs';
import { exchange } from '../lib/raw.mjs';
import { useService } from '../lib/service.mjs';

// The set is not read again by age alone: what kills is the shared counter.
const service = await useService({ env: {
  LATCHKEY_REVOCATION_STALENESS_MS: '60000',
} });
const { call, get, newcomer, cookieNewcomer, jarFor, logout, login: logIn } = cookieApi(service);

const ann = await newcomer();
const jar = await jarFor(ann);
const bearer = (token) => ({ HTTP_AUTHORIZATION: `Bearer ${token}` });
const cookies = (of) => ({ HTTP_COOKIE: cookieHeader(of) });

// Of whoever is asked for through the web server: the file, or who refused it.
const secret = /Behind the gate/;
const privately = (method, headers = {}) =>
  call(method, '/private/', { headers, by: 'lighttpd' });
function isServed(answer) {
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.text, secret);
}
function isRefused(answer, ...statuses) {
  assert.ok(statuses.includes(answer.status), `${answer.status} ${answer.text}`);
  assert.doesNotMatch(answer.text, secret);
}

async function administrator() {
  const [email, password] = [newEmail('boss'), newPassword()];
  const { status, stderr } = await service.ctl(
    ['user', 'add', '--email', email, '--role', 'ADMIN', '--password-stdin'], { input: password });
  assert.equal(status, 0, stderr);
  const answer = await logIn({ email, password });
  isOk(answer);
  return { email, password, ...answer.body };
}
const boss = await administrator();

// --- Who passes -----------------------------------------------------------

test('a file behind the gate is served by token or cookie, to nobody else', async () => {
  isServed(await privately('GET', { authorization: `Bearer ${ann.accessToken}` }));
  isServed(await privately('GET', { cookie: cookieHeader(jar) }));
  isServed(await privately('GET', { cookie: cookieHeader({ access: jar.access }) }));
  const refusal = await privately('GET');
  isRefused(refusal, 401);
  assert.equal(refusal.headers['www-authenticate'], 'Bearer realm="latchkey"');
  isRefused(await privately('HEAD'), 401);
  isRefused(await privately('GET', { cookie: cookieHeader({ refresh: jar.refresh }) }), 401);
});

test('leave is exactly 200, with the identity in variables that are not HTTP_*', async () => {
  const answer = await authorize(service, bearer(ann.accessToken));
  assert.equal(answer.status, 200);
  assert.equal(answer.text, '');
  assert.deepEqual(answer.end, { status: 0, protocol: 0 });
  const told = answer.lines.filter((line) => line.startsWith('Variable-')).sort();
  assert.deepEqual(told, [
    `Variable-AUTH_EMAIL: ${ann.email}`,
    'Variable-AUTH_ROLES: USER',
    `Variable-AUTH_SESSION: ${ann.sessionId}`,
    `Variable-AUTH_SUB: ${ann.user.id}`,
    `Variable-REMOTE_USER: ${ann.user.id}`,
  ]);
});

test('/auth/verify tells the same in headers', async () => {
  const { headers } = await get('/auth/verify', { token: ann.accessToken });
  const told = Object.entries(headers).filter(([name]) => name.startsWith('x-auth-'));
  assert.deepEqual(Object.fromEntries(told), {
    'x-auth-subject': ann.user.id, 'x-auth-session': ann.sessionId,
    'x-auth-roles': 'USER', 'x-auth-email': ann.email,
  });
});

test('an address of other characters than the safe ones is left out', async () => {
  for (const local of ['o\'neil', 'a=b', 'x%0d%0aVariable-AUTH_ROLES', 'a`id`', 'a{b}', 'a&b']) {
    const odd = await newcomer({ email: `${local}${newEmail()}` });
    const { status, lines } = await authorize(service, bearer(odd.accessToken));
    assert.equal(status, 200);
    assert.ok(lines.includes(`Variable-REMOTE_USER: ${odd.user.id}`));
    assert.ok(!lines.some((line) => line.startsWith('Variable-AUTH_EMAIL')), lines.join());
    const { headers } = await get('/auth/verify', { token: odd.accessToken });
    assert.equal(headers['x-auth-subject'], odd.user.id);
    assert.equal(headers['x-auth-email'], undefined);
  }
});

// --- Who does not ---------------------------------------------------------

const badTokens = {
  'no token': 'x.y.z',
  'one cut short': ann.accessToken.slice(0, -1),
  'one made longer': `${ann.accessToken}A`,
  'two in one': `${ann.accessToken} ${ann.accessToken}`,
  'a refresh token': ann.refreshToken,
  'a long one': 'a'.repeat(5000),
};
for (const [name, token] of Object.entries(badTokens)) {
  test(`H-191 ${name} as bearer is 401 at every door`, async () => {
    isRefused(await privately('GET', { authorization: `Bearer ${token}` }), 401);
    isProblem(await get('/auth/verify', { token }), 'invalid_token');
    const answer = await authorize(service, bearer(token));
    isProblem(answer, 'invalid_token');
    assert.equal(answer.status, 401);
  });
}

const badCookies = {
  'an access cookie that is no token': `__Host-latchkey-access=x`,
  'a refresh token in the access cookie': `__Host-latchkey-access=${jar.refresh}`,
  'an access cookie without a value': '__Host-latchkey-access=',
  'an access cookie without =': '__Host-latchkey-access',
  'a cookie of another name': `latchkey-access=${jar.access}`,
  'a cookie twice': `${cookieHeader(jar)}; __Host-latchkey-access=${jar.access}`,
  'an access token in the refresh cookie': `__Host-latchkey-refresh=${jar.access}`,
  'quotes': `__Host-latchkey-access="${jar.access}"`,
};
for (const [name, cookie] of Object.entries(badCookies)) {
  test(`H-191 ${name}: 401 at every door`, async () => {
    isRefused(await privately('GET', { cookie }), 401);
    assert.equal((await get('/auth/verify', { headers: { cookie } })).status, 401);
    assert.equal((await authorize(service, { HTTP_COOKIE: cookie })).status, 401);
  });
}

test('two credentials are refused, whichever of them is good', async () => {
  for (const token of [ann.accessToken, 'x.y.z']) {
    for (const access of [jar.access, 'x']) {
      const headers = { authorization: `Bearer ${token}`, cookie: cookieHeader({ access }) };
      isRefused(await privately('GET', headers), behaviour.gateRefusal);
      isProblem(await get('/auth/verify', { headers }), 'invalid_request');
      const answer = await authorize(service, { ...bearer(token), HTTP_COOKIE: headers.cookie });
      isProblem(answer, 'invalid_token');
    }
  }
});

test('two headers of one kind are refused', async () => {
  const line = `Authorization: Bearer ${ann.accessToken}`;
  const answer = await exchange(service,
    ['GET /private/ HTTP/1.1', 'Host: latchkey', line, line]);
  isRefused(answer, 400, 401);
});

// --- Roles ----------------------------------------------------------------

test('GATE_ROLE and ?role= demand a role of the token', async () => {
  const by = { USER: ann, ADMIN: boss };
  for (const [has, { accessToken: token }] of Object.entries(by)) {
    for (const wanted of ['USER', 'ADMIN', 'EDITOR', 'USE', 'USERS', 'ADMIN-', 'U']) {
      const isFor = wanted === has;
      const allowed = await authorize(service, { ...bearer(token), GATE_ROLE: wanted });
      assert.equal(allowed.status, isFor ? 200 : 403, `${has} for ${wanted}`);
      const verified = await get(`/auth/verify?role=${wanted}`, { token });
      if (isFor) isOk(verified);
      else isProblem(verified, 'forbidden');
      if (!isFor) {
        isProblem(allowed, 'forbidden');
        assert.ok(!allowed.lines.some((line) => line.startsWith('Variable-')));
        assert.equal(verified.headers['x-auth-subject'], undefined);
      }
    }
  }
});

test('a GATE_ROLE that is no role admits nobody, and the log says so', async () => {
  for (const wanted of ['', ' ', 'admin', 'Admin', 'ADMIN,USER', 'USER ', ' USER', '*', 'X'.repeat(99)]) {
    const answer = await authorize(service, { ...bearer(boss.accessToken), GATE_ROLE: wanted });
    isProblem(answer, 'forbidden');
  }
  assert.ok(service.log().some(({ level, message }) => level === 'error' &&
    message === 'GATE_ROLE \'admin\' is no role; write it in capitals'));
});

test('a ?role= that is no role, or comes twice, admits nobody', async () => {
  const token = boss.accessToken;
  for (const wanted of ['', 'admin', 'ADMIN,USER', '%20ADMIN', '*']) {
    isProblem(await get(`/auth/verify?role=${wanted}`, { token }), 'validation_failed', 'role role_invalid');
  }
  for (const query of ['role=ADMIN&role=ADMIN', 'role=ADMIN&role=USER']) {
    isProblem(await get(`/auth/verify?${query}`, { token }), 'invalid_request');
  }
});

test('H-193 a header is no GATE_ROLE, no method and no identity', async () => {
  const forged = { gate_role: 'USER', 'gate-role': 'USER', remote_user: boss.user.id,
    'x-auth-roles': 'ADMIN', auth_roles: 'ADMIN', 'variable-auth_roles': 'ADMIN' };
  const headers = { authorization: `Bearer ${ann.accessToken}`, ...forged };
  isProblem(await get('/auth/verify?role=ADMIN', { headers }), 'forbidden');
  const asParams = Object.fromEntries(Object.entries(forged)
    .map(([name, value]) => [`HTTP_${name.toUpperCase().replaceAll('-', '_')}`, value]));
  const answer = await authorize(service, { ...bearer(ann.accessToken), ...asParams, GATE_ROLE: 'ADMIN' });
  isProblem(answer, 'forbidden');
  const { lines } = await authorize(service, { ...bearer(ann.accessToken), ...asParams });
  assert.ok(lines.includes('Variable-AUTH_ROLES: USER'));
});

// --- At once --------------------------------------------------------------

test('a logout closes the gate at the next request', async () => {
  const bob = await newcomer();
  const by = bearer(bob.accessToken);
  assert.equal((await authorize(service, by)).status, 200);
  isOk(await logout(bob.accessToken), 204);
  isProblem(await authorize(service, by), 'invalid_token');
  isProblem(await get('/auth/verify', { token: bob.accessToken }), 'invalid_token');
  isRefused(await privately('GET', { authorization: `Bearer ${bob.accessToken}` }), 401);
});

test('an account that is shut closes it too', async () => {
  const bob = await newcomer();
  const by = bearer(bob.accessToken);
  assert.equal((await authorize(service, by)).status, 200);
  assert.equal((await service.ctl(['user', 'disable', '--email', bob.email])).status, 0);
  isProblem(await authorize(service, by), 'invalid_token');
});

test('a role that is taken away closes it, and one that is given opens it with a new token', async () => {
  const { email, password, accessToken } = await administrator();
  const asAdmin = (token) => authorize(service, { ...bearer(token), GATE_ROLE: 'ADMIN' });
  const setRoles = async (...roles) => {
    const { status, stderr } = await service.ctl(['user', 'roles', email, '--set', roles.join(',')]);
    assert.equal(status, 0, stderr);
  };
  assert.equal((await asAdmin(accessToken)).status, 200);
  await setRoles('USER');
  isProblem(await asAdmin(accessToken), 'invalid_token');
  isProblem(await get('/auth/verify?role=ADMIN', { token: accessToken }), 'invalid_token');
  const { body: lesser } = await logIn({ email, password });
  isProblem(await asAdmin(lesser.accessToken), 'forbidden');
  await setRoles('ADMIN');
  isProblem(await asAdmin(lesser.accessToken), 'invalid_token');
  const { body: greater } = await logIn({ email, password });
  assert.equal((await asAdmin(greater.accessToken)).status, 200);
});

// --- By cookie, from where ------------------------------------------------

const foreign = [
  { HTTP_SEC_FETCH_SITE: 'cross-site' }, { HTTP_SEC_FETCH_SITE: 'same-site' },
  { HTTP_ORIGIN: 'https://evil.example' }, { HTTP_ORIGIN: 'null' },
  { HTTP_REFERER: 'https://evil.example/' }, {},
];
const own = [
  { HTTP_SEC_FETCH_SITE: 'same-origin' }, { HTTP_SEC_FETCH_SITE: 'none' },
  { HTTP_ORIGIN: service.base }, { HTTP_REFERER: `${service.base}/private/` },
];
const unsafe = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'FOO', 'get', '', 'GET, POST'];

test('what changes something by cookie comes from our own pages', async () => {
  for (const method of unsafe) {
    for (const signals of foreign) {
      const answer = await authorize(service, { ...cookies(jar), ...signals, REQUEST_METHOD: method });
      isProblem(answer, 'csrf_rejected');
    }
    for (const signals of own) {
      const { status } = await authorize(service, { ...cookies(jar), ...signals, REQUEST_METHOD: method });
      assert.equal(status, 200, `${method} ${JSON.stringify(signals)}`);
    }
  }
  isProblem(await authorize(service, { ...cookies(jar), REQUEST_METHOD: null }), 'csrf_rejected');
});

test('what only reads may come from anywhere, and so may a token in the header', async () => {
  for (const signals of foreign) {
    for (const method of ['GET', 'HEAD']) {
      const { status } = await authorize(service, { ...cookies(jar), ...signals, REQUEST_METHOD: method });
      assert.equal(status, 200);
    }
    const { status } = await authorize(service,
      { ...bearer(ann.accessToken), ...signals, REQUEST_METHOD: 'POST' });
    assert.equal(status, 200);
  }
});

test('a WebSocket by cookie is opened by our own pages alone', async () => {
  const upgrade = { ...cookies(jar), HTTP_UPGRADE: 'websocket' };
  isProblem(await authorize(service, { ...upgrade, HTTP_ORIGIN: 'https://evil.example' }), 'csrf_rejected');
  assert.equal((await authorize(service, { ...upgrade, HTTP_ORIGIN: service.base })).status, 200);
});

test('/auth/verify takes the method from X-Forwarded-Method or X-Original-Method', async () => {
  const cookie = cookieHeader(jar);
  const asked = (headers) => get('/auth/verify', { headers: { cookie, ...headers } });
  for (const name of ['x-forwarded-method', 'x-original-method']) {
    for (const method of unsafe.filter((text) => text !== '')) {
      isProblem(await asked({ [name]: method, origin: 'https://evil.example' }), 'csrf_rejected');
      isProblem(await asked({ [name]: method }), 'csrf_rejected');
      isOk(await asked({ [name]: method, ...ownPage }));
    }
    isOk(await asked({ [name]: 'GET', 'sec-fetch-site': 'same-site' }));
  }
  isProblem(await asked({ 'x-forwarded-method': 'GET', 'x-original-method': 'POST' }), 'csrf_rejected');
  // Where the method is not said: a page is opened without an Origin.
  isOk(await asked({}));
  isOk(await asked({ 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate' }));
  isProblem(await asked({ origin: 'https://evil.example' }), 'csrf_rejected');
  isProblem(await asked({ 'sec-fetch-site': 'same-site', origin: 'https://a.example' }), 'csrf_rejected');
});

test('ForwardAuth as Traefik and Caddy do it', async () => {
  const about = (method, uri) => ({
    'x-forwarded-method': method, 'x-forwarded-proto': 'https', 'x-forwarded-host': 'site.example',
    'x-forwarded-uri': uri, 'x-forwarded-for': '192.0.2.1', 'x-forwarded-port': '443',
    'x-forwarded-server': 'proxy', 'accept-encoding': 'gzip', accept: '*/*',
  });
  const asked = (method, uri, headers = {}, query = '') =>
    get(`/auth/verify${query}`, { headers: { ...about(method, uri), ...headers } });
  const authorization = `Bearer ${ann.accessToken}`;
  for (const method of ['GET', 'POST', 'DELETE']) {
    const answer = await asked(method, '/a?b=c', { authorization });
    isOk(answer);
    assert.equal(answer.headers['x-auth-subject'], ann.user.id);
    isProblem(await asked(method, '/a'), 'authentication_required');
    isProblem(await asked(method, '/a', { authorization: 'Bearer x.y.z' }), 'invalid_token');
  }
  isProblem(await asked('GET', '/a', { authorization }, '?role=ADMIN'), 'forbidden');
  // A client can't demand less than the address says, nor be another.
  isProblem(await asked('GET', '/auth/verify?role=USER', { authorization }, '?role=ADMIN'), 'forbidden');
  const forged = { 'x-auth-subject': boss.user.id, 'x-auth-roles': 'ADMIN' };
  const { headers } = await asked('GET', '/a', { authorization, ...forged });
  assert.equal(headers['x-auth-subject'], ann.user.id);
  assert.equal(headers['x-auth-roles'], 'USER');
});

// --- Through the web server -----------------------------------------------

test('what is behind the gate is kept by no cache', async () => {
  const answer = await privately('GET', { authorization: `Bearer ${ann.accessToken}` });
  assert.equal(answer.headers['cache-control'], 'no-store');
});

test('the body of an upload does not hang the gate', async () => {
  const body = 'x'.repeat(100_000);
  const headers = { authorization: `Bearer ${ann.accessToken}` };
  // The web server has no use for it: the file takes GET alone.
  const answer = await call('POST', '/private/', { headers, body, by: 'lighttpd' });
  assert.ok([200, 405, 501].includes(answer.status), `${answer.status}`);
  isRefused(await call('POST', '/private/', { body, by: 'lighttpd' }), 401);
});
