// S1: user name, one-time use by token pair, a code for every outcome.  The
// access token of a pair may have expired; here it does so after two seconds.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import test from 'node:test';
import { decode } from '../lib/jwt.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newEmail, newPassword, newUsername } from '../lib/people.mjs';
import { macKey } from '../lib/reftoken.mjs';
import { cleanEnvironment, freePort, makeState, serviceTool, useService } from '../lib/service.mjs';
import { clockReads, nextSecond, until } from '../lib/wait.mjs';

const service = await useService({ env: {
  LATCHKEY_TOKEN_ALG: 'HS256',
  LATCHKEY_TOKEN_ACCESS_TTL_S: '2',
  LATCHKEY_TOKEN_REFRESH_IDLE_S: '3600',
  LATCHKEY_REFRESH_REQUIRE_ACCESS_TOKEN: 'yes',
  LATCHKEY_REFRESH_GRACE_S: '0',
} });
const { get, post, register, login, refresh, logout, weather } = api(service);

const ann = { username: newUsername(), email: newEmail(), password: newPassword() };
const byName = { username: ann.username, password: ann.password };
const isExpired = ({ accessToken }) => clockReads(decode(accessToken).payload.exp);
let pair;

// InvalidRequest, UserCreationFailed
test('1. a request that is none, and a user that can not be made', async () => {
  isProblem(await register({ ...ann, email: 'nobody' }), 'validation_failed', 'email email_invalid');
  isProblem(await register({ email: ann.email }), 'validation_failed', 'password required');
  isProblem(await post('/api/auth/register', undefined), 'malformed_json');
});

// UserCreatedSuccessfully, UserAlreadyExists
test('2. she registers, once', async () => {
  isOk(await register(ann), 201);
  isProblem(await register(ann), 'user_exists');
  isProblem(await register({ ...ann, email: newEmail() }), 'user_exists');
});

// InvalidCredentials, LoginSuccess
test('3. she logs in by her user name', async () => {
  isProblem(await login({ ...byName, password: newPassword() }), 'invalid_credentials');
  isProblem(await login({ ...byName, username: newUsername() }), 'invalid_credentials');
  await nextSecond();
  const answer = await login(byName);
  isOk(answer);
  pair = answer.body;
  assert.equal(pair.user.username, ann.username);
  assert.equal(pair.expiresIn, 2);
});

test('4. the weather is for her, and for nobody without a token', async () => {
  isProblem(await get('/api/weather'), 'authentication_required');
  isOk(await weather(pair.accessToken));
});

test('5. after expiry it is 401', async () => {
  await isExpired(pair);
  isProblem(await weather(pair.accessToken), 'invalid_token');
});

// RefreshTokenSuccess
test('6. the pair, its access token expired, is exchanged for a new one', async () => {
  await nextSecond();
  const answer = await refresh(pair.refreshToken, pair.accessToken);
  isOk(answer);
  assert.notEqual(answer.body.accessToken, pair.accessToken);
  assert.notEqual(answer.body.refreshToken, pair.refreshToken);
  isOk(await weather(answer.body.accessToken));
  pair = { ...answer.body, old: pair };
});

// InvalidTokenPair
test('7. a pair of two sessions, or with a forged half, is none', async () => {
  const { body: other } = await login(byName);
  isProblem(await refresh(pair.refreshToken, other.accessToken), 'token_mismatch');
  isProblem(await refresh(other.refreshToken, pair.accessToken), 'token_mismatch');
  isProblem(await refresh(pair.refreshToken, `${pair.accessToken.slice(0, -4)}AAAA`), 'invalid_token');
  isProblem(await refresh(`${pair.refreshToken.slice(0, -4)}AAAA`, pair.accessToken),
    'refresh_token_invalid');
  isProblem(await refresh(pair.refreshToken), 'authentication_required');
});

test('8. the old refresh token is dead, and who tries it ends the session', async () => {
  isProblem(await refresh(pair.old.refreshToken, pair.old.accessToken), 'refresh_token_reused');
  isProblem(await refresh(pair.refreshToken, pair.accessToken), 'session_ended');
});

test('9. revocation on demand', async () => {
  const { body: fresh } = await login(byName);
  isOk(await logout(fresh.accessToken), 204);
  isProblem(await refresh(fresh.refreshToken, fresh.accessToken), 'session_ended');
});

// UnexpectedError
test('10. what goes wrong inside says so without a word of it', async () => {
  await service.dbStop();
  isProblem(await login(byName), 'unavailable');
  await service.dbStart();
  await until('she can log in again', async () => (await login(byName)).status === 200);
});

test('11. refresh tokens are in no table', async () => {
  const { body: fresh } = await login(byName);
  const rows = await service.sql('SELECT HEX(secret_hash) FROM session');
  for (const [hash] of rows) {
    assert.ok(!Buffer.from(fresh.refreshToken.slice(4), 'base64url').toString('hex').toUpperCase()
      .includes(hash));
  }
});

test('12. the schema is brought up to date by a command, as often as one likes', async () => {
  for (let i = 0; i < 2; i++) {
    const { status, stderr } = await service.ctl(['migrate']);
    assert.equal(status, 0, stderr);
  }
  isOk(await get('/readyz'));
});

test('13. an empty secret stops the start', async () => {
  const state = makeState();
  const file = `${state}/keys/refresh-${macKey(service.state).id}.hmac`;
  mkdirSync(`${state}/keys`, { mode: 0o700 });
  writeFileSync(file, '', { mode: 0o600 });
  const { status, stderr } = await serviceTool('start',
    cleanEnvironment({ STATE: state, PORT: String(await freePort()), LATCHKEY_TOKEN_ALG: 'HS256' }));
  assert.equal(status, 1);
  assert.ok(stderr.includes(file), stderr);
  rmSync(state, { recursive: true });
});

for (const alg of ['RS256', 'ES256']) {
  test(`14. signing by ${alg} is a setting`, async () => {
    const { status, stdout } = await service.ctl(['config', 'show'],
      { env: { ...service.environment, LATCHKEY_TOKEN_ALG: alg } });
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(`^token\\.alg = ${alg}$`, 'm'));
  });
}
