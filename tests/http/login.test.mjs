// From a password to a token pair.
import assert from 'node:assert/strict';
import test from 'node:test';
import { decode } from '../lib/jwt.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newPassword, newUsername } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const service = await useService();
const { login, registered, session, newcomer, me } = api(service);

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const seconds = (time) => Date.parse(time) / 1000;

test('a login answers with a pair and the user', async () => {
  const { email, password, user } = await registered();
  const answer = await login({ email, password });
  isOk(answer);
  const pair = answer.body;
  assert.deepEqual(Object.keys(pair), ['tokenType', 'accessToken', 'expiresIn',
    'accessTokenExpirationTime', 'refreshToken', 'refreshTokenExpirationTime', 'sessionId', 'user']);
  assert.equal(pair.tokenType, 'Bearer');
  assert.equal(pair.expiresIn, 900);
  assert.match(pair.refreshToken, /^lkr_[A-Za-z0-9_-]{124}$/);
  assert.match(pair.user.lastLoginAt, rfc3339);
  assert.deepEqual({ ...pair.user, lastLoginAt: null }, user);
});

test('its times are those of the tokens', async () => {
  const before = Math.floor(Date.now() / 1000);
  const pair = await newcomer();
  const after = Math.ceil(Date.now() / 1000);
  const { payload } = decode(pair.accessToken);
  assert.match(pair.accessTokenExpirationTime, rfc3339);
  assert.match(pair.refreshTokenExpirationTime, rfc3339);
  assert.equal(seconds(pair.accessTokenExpirationTime), payload.exp);
  const week = seconds(pair.refreshTokenExpirationTime) - 604_800;
  assert.ok(before <= week && week <= after, pair.refreshTokenExpirationTime);
});

test('an access token holds exactly the header and claims of the contract', async () => {
  const fields = { username: newUsername(), phoneNumber: '+49 30 1234', age: 44 };
  const { accessToken, sessionId, user, email } = await newcomer(fields);
  const { header, payload } = decode(accessToken);
  assert.deepEqual(Object.keys(header).sort(), ['alg', 'kid', 'typ']);
  assert.equal(header.alg, 'ES256');
  assert.equal(header.typ, 'at+jwt');
  const { jti, iat, nbf, exp, ...rest } = payload;
  assert.match(jti, /^.{1,64}$/);
  assert.ok([iat, nbf, exp].every(Number.isInteger));
  assert.equal(nbf, iat);
  assert.equal(exp, iat + 900);
  assert.deepEqual(rest, {
    iss: service.base, aud: 'latchkey', sub: user.id, sid: sessionId, ver: 1,
    client_id: 'latchkey', token_use: 'access', email, roles: ['USER'],
    preferred_username: fields.username, phone_number: fields.phoneNumber, age: 44,
  });
});

test('claims that are not known are left out', async () => {
  const { payload } = decode((await newcomer()).accessToken);
  for (const name of ['preferred_username', 'phone_number', 'age']) assert.ok(!(name in payload));
});

test('J-175 two tokens of the same second differ in jti', async () => {
  const person = await registered();
  const pairs = await Promise.all([session(person), session(person), session(person)]);
  const ids = pairs.map(({ accessToken }) => decode(accessToken).payload.jti);
  assert.equal(new Set(ids).size, 3);
});

test('every login opens a session of its own', async () => {
  const person = await registered();
  const [one, two] = [await session(person), await session(person)];
  assert.notEqual(one.sessionId, two.sessionId);
  assert.notEqual(one.refreshToken, two.refreshToken);
});

test('a user name logs in too, whatever its case', async () => {
  const { username, password, user } = await registered({ username: newUsername() });
  for (const name of [username, username.toUpperCase()]) {
    const answer = await login({ username: name, password });
    isOk(answer);
    assert.equal(answer.body.user.id, user.id);
  }
});

test('a user name is no e-mail, and the other way round', async () => {
  const { username, email, password } = await registered({ username: newUsername() });
  isProblem(await login({ email: username, password }), 'invalid_credentials');
  isProblem(await login({ username: email, password }), 'invalid_credentials');
});

test('one name is needed, and only one', async () => {
  const { email, password } = await registered();
  isProblem(await login({ password }), 'validation_failed', 'email required');
  isProblem(await login({ email: null, username: null, password }),
    'validation_failed', 'email required');
  isProblem(await login({ email, username: 'ann', password }),
    'validation_failed', 'username ambiguous');
});

test('H-019 an empty password is wrong, a missing one is no login', async () => {
  const { email } = await registered();
  isProblem(await login({ email, password: '' }), 'invalid_credentials');
  isProblem(await login({ email }), 'validation_failed', 'password required');
});

test('H-019 a user without a hash can be nobody', async () => {
  const { email, user } = await registered();
  const id = sqlId(user.id);
  for (const hash of ['', '$argon2id$', '$argon2id$v=19$m=8,t=1,p=1$$', '*', 'x'.repeat(255)]) {
    await service.sql(`UPDATE user SET password_hash = '${hash}' WHERE id = ${id}`);
    for (const password of ['', hash.slice(0, 100), newPassword()]) {
      isProblem(await login({ email, password }), 'invalid_credentials');
    }
  }
});

test('H-020 wildcards, SQL and numbers match nobody', async () => {
  const { password } = await registered({ username: newUsername() });
  const names = ['%', '_', 'ann%', '*', "' OR '1'='1", "'; DROP TABLE user; --", '\\', '0', '1abc',
    '\u0000'.slice(1) || '--', 'ann@example.org\u200b'];
  for (const name of names) {
    isProblem(await login({ email: name, password }), 'invalid_credentials');
    isProblem(await login({ username: name, password }), 'invalid_credentials');
  }
});

test('the time of the last login is kept', async () => {
  const person = await registered();
  assert.equal(person.user.lastLoginAt, null);
  const { accessToken } = await session(person);
  assert.match((await me(accessToken)).body.lastLoginAt, rfc3339);
});

test('H-049 a hash at a lower cost is made anew at login, once', async () => {
  const { email, password, user } = await registered();
  const where = `WHERE id = ${sqlId(user.id)}`;
  const stored = async () => (await service.sql(`SELECT password_hash FROM user ${where}`))[0][0];
  const weaker = await weakHash(password);
  await service.sql(`UPDATE user SET password_hash = '${weaker}' ${where}`);
  isOk(await login({ email, password }));
  const fresh = await stored();
  assert.match(fresh, /\$m=19456,t=2,p=1\$/);
  isOk(await login({ email, password }));
  assert.equal(await stored(), fresh);
});

// By the service itself, at the lowest cost that it accepts.
async function weakHash(password) {
  const { email } = await registered();
  const added = await service.ctl(['user', 'add', '--email', `weak-${email}`, '--password-stdin'], {
    input: `${password}\n`,
    env: { ...service.environment, LATCHKEY_PASSWORD_ARGON2_MEMORY_KIB: '7168',
      LATCHKEY_PASSWORD_ARGON2_PASSES: '5' },
  });
  assert.equal(added.status, 0, added.stderr);
  const [[hash]] = await service.sql(
    `SELECT password_hash FROM user WHERE email = 'weak-${email}'`);
  assert.match(hash, /m=7168,t=5/);
  return hash;
}
