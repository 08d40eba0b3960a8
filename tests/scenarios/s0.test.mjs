// S0: registration with a role, two secrets, logout.  HS256, 15 minutes, a
// refresh token of 12 hours, and a refresh that needs the bearer too.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { compact, decode, signingKey } from '../lib/jwt.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newEmail, newPassword } from '../lib/people.mjs';
import { encode, decode as decodeRefresh, macKey } from '../lib/reftoken.mjs';
import { useService } from '../lib/service.mjs';

const service = await useService({ env: {
  LATCHKEY_TOKEN_ALG: 'HS256',
  LATCHKEY_TOKEN_TYP: 'JWT',
  LATCHKEY_TOKEN_ACCESS_TTL_S: '900',
  LATCHKEY_TOKEN_REFRESH_IDLE_S: '43200',
  LATCHKEY_TOKEN_ISSUER: 'https://id.example.org',
  LATCHKEY_TOKEN_AUDIENCE: 'https://app.example.org',
  LATCHKEY_REFRESH_REQUIRE_ACCESS_TOKEN: 'yes',
  LATCHKEY_REFRESH_GRACE_S: '0',
} });
const { register, login, refresh, logout, weather, session, call, get } = api(service);

const ann = { email: newEmail(), password: newPassword(), age: 44 };
const form = { ...ann, confirmPassword: ann.password, role: 'USER' };
let first;
let second;

test('1. passwords that differ are refused', async () => {
  isProblem(await register({ ...form, confirmPassword: `${ann.password}!` }),
    'validation_failed', 'confirmPassword password_mismatch');
});

test('2. a role that is neither ADMIN nor USER is refused, and so is ADMIN', async () => {
  isProblem(await register({ ...form, role: 'OWNER' }), 'role_not_allowed');
  isProblem(await register({ ...form, role: 'ADMIN' }), 'role_not_allowed');
});

test('3. a weak password is refused, with its reason', async () => {
  isProblem(await register({ ...form, password: 'short', confirmPassword: 'short' }),
    'validation_failed', 'password password_too_short');
  isProblem(await register({ ...form, password: 'password1', confirmPassword: 'password1' }),
    'validation_failed', 'password password_too_common');
});

test('4. she registers', async () => {
  const answer = await register(form);
  isOk(answer, 201);
  assert.deepEqual(answer.body.roles, ['USER']);
  assert.equal(answer.body.age, 44);
});

test('5. her address is taken now', async () => {
  isProblem(await register(form), 'user_exists');
});

test('6. a wrong address and a wrong password read the same', async () => {
  const answers = [await login({ email: newEmail(), password: ann.password }),
    await login({ email: ann.email, password: newPassword() })];
  for (const answer of answers) isProblem(answer, 'invalid_credentials');
  const [{ requestId: _, ...one }, { requestId: __, ...two }] = answers.map(({ body }) => body);
  assert.deepEqual(one, two);
});

test('7. she logs in: two tokens and a time', async () => {
  first = await session(ann);
  assert.ok(first.accessToken && first.refreshToken);
  const time = Date.parse(first.accessTokenExpirationTime) / 1000;
  assert.equal(time, decode(first.accessToken).payload.exp);
});

test('8. the access token is HS256, 15 minutes, with the claims of the walk-through', () => {
  const { header, payload } = decode(first.accessToken);
  assert.equal(header.alg, 'HS256');
  assert.equal(header.typ, 'JWT');
  assert.equal(payload.exp - payload.iat, 900);
  assert.equal(payload.nbf, payload.iat);
  assert.equal(payload.iss, 'https://id.example.org');
  assert.equal(payload.aud, 'https://app.example.org');
  assert.equal(payload.sub, first.user.id);
  assert.equal(payload.email, ann.email);
  assert.equal(payload.age, 44);
  assert.deepEqual(payload.roles, ['USER']);
  assert.match(payload.jti, /./);
});

test('9. the two secrets are two, of 32 bytes each', () => {
  const dir = join(service.state, 'keys');
  const secrets = readdirSync(dir).filter((name) => name.endsWith('.hmac'))
    .map((name) => readFileSync(join(dir, name)));
  assert.equal(secrets.length, 2);
  for (const secret of secrets) assert.ok(secret.length >= 32);
  assert.notDeepEqual(secrets[0], secrets[1]);
});

test('10. the refresh token lives 12 hours and shows no user', () => {
  const hours = (Date.parse(first.refreshTokenExpirationTime) - Date.now()) / 3_600_000;
  assert.ok(hours > 11.9 && hours <= 12, String(hours));
  assert.ok(!decodeRefresh(first.refreshToken).includes(ann.email));
});

test('11. a refresh token of another secret is refused before the database is asked', async () => {
  const bytes = decodeRefresh(first.refreshToken);
  bytes[92] ^= 1;
  await service.dbStop();
  isProblem(await get('/readyz'), 'unavailable');
  isProblem(await refresh(encode(bytes), first.accessToken), 'refresh_token_invalid');
  await service.dbStart();
});

test('12. a refresh without the bearer is refused', async () => {
  isProblem(await refresh(first.refreshToken), 'authentication_required');
});

test('13. a refresh with it replaces both', async () => {
  const answer = await refresh(first.refreshToken, first.accessToken);
  isOk(answer);
  second = answer.body;
  assert.notEqual(second.accessToken, first.accessToken);
  assert.notEqual(second.refreshToken, first.refreshToken);
  isOk(await weather(second.accessToken));
});

test('14. the role of the new token is the one in the database, not in the old token', async () => {
  const key = signingKey(service.state);
  const raised = compact({ alg: 'HS256', kid: key.kid, typ: 'JWT' },
    { ...decode(second.accessToken).payload, roles: ['ADMIN'] }, 'HS256', key.key);
  const answer = await refresh(second.refreshToken, raised);
  isOk(answer);
  assert.deepEqual(decode(answer.body.accessToken).payload.roles, ['USER']);
  second = answer.body;
});

test('15. two users who log in at the same time share no refresh token', async () => {
  const bob = { email: newEmail('bob'), password: newPassword() };
  isOk(await register(bob), 201);
  const pairs = await Promise.all([session(ann), session(bob), session(ann), session(bob)]);
  assert.equal(new Set(pairs.map(({ refreshToken }) => refreshToken)).size, 4);
});

test('16. she logs out by her bearer', async () => {
  isOk(await logout(second.accessToken), 204);
});

test('17. refresh fails afterwards, and the access token is dead, too', async () => {
  isProblem(await refresh(second.refreshToken, second.accessToken), 'session_ended');
  isProblem(await weather(second.accessToken), 'invalid_token');
});

test('18. nobody else can log her out', async () => {
  isProblem(await call('POST', '/api/auth/logout'), 'authentication_required');
  isProblem(await logout(compact({ alg: 'HS256', kid: macKey(service.state).id, typ: 'JWT' },
    decode(second.accessToken).payload, 'HS256', macKey(service.state).bytes)), 'invalid_token');
});
