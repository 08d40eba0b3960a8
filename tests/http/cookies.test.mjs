// Cookie mode: the pair in two cookies that no script can read.
import assert from 'node:assert/strict';
import test from 'node:test';
import { accessName, cookieApi, jarOf, ownPage, refreshName, setCookies } from '../lib/cookies.mjs';
import { decode } from '../lib/jwt.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { newPassword } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const service = await useService();
const { by, jarFor, cookieNewcomer, call, login, me, weather, refresh, registered, newcomer } =
  cookieApi(service);

const attributes = (maxAge) => `Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=${maxAge}`;

function isCleared(answer) {
  const cookies = setCookies(answer);
  assert.deepEqual(cookies, {
    [accessName]: { value: '', rest: attributes(0) },
    [refreshName]: { value: '', rest: attributes(0) },
  });
}

test('the pair comes in two cookies, and not in the body', async () => {
  const { email, password, user } = await registered();
  const answer = await login({ email, password, useCookies: true });
  isOk(answer);
  const { body } = answer;
  const plain = (await login({ email, password })).body;
  assert.deepEqual(Object.keys(body), Object.keys(plain));
  assert.equal(body.accessToken, null);
  assert.equal(body.refreshToken, null);
  assert.equal(body.tokenType, 'Bearer');
  assert.equal(body.user.id, user.id);
  const cookies = setCookies(answer);
  assert.equal(cookies[accessName].rest, attributes(900));
  // By the database's clock, a second of which may have begun since the request.
  assert.ok([604800, 604801].map(attributes).includes(cookies[refreshName].rest));
  const { access, refresh: token } = jarOf(answer);
  assert.equal(decode(access).payload.sid, body.sessionId);
  assert.match(token, /^lkr_/);
});

test('useCookies must be said, and be true', async () => {
  const { email, password } = await registered();
  for (const useCookies of [undefined, false, null]) {
    const answer = await login({ email, password, useCookies });
    isOk(answer);
    assert.equal(answer.headers['set-cookie'], undefined);
    assert.ok(answer.body.accessToken.length > 100);
  }
  isProblem(await login({ email, password, useCookies: 'yes' }), 'validation_failed',
    'useCookies wrong_type');
});

test('an error sets no cookie', async () => {
  const { email } = await registered();
  const answer = await login({ email, password: newPassword(), useCookies: true });
  isProblem(answer, 'invalid_credentials');
  assert.equal(answer.headers['set-cookie'], undefined);
});

test('the access cookie is a bearer token', async () => {
  const ann = await cookieNewcomer();
  const answer = await by('GET', '/api/users/me', ann);
  isOk(answer);
  assert.equal(answer.body.id, ann.user.id);
  isOk(await by('GET', '/api/weather', ann));
  isOk(await by('GET', '/api/auth/sessions', ann));
  isOk(await by('GET', '/api/weather', { access: ann.access }));
  // A look needs no proof of where it comes from: it changes nothing.
  isOk(await by('GET', '/api/weather', ann, { headers: {} }));
});

test('a refresh by cookie sets the next pair', async () => {
  const ann = await cookieNewcomer();
  for (const json of [undefined, {}, { refreshToken: null }]) {
    const answer = await by('POST', '/api/auth/refresh', ann, { json });
    isOk(answer);
    const next = jarOf(answer);
    assert.notEqual(next.refresh, ann.refresh);
    assert.equal(answer.body.accessToken, null);
    assert.equal(answer.body.refreshToken, null);
    assert.equal(answer.body.sessionId, ann.sessionId);
    isOk(await by('GET', '/api/weather', next));
    Object.assign(ann, next);
  }
});

test('H-151 the access cookie may be gone or old: the refresh cookie will do', async () => {
  const ann = await cookieNewcomer();
  isProblem(await by('GET', '/api/users/me', { refresh: ann.refresh }), 'authentication_required');
  isOk(await by('POST', '/api/auth/refresh', { refresh: ann.refresh }));
  isOk(await by('POST', '/api/auth/refresh', { access: 'x.y.z', refresh: ann.refresh }));
});

test('H-151 without the refresh cookie there is nothing to refresh', async () => {
  const ann = await cookieNewcomer();
  isProblem(await by('POST', '/api/auth/refresh', { access: ann.access }, { json: {} }),
    'validation_failed', 'refreshToken required');
  isProblem(await by('GET', '/api/users/me', {}), 'authentication_required');
});

test('a logout by cookie ends the session and clears both cookies', async () => {
  const ann = await cookieNewcomer();
  const other = await jarFor(ann);
  const answer = await by('POST', '/api/auth/logout', ann);
  isOk(answer, 204);
  isCleared(answer);
  assert.equal(answer.headers['clear-site-data'], undefined);
  isProblem(await by('GET', '/api/users/me', ann), 'invalid_token');
  isProblem(await by('POST', '/api/auth/refresh', ann), 'session_ended');
  isOk(await by('GET', '/api/users/me', other));
});

