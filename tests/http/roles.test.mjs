// Section B of the attack catalogue: nobody makes himself an administrator.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newEmail, newPassword } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const service = await useService({ env: { LATCHKEY_REGISTRATION_ROLES: 'USER, EDITOR' } });
const { call, login, register, registered, session, refresh, me } = api(service);

const withRole = (role) => register({ email: newEmail(), password: newPassword(), role });
const rolesOf = (userId) => service.sql(
  `SELECT role_name FROM user_role WHERE user_id = ${sqlId(userId)}`);

test('H-026 the first who registers is no administrator', async () => {
  const { user } = await registered();
  assert.deepEqual(user.roles, ['USER']);
  assert.deepEqual(await rolesOf(user.id), [['USER']]);
});

test('a role of registration.roles is granted, in upper case', async () => {
  for (const role of ['EDITOR', 'editor']) {
    const { body } = await withRole(role);
    assert.deepEqual(body.roles, ['EDITOR']);
    assert.deepEqual(await rolesOf(body.id), [['EDITOR']]);
  }
});

const others = [
  'ADMIN', 'admin', 'Admin', ' ADMIN', 'ADMIN ', 'USER,ADMIN', 'USER ADMIN', 'USER\nADMIN', '', ' ',
  'USER ', 'USER, EDITOR', 'ROOT', '0', '*', '%', 'ＡＤＭＩＮ', 'ADM\u0130N', 'x'.repeat(1000),
];
for (const role of others) {
  test(`H-023 the role ${JSON.stringify(role.slice(0, 20))} can't be chosen`, async () => {
    const email = newEmail();
    isProblem(await register({ email, password: newPassword(), role }), 'role_not_allowed');
    isProblem(await login({ email, password: newPassword() }), 'invalid_credentials');
  });
}

for (const role of [0, 1, true, false, ['ADMIN'], { name: 'ADMIN' }]) {
  test(`H-023 the role ${JSON.stringify(role)} is of no type we take`, async () => {
    isProblem(await withRole(role), 'validation_failed', 'role wrong_type');
  });
}

test('H-023 a second member "role" does not win', async () => {
  for (const second of ['"role"', '"r\\u006fle"']) {
    const body = `{"email":"${newEmail()}","password":"${newPassword()}","role":"USER",` +
      `${second}:"ADMIN"}`;
    isProblem(await call('POST', '/api/auth/register',
      { body, headers: { 'content-type': 'application/json' } }), 'malformed_json');
  }
});

test('H-023 members that other systems read do nothing', async () => {
  const { body } = await register({
    email: newEmail(), password: newPassword(), Role: 'ADMIN', roles: ['ADMIN'], isAdmin: true,
    token_version: 99, user: { role: 'ADMIN' }, __proto__: { role: 'ADMIN' },
  });
  assert.deepEqual(body.roles, ['USER']);
});

test('an administrator comes from the command line', async () => {
  const email = newEmail('root');
  const password = newPassword();
  const made = await service.ctl(
    ['user', 'add', '--email', email, '--role', 'ADMIN', '--password-stdin'],
    { input: `${password}\n` });
  assert.equal(made.status, 0, made.stderr);
  const { accessToken, user } = await session({ email, password });
  assert.deepEqual(user.roles, ['ADMIN']);
  assert.deepEqual((await me(accessToken)).body.roles, ['ADMIN']);
});

test('the demo administrator can log in with the password in STATE/demo-admin', async () => {
  const password = readFileSync(`${service.state}/demo-admin`, 'utf8').trim();
  const { user } = await session({ email: 'admin@example.org', password });
  assert.deepEqual(user.roles, ['ADMIN']);
});

test('roles are read from the database at every refresh', async () => {
  const ann = await registered();
  const { refreshToken } = await session(ann);
  const id = sqlId(ann.user.id);
  // As a change of roles writes it, without the end of tokens that follows.
  await service.sql(`INSERT INTO user_role VALUES (${id}, 'EDITOR');` +
    `UPDATE user SET roles = 'EDITOR,USER' WHERE id = ${id}`);
  const answer = await refresh(refreshToken);
  isOk(answer);
  assert.deepEqual(answer.body.user.roles, ['EDITOR', 'USER']);
});

test('the row of a user agrees with the table of roles', async () => {
  await registered();
  isOk(await withRole('EDITOR'), 201);
  assert.deepEqual(await service.sql('SELECT DISTINCT roles FROM user ORDER BY roles'),
    [['ADMIN'], ['EDITOR'], ['EDITOR,USER'], ['USER']]);
  assert.deepEqual(await service.sql('SELECT u.email, u.roles FROM user u WHERE u.roles <>' +
    ' COALESCE((SELECT GROUP_CONCAT(r.role_name ORDER BY r.role_name) FROM user_role r' +
    " WHERE r.user_id = u.id), '')"), []);
});
