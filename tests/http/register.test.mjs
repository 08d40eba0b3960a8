// Making an account: what it takes and what it answers.
import assert from 'node:assert/strict';
import test from 'node:test';
import { fieldErrors, isOk, isProblem } from '../lib/oracle.mjs';
import { api, newEmail, newPassword, newUsername } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';

const service = await useService();
const { call, register, registered, newcomer, session, me } = api(service);

const withFields = (fields) => register({ email: newEmail(), password: newPassword(), ...fields });

test('an e-mail and a password are enough', async () => {
  const answer = await register({ email: 'Ann.Lee@Example.org', password: newPassword() });
  isOk(answer, 201);
  const { id, createdAt, ...rest } = answer.body;
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.match(createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.ok(Math.abs(Date.parse(createdAt) - Date.now()) < 60_000, createdAt);
  assert.equal(answer.headers.location, `/api/users/${id}`);
  assert.deepEqual(rest, {
    email: 'Ann.Lee@Example.org', username: null, firstName: null, lastName: null,
    phoneNumber: null, age: null, roles: ['USER'], status: 'active', lastLoginAt: null,
  });
});

test('every field comes back as it was sent', async () => {
  const fields = {
    username: newUsername(), firstName: 'Zoë-María', lastName: "O'Neill 王", age: 44,
    phoneNumber: '+49 (30) 123-456',
  };
  const { body } = await withFields({ ...fields, role: 'USER' });
  for (const [name, value] of Object.entries(fields)) assert.equal(body[name], value, name);
});

test('members that nobody knows are ignored', async () => {
  const { body } = await withFields({ id: 'mine', status: 'disabled', roles: ['ADMIN'], x: [{}] });
  assert.notEqual(body.id, 'mine');
  assert.equal(body.status, 'active');
  assert.deepEqual(body.roles, ['USER']);
});

test('null is the same as absent', async () => {
  const { body } = await withFields({ username: null, age: null, role: null, confirmPassword: null });
  assert.equal(body.username, null);
  assert.equal(body.age, null);
  assert.deepEqual(body.roles, ['USER']);
});

test('two passwords that differ are refused', async () => {
  isProblem(await withFields({ confirmPassword: newPassword() }),
    'validation_failed', 'confirmPassword password_mismatch');
});

test('two passwords that agree are accepted', async () => {
  const password = newPassword();
  isOk(await register({ email: newEmail(), password, confirmPassword: password }), 201);
});

test('everything wrong at once is named field by field', async () => {
  const answer = await register({
    email: 'nobody', password: 7, username: '?', firstName: '', lastName: 'x'.repeat(101),
    phoneNumber: 'call me', age: 151,
  });
  isProblem(answer, 'validation_failed');
  assert.deepEqual(fieldErrors(answer), [
    'email email_invalid', 'password wrong_type', 'username username_invalid',
    'firstName too_short', 'lastName too_long', 'phoneNumber phone_number_invalid',
    'age out_of_range',
  ]);
});

test('an address is registered once', async () => {
  const { email } = await registered();
  isProblem(await register({ email, password: newPassword() }), 'user_exists');
});

test('a user name is registered once, whatever its case', async () => {
  const { username } = await registered({ username: newUsername() });
  isProblem(await withFields({ username: username.toUpperCase() }), 'user_exists');
});

test('many people without a user name get along', async () => {
  await registered();
  await registered();
});

test('H-034 a user name that looks like admin is none', async () => {
  for (const username of ['\u0430dmin', 'admin\u200b', 'adm\u202ein', 'ad min', 'admin\n', 'ädmin',
    '-a', '.a']) {
    isProblem(await withFields({ username }), 'validation_failed', 'username username_invalid');
  }
});

test('H-034 names with hidden characters are refused, all others kept', async () => {
  for (const firstName of ['a\u0007b', 'a\u202eb', 'a\u200bb', 'a\u2028b', 'a\ufeffb', '\u0085']) {
    isProblem(await withFields({ firstName }), 'validation_failed', 'firstName name_invalid');
  }
  for (const firstName of ['<script>alert(1)</script>', "'; DROP TABLE user; --", '😀', 'ﬁ', ' ']) {
    assert.equal((await withFields({ firstName })).body.firstName, firstName);
  }
});

test('H-089 four-byte characters survive the database', async () => {
  const firstName = '😀𝒜𠀀é'.repeat(25);
  const { accessToken } = await newcomer({ firstName });
  assert.equal((await me(accessToken)).body.firstName, firstName);
});

test('a name has up to 100 characters, however many bytes', async () => {
  isOk(await withFields({ lastName: '𠀀'.repeat(100) }), 201);
  isProblem(await withFields({ lastName: '𠀀'.repeat(101) }),
    'validation_failed', 'lastName too_long');
});

test('H-032 an age is a whole number from 0 to 150', async () => {
  for (const age of [0, 1, 150]) assert.equal((await withFields({ age })).body.age, age);
  for (const age of [-1, 151, 2 ** 31]) {
    isProblem(await withFields({ age }), 'validation_failed', 'age out_of_range');
  }
  for (const age of [1.5, '25', true, [25], { age: 25 }]) {
    isProblem(await withFields({ age }), 'validation_failed', 'age wrong_type');
  }
});

test('H-032 an age beyond every integer type is refused', async () => {
  const literals = ['9223372036854775807', '9223372036854775808', '18446744073709551616',
    '18446744073709551641', `1${'0'.repeat(40)}`, '1e2', '25.0', '-0', '1e999'];
  for (const literal of literals) {
    const body = `{"email":"${newEmail()}","password":"${newPassword()}","age":${literal}}`;
    const answer = await call('POST', '/api/auth/register',
      { body, headers: { 'content-type': 'application/json' } });
    isProblem(answer, 'validation_failed');
    assert.match(fieldErrors(answer).join(), /^age (out_of_range|wrong_type)$/, literal);
  }
});

test('an identity comes from the token, never from the body', async () => {
  const ann = await newcomer();
  const bob = await registered();
  const pair = await session(bob);
  assert.notEqual(ann.user.id, bob.user.id);
  assert.equal(pair.user.id, bob.user.id);
  assert.equal((await me(pair.accessToken)).body.email, bob.email);
});
