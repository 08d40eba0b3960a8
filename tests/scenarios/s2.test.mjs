// S2: many sessions, the life of a refresh token, roles.
import assert from 'node:assert/strict';
import test from 'node:test';
import { decode } from '../lib/jwt.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newEmail, newPassword, newUsername } from '../lib/people.mjs';
import { decode as decodeRefresh, layout } from '../lib/reftoken.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const service = await useService({ env: {
  LATCHKEY_TOKEN_ACCESS_TTL_S: '900', LATCHKEY_TOKEN_REFRESH_IDLE_S: '604800',
} });
const { get, register, login, refresh, logout, me, session, administrator, users } = api(service);

const ann = { username: newUsername(), email: newEmail(), password: newPassword() };
const sessions = [];

async function lifeOf({ sessionId }) {
  const [[generation, created, expires, createdIp, ended, endedIp]] = await service.sql(
    'SELECT generation, created_ms, idle_expires_ms, created_ip, ended_ms, ended_ip' +
    ` FROM session WHERE id = ${sqlId(sessionId)}`);
  return { generation, created, expires, createdIp, ended, endedIp };
}

test('1. she registers with a role', async () => {
  isProblem(await register({ ...ann, role: 'Admin' }), 'role_not_allowed');
  const answer = await register({ ...ann, role: 'User' });
  isOk(answer, 201);
  assert.deepEqual(answer.body.roles, ['USER']);
});

test('2. a login gives id, user name, e-mail, role and the pair', async () => {
  const { body: pair } = await login({ username: ann.username, password: ann.password });
  const { id, username, email, roles } = pair.user;
  assert.match(id, /./);
  assert.deepEqual({ username, email, roles },
    { username: ann.username, email: ann.email, roles: ['USER'] });
  assert.ok(pair.accessToken && pair.refreshToken);
  sessions.push(pair);
});

test('3. her profile needs a bearer token', async () => {
  isProblem(await get('/api/users/me'), 'authentication_required');
  assert.equal((await me(sessions[0].accessToken)).body.username, ann.username);
});

test('4. she logs in on two more devices, and all sessions live side by side', async () => {
  sessions.push(await session(ann), await session(ann));
  for (const { accessToken } of sessions) isOk(await me(accessToken));
});

test('5. refresh tokens hold enough chance, and no two are alike', () => {
  const secrets = sessions.map(({ refreshToken }) =>
    decodeRefresh(refreshToken).subarray(...layout.secret).toString('hex'));
  assert.equal(new Set(secrets).size, 3);
  for (const secret of secrets) assert.equal(secret.length, 64);
});

test('6. 15 minutes and 7 days', () => {
  const [{ accessToken, refreshTokenExpirationTime }] = sessions;
  const { iat, exp } = decode(accessToken).payload;
  assert.equal(exp - iat, 900);
  assert.ok(Math.abs(Date.parse(refreshTokenExpirationTime) / 1000 - iat - 604_800) <= 5);
});

test('7. created: when, until when, and from where', async () => {
  const life = await lifeOf(sessions[0]);
  assert.equal(life.createdIp, '127.0.0.1');
  assert.equal(life.generation, '1');
  assert.equal(life.expires - life.created, 604_800_000);
  assert.equal(life.ended, 'NULL');
});

test('8. replaced: the next generation of the same row', async () => {
  sessions[0] = (await refresh(sessions[0].refreshToken)).body;
  assert.equal((await lifeOf(sessions[0])).generation, '2');
});

test('9. revoked: when and by whom, and the others live on', async () => {
  isOk(await logout(sessions[0].accessToken), 204);
  const life = await lifeOf(sessions[0]);
  assert.notEqual(life.ended, 'NULL');
  assert.equal(life.endedIp, '127.0.0.1');
  isProblem(await refresh(sessions[0].refreshToken), 'session_ended');
  isOk(await refresh(sessions[1].refreshToken));
  isOk(await me(sessions[2].accessToken));
});

test('10. the password is kept by a slow, salted hash', async () => {
  const [[hash]] = await service.sql(
    `SELECT password_hash FROM user WHERE id = ${sqlId(sessions[0].user.id)}`);
  assert.match(hash, /^\$argon2id\$/);
});

test('11. the list of users is for the role ADMIN alone', async () => {
  const { accessToken } = await session(ann);
  isProblem(await users(undefined).list(), 'authentication_required');
  isProblem(await users(accessToken).list(), 'forbidden');
  const admin = users((await administrator()).accessToken);
  const { body } = await admin.list();
  assert.deepEqual(body.users.map(({ email, roles }) => [email, roles]),
    [[ann.email, ['USER']], ['admin@example.org', ['ADMIN']]]);
});

test('12. made an administrator she sees it too, from her next token on', async () => {
  const admin = users((await administrator()).accessToken);
  const pair = await session(ann);
  isOk(await admin.setRoles(pair.user.id, ['ADMIN', 'USER']));
  isProblem(await users(pair.accessToken).list(), 'invalid_token');
  const { body: next } = await refresh(pair.refreshToken);
  assert.deepEqual(decode(next.accessToken).payload.roles, ['ADMIN', 'USER']);
  assert.equal((await users(next.accessToken).list()).body.users.length, 2);
});

test('13. her sessions say when, from where and until when', async () => {
  const { accessToken } = await session(ann);
  const { body } = await get('/api/auth/sessions', { token: accessToken });
  const { createdAt, expiresAt, createdByIp, current } = body.sessions[0];
  assert.deepEqual([createdByIp, current], ['127.0.0.1', true]);
  assert.equal((Date.parse(expiresAt) - Date.parse(createdAt)) / 1000, 604_800);
});
