// What a token opens, and what is open to everybody.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { decode, signingKey } from '../lib/jwt.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newUsername } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';
import { until } from '../lib/wait.mjs';

const service = await useService();
const { call, get, login, newcomer, me, weather } = api(service);

test('me is the account of whoever asks', async () => {
  const fields = {
    username: newUsername(), firstName: 'Ann', lastName: 'Lee', phoneNumber: '123', age: 44,
  };
  const ann = await newcomer(fields);
  const answer = await me(ann.accessToken);
  isOk(answer);
  assert.deepEqual(Object.keys(answer.body), ['id', 'email', 'username', 'firstName', 'lastName',
    'phoneNumber', 'age', 'roles', 'status', 'createdAt', 'lastLoginAt']);
  assert.deepEqual({ ...answer.body, lastLoginAt: null }, { ...ann.user, lastLoginAt: null });
  for (const [name, value] of Object.entries(fields)) assert.equal(answer.body[name], value);
});

test('me of somebody deleted is nobody', async () => {
  const ann = await newcomer();
  const id = sqlId(ann.user.id);
  await service.sql(`DELETE FROM user WHERE id = ${id}`);
  isProblem(await me(ann.accessToken), 'invalid_token');
});

test('the weather is for whoever has a token', async () => {
  const { accessToken } = await newcomer();
  const answer = await weather(accessToken);
  isOk(answer);
  assert.equal(answer.body.length, 5);
  for (const day of answer.body) {
    assert.match(day.date, /^\d{4}-\d\d-\d\d$/);
    assert.ok(Number.isInteger(day.temperatureC) && Number.isInteger(day.temperatureF));
    assert.match(day.summary, /^[A-Z]/);
  }
  isProblem(await get('/api/weather'), 'authentication_required');
});

test('a query changes nothing', async () => {
  const { accessToken } = await newcomer();
  isOk(await get('/api/users/me?id=1&_method=DELETE', { token: accessToken }));
  isProblem(await get('/api/users/me?access_token=x'), 'authentication_required');
});

test('H-085 a header for another method is not heard', async () => {
  const { accessToken } = await newcomer();
  for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override']) {
    isOk(await get('/api/users/me', { token: accessToken, headers: { [name]: 'DELETE' } }));
    isProblem(await call('POST', '/api/users/me', { token: accessToken, headers: { [name]: 'GET' } }),
      'method_not_allowed');
  }
});

test('H-178 headers with an identity are not believed', async () => {
  for (const name of ['x-authenticated-user', 'remote_user', 'remote-user', 'x-forwarded-user',
    'x_auth_subject', 'auth_sub', 'x-auth-subject', 'authorization_']) {
    isProblem(await get('/api/users/me', { headers: { [name]: 'admin@example.org' } }),
      'authentication_required');
  }
});

test('H-133 headers about the outside change no token and no address', async () => {
  const headers = {
    host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https',
    forwarded: 'host=evil.example;for=192.0.2.1', 'x-forwarded-for': '192.0.2.1',
  };
  const ann = await newcomer();
  const answer = await login({ email: ann.email, password: ann.password }, { headers });
  isOk(answer);
  assert.equal(decode(answer.body.accessToken).payload.iss, service.base);
  const [[ip]] = await service.sql('SELECT created_ip FROM session' +
    ` WHERE id = ${sqlId(answer.body.sessionId)}`);
  assert.equal(ip, '127.0.0.1');
});

test('the key set is public, cacheable and holds the signing key', async () => {
  const answer = await get('/.well-known/jwks.json');
  isOk(answer);
  assert.match(answer.headers['cache-control'], /^public, max-age=[1-9]\d*$/);
  const { jwk, kid } = signingKey(service.state);
  assert.deepEqual(answer.body, { keys: [{ ...jwk, alg: 'ES256', kid, use: 'sig' }] });
});

test('N34 the key id is the RFC 7638 thumbprint', async () => {
  const [{ crv, kid, kty, x, y }] = (await get('/.well-known/jwks.json')).body.keys;
  const canonical = JSON.stringify({ crv, kty, x, y });
  assert.equal(kid, createHash('sha256').update(canonical).digest('base64url'));
});

test('N32 nothing private is in the key set', async () => {
  const { text } = await get('/.well-known/jwks.json');
  assert.doesNotMatch(text, /"(d|p|q|dp|dq|qi|k|oth)"/);
  assert.ok(!text.includes(signingKey(service.state).key.export({ format: 'jwk' }).d));
});

test('the service is alive and ready', async () => {
  assert.deepEqual((await get('/healthz')).body, { status: 'alive' });
  assert.deepEqual((await get('/readyz')).body, { status: 'ready' });
});

test('a schema of another version is not ready', async () => {
  const [[table]] = await service.sql("SHOW TABLES LIKE 'schema%'");
  const [[column]] = await service.sql(`SHOW COLUMNS FROM ${table} LIKE '%version%'`);
  await service.sql(`UPDATE ${table} SET ${column} = ${column} + 1000`);
  isProblem(await get('/readyz'), 'unavailable');
  isOk(await get('/healthz'));
  await service.sql(`UPDATE ${table} SET ${column} = ${column} - 1000`);
  await until('it is ready again', async () => (await get('/readyz')).status === 200);
});
