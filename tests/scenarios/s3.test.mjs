// S3: a protected resource per user, hashed refresh tokens, the thief after
// logout.  Not walked through here: tasks, whose endpoint comes later, and
// CORS, which has tests of its own.
import assert from 'node:assert/strict';
import test from 'node:test';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newEmail, newPassword } from '../lib/people.mjs';
import { decode, layout } from '../lib/reftoken.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const service = await useService({ env: {
  LATCHKEY_TOKEN_REFRESH_IDLE_S: '864000', LATCHKEY_SESSION_MAX_AGE_S: '1814400',
} });
const { get, register, login, refresh, logout, me, weather, session } = api(service);

const ann = {
  email: newEmail(), password: newPassword(), firstName: 'Ann', lastName: 'Lee',
};
let pair;
let thief;

test('1. she signs up with first and last name', async () => {
  isProblem(await register({ ...ann, confirmPassword: newPassword() }),
    'validation_failed', 'confirmPassword password_mismatch');
  const answer = await register({ ...ann, confirmPassword: ann.password });
  isOk(answer, 201);
  assert.equal(answer.body.firstName, 'Ann');
  assert.equal(answer.body.lastName, 'Lee');
});

test('2. she logs in, and asks about herself', async () => {
  pair = await session(ann);
  const { body } = await me(pair.accessToken);
  assert.equal(body.email, ann.email);
  assert.equal(body.firstName, 'Ann');
});

test('3. her refresh token is never stored in the clear', async () => {
  const [[hash]] = await service.sql(
    `SELECT HEX(secret_hash) FROM session WHERE id = ${sqlId(pair.sessionId)}`);
  assert.equal(hash.length, 64);
  const secret = decode(pair.refreshToken).subarray(...layout.secret).toString('hex').toUpperCase();
  assert.notEqual(hash, secret);
  for (const row of await service.sql('SELECT * FROM session')) {
    assert.ok(!row.join('').includes(pair.refreshToken));
  }
});

test('4. its life slides: every refresh begins the ten days anew', async () => {
  const expiry = async () => Number((await service.sql(
    `SELECT idle_expires_ms - rotated_ms FROM session WHERE id = ${sqlId(pair.sessionId)}`))[0][0]);
  assert.equal(await expiry(), 864_000_000);
  thief = { ...pair };
  pair = (await refresh(pair.refreshToken)).body;
  assert.equal(await expiry(), 864_000_000);
});

test('5. a thief has her tokens, and she logs out', async () => {
  const stolen = { ...pair };
  isOk(await me(stolen.accessToken));
  isOk(await logout(pair.accessToken), 204);
  thief = [thief, stolen];
});

test('6. a stolen refresh token is refused after logout', async () => {
  for (const { refreshToken } of thief) isProblem(await refresh(refreshToken), 'session_ended');
});

test('7. does the stolen access token still work after logout? No.', async () => {
  for (const { accessToken } of thief) {
    isProblem(await me(accessToken), 'invalid_token');
    isProblem(await weather(accessToken), 'invalid_token');
  }
});

test('8. she logs in again, and the thief still has nothing', async () => {
  pair = await session(ann);
  isOk(await me(pair.accessToken));
  for (const { refreshToken, accessToken } of thief) {
    isProblem(await refresh(refreshToken), 'session_ended');
    isProblem(await me(accessToken), 'invalid_token');
  }
});

test('9. an account that is not active can not log in', async () => {
  await service.sql(`UPDATE user SET status = 0 WHERE id = ${sqlId(pair.user.id)}`);
  isProblem(await login({ email: ann.email, password: ann.password }), 'invalid_credentials');
  isProblem(await refresh(pair.refreshToken), 'session_ended');
});

test('10. the interface is described for machines and people', async () => {
  const page = await get('/openapi.yaml', { by: 'server' });
  assert.equal(page.status, 200);
  assert.match(page.text, /^openapi: 3\.1/m);
});