test('one cookie is enough to log out, and twice is no error', async () => {
  for (const keep of ['access', 'refresh']) {
    const ann = await cookieNewcomer();
    for (let i = 0; i < 2; i++) {
      const answer = await by('POST', '/api/auth/logout', { [keep]: ann[keep] });
      isOk(answer, 204);
      isCleared(answer);
    }
    isProblem(await by('POST', '/api/auth/refresh', ann), 'session_ended');
  }
});

test('a logout of the others leaves these cookies alone, a global one does not', async () => {
  const ann = await cookieNewcomer();
  const other = await jarFor(ann);
  const answer = await by('POST', '/api/auth/logout', ann, { json: { scope: 'others' } });
  isOk(answer, 204);
  assert.equal(answer.headers['set-cookie'], undefined);
  isProblem(await by('GET', '/api/users/me', other), 'invalid_token');
  isOk(await by('GET', '/api/users/me', ann));
  isCleared(await by('POST', '/api/auth/logout', ann, { json: { scope: 'global' } }));
  isProblem(await by('GET', '/api/users/me', ann), 'invalid_token');
});

test('a new password by cookie sets the new pair', async () => {
  const ann = await cookieNewcomer();
  const answer = await by('POST', '/api/auth/password', ann,
    { json: { currentPassword: ann.password, newPassword: newPassword() } });
  isOk(answer);
  const next = jarOf(answer);
  assert.equal(answer.body.accessToken, null);
  isProblem(await by('GET', '/api/users/me', ann), 'invalid_token');
  isOk(await by('GET', '/api/users/me', next));
  isOk(await by('POST', '/api/auth/refresh', next));
});

test('a token in the body beside its cookie is one too many', async () => {
  const ann = await cookieNewcomer();
  const bob = await newcomer();
  for (const path of ['/api/auth/refresh', '/api/auth/logout']) {
    for (const refreshToken of [ann.refresh, bob.refreshToken, 'x', '']) {
      isProblem(await by('POST', path, ann, { json: { refreshToken } }), 'invalid_request');
    }
  }
  isOk(await by('POST', '/api/auth/refresh', ann));
  isOk(await refresh(bob.refreshToken));
});

test('a bearer token beside the cookies is one too many, but for a refresh', async () => {
  const ann = await cookieNewcomer();
  const token = ann.access;
  for (const [method, path] of [['GET', '/api/users/me'], ['GET', '/api/weather'],
    ['GET', '/api/auth/sessions'], ['DELETE', `/api/auth/sessions/${ann.sessionId}`],
    ['POST', '/api/auth/logout'], ['POST', '/api/auth/password']]) {
    isProblem(await by(method, path, ann, { token }), 'invalid_request');
    isProblem(await by(method, path, { refresh: ann.refresh }, { token }), 'invalid_request');
  }
  isOk(await by('POST', '/api/auth/refresh', ann, { token }));
});

test('a bearer token sent along with a refresh by cookie must fit', async () => {
  const ann = await cookieNewcomer();
  const other = await jarFor(ann);
  isProblem(await by('POST', '/api/auth/refresh', ann, { token: other.access }), 'token_mismatch');
  isProblem(await by('POST', '/api/auth/refresh', ann, { token: 'x.y.z' }), 'invalid_token');
  isOk(await by('POST', '/api/auth/refresh', ann));
});

test('H-149 cookies that were there before a login do not become the session', async () => {
  const mallory = await cookieNewcomer();
  const ann = await registered();
  const answer = await by('POST', '/api/auth/login', mallory,
    { json: { email: ann.email, password: ann.password, useCookies: true } });
  isOk(answer);
  const jar = jarOf(answer);
  assert.notEqual(answer.body.sessionId, mallory.sessionId);
  assert.equal((await by('GET', '/api/users/me', jar)).body.id, ann.user.id);
  // A made up one does not come to life either.
  isProblem(await by('GET', '/api/users/me', { access: 'x.y.z' }), 'invalid_token');
});

test('tokens are tokens: a cookie\'s value passes as bearer, and the other way round', async () => {
  const ann = await cookieNewcomer();
  isOk(await me(ann.access));
  isOk(await weather(ann.access));
  const bob = await newcomer();
  isOk(await by('GET', '/api/users/me', { access: bob.accessToken }));
  isOk(await by('POST', '/api/auth/refresh', { refresh: bob.refreshToken }));
});

test('cookie mode keeps one row as token mode does', async () => {
  const ann = await cookieNewcomer();
  isOk(await by('POST', '/api/auth/refresh', ann));
  isOk(await call('POST', '/api/auth/refresh', { headers: { ...ownPage,
    cookie: `${refreshName}=${ann.refresh}` } }));
  assert.deepEqual(await service.sql(
    `SELECT generation, concurrent_count FROM session WHERE id = ${sqlId(ann.sessionId)}`), [['2', '1']]);
});
