// Changing one's own password.
import assert from 'node:assert/strict';
import test from 'node:test';
import { decode } from '../lib/jwt.mjs';
import { fieldErrors, isOk, isProblem } from '../lib/oracle.mjs';
import { api, newPassword, newUsername } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const service = await useService();
const { post, login, logout, refresh, me, weather, newcomer, session } = api(service);

const change = (token, json) => post('/api/auth/password', json, { token });
const changeTo = (ann, password) => change(ann.accessToken,
  { currentPassword: ann.password, newPassword: password });

async function isOut({ accessToken, refreshToken }) {
  isProblem(await me(accessToken), 'invalid_token');
  isProblem(await weather(accessToken), 'invalid_token');
  isProblem(await refresh(refreshToken), 'session_ended');
}

test('H-046 a new password: a new pair, and all that was before is over', async () => {
  const ann = await newcomer();
  const others = [await session(ann), await session(ann)];
  const bob = await newcomer();
  const password = newPassword();
  const answer = await changeTo(ann, password);
  isOk(answer);
  const { body: pair } = answer;
  assert.deepEqual(Object.keys(pair), Object.keys((await login(bob)).body));
  assert.notEqual(pair.sessionId, ann.sessionId);
  for (const old of [ann, ...others]) await isOut(old);
  const { payload } = decode(pair.accessToken);
  assert.equal(payload.ver, decode(ann.accessToken).payload.ver + 1);
  assert.equal(payload.sid, pair.sessionId);
  isOk(await me(pair.accessToken));
  isOk(await refresh(pair.refreshToken));
  isProblem(await login({ email: ann.email, password: ann.password }), 'invalid_credentials');
  isOk(await login({ email: ann.email, password }));
  isOk(await weather(bob.accessToken));
});

test('H-047 the stored hash is a new one, and nothing of the password', async () => {
  const ann = await newcomer();
  const hash = async () => (await service.sql(
    `SELECT password_hash FROM user WHERE id = ${sqlId(ann.user.id)}`))[0][0];
  const before = await hash();
  const password = newPassword();
  isOk(await changeTo(ann, password));
  const after = await hash();
  assert.notEqual(after, before);
  assert.match(after, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.ok(!after.includes(password));
});

test('H-044 a wrong current password changes nothing', async () => {
  const ann = await newcomer();
  const newOne = newPassword();
  for (const wrong of [newPassword(), `${ann.password} `, ann.password.toUpperCase(), '', newOne]) {
    isProblem(await change(ann.accessToken, { currentPassword: wrong, newPassword: newOne }),
      'invalid_credentials');
  }
  isOk(await me(ann.accessToken));
  isOk(await refresh(ann.refreshToken));
  isOk(await login({ email: ann.email, password: ann.password }));
});

test('a wrong current password is all that is said, whatever the new one is', async () => {
  const ann = await newcomer();
  isProblem(await change(ann.accessToken, { currentPassword: newPassword(), newPassword: 'x' }),
    'invalid_credentials');
});

const username = newUsername();
const email = `${username}@example.org`;
const bad = [
  ['short', 'newPassword password_too_short'],
  ['', 'newPassword password_too_short'],
  ['x'.repeat(1025), 'newPassword password_too_long'],
  ['password123', 'newPassword password_too_common'],
  [email, 'newPassword password_is_name'],
  [username.toUpperCase(), 'newPassword password_is_name'],
];

test('H-037 a new password that is not good enough is refused, field by field', async () => {
  const ann = await newcomer({ email, username });
  for (const [password, error] of bad) isProblem(await changeTo(ann, password), 'validation_failed', error);
  isProblem(await change(ann.accessToken, { currentPassword: ann.password,
    newPassword: newPassword(), confirmPassword: newPassword() }), 'validation_failed',
  'confirmPassword password_mismatch');
  const both = await change(ann.accessToken, { currentPassword: ann.password, newPassword: 'short',
    confirmPassword: 'other' });
  assert.deepEqual(fieldErrors(both),
    ['newPassword password_too_short', 'confirmPassword password_mismatch']);
  isOk(await me(ann.accessToken));
  isOk(await login({ email, password: ann.password }));
});

test('H-044 the same password again is no change', async () => {
  const ann = await newcomer();
  isProblem(await changeTo(ann, ann.password), 'validation_failed', 'newPassword password_unchanged');
  isOk(await refresh(ann.refreshToken));
});

test('H-044 what is missing is named', async () => {
  const { accessToken, password } = await newcomer();
  isProblem(await change(accessToken, {}), 'validation_failed',
    'currentPassword required', 'newPassword required');
  isProblem(await change(accessToken, { currentPassword: password }), 'validation_failed',
    'newPassword required');
  isProblem(await change(accessToken, { newPassword: newPassword() }), 'validation_failed',
    'currentPassword required');
  isProblem(await change(accessToken, { currentPassword: 1, newPassword: [] }), 'validation_failed',
    'currentPassword wrong_type', 'newPassword wrong_type');
});

test('H-044 whose password it is, the token alone says', async () => {
  const ann = await newcomer();
  const bob = await newcomer();
  isOk(await change(ann.accessToken, { currentPassword: ann.password, newPassword: newPassword(),
    id: bob.user.id, userId: bob.user.id, email: bob.email }));
  isOk(await login({ email: bob.email, password: bob.password }));
});

test('H-038 H-040 every byte of the new password counts', async () => {
  const long = 'x'.repeat(1023);
  let ann = await newcomer();
  for (const [password, other] of [[`${long}a`, `${long}b`], ['u\u0308ber den Wolken', '\u00fcber den Wolken']]) {
    const answer = await changeTo(ann, password);
    isOk(answer);
    ann = { ...ann, ...answer.body, password };
    isProblem(await login({ email: ann.email, password: other }), 'invalid_credentials');
    isOk(await login({ email: ann.email, password }));
  }
});

test('it needs a token that lives', async () => {
  const ann = await newcomer();
  const wish = { currentPassword: ann.password, newPassword: newPassword() };
  isProblem(await post('/api/auth/password', wish), 'authentication_required');
  isOk(await logout(ann.accessToken), 204);
  isProblem(await change(ann.accessToken, wish), 'invalid_token');
  isOk(await login({ email: ann.email, password: ann.password }));
});
