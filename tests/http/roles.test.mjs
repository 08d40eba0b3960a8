// Section B of the attack catalogue: nobody makes himself an administrator.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { cgi } from '../lib/cgi.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newEmail, newPassword } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const service = await useService({ env: { LATCHKEY_REGISTRATION_ROLES: 'USER, EDITOR' } });
const {
  call, get, post, login, register, registered, newcomer, session, refresh, me, administrator, users,
} = api(service);
const first = await registered();
const root = await administrator();
const { accessToken: token } = root;

const withRole = (role) => register({ email: newEmail(), password: newPassword(), role });
const rolesOf = (userId) => service.sql(
  `SELECT role_name FROM user_role WHERE user_id = ${sqlId(userId)}`);

test('H-026 the first who registers is no administrator', async () => {
  assert.deepEqual(first.user.roles, ['USER']);
  assert.deepEqual(await rolesOf(first.user.id), [['USER']]);
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

test('H-025 a change of one\'s own account grants no role, and no status', async () => {
  const { accessToken, user } = await newcomer();
  for (const wish of [{ role: 'ADMIN' }, { roles: ['ADMIN'] }, { role: 0 }, { status: 'disabled' },
    { email: 'admin@example.org' }, { id: user.id, isAdmin: true, token_version: 9 }]) {
    const answer = await call('PATCH', '/api/users/me', { json: wish, token: accessToken });
    isOk(answer);
    assert.deepEqual(answer.body, user);
  }
  assert.deepEqual(await rolesOf(user.id), [['USER']]);
});

test('H-025 nor does a change of password, or a task', async () => {
  const ann = await newcomer();
  const { id } = ann.user;
  const more = { role: 'ADMIN', roles: ['ADMIN'], user: { roles: ['ADMIN'] } };
  isOk(await post('/api/tasks', { title: 'x', ...more }, { token: ann.accessToken }), 201);
  const answer = await post('/api/auth/password',
    { currentPassword: ann.password, newPassword: newPassword(), ...more }, { token: ann.accessToken });
  isOk(answer);
  assert.deepEqual(answer.body.user.roles, ['USER']);
  assert.deepEqual(await rolesOf(id), [['USER']]);
});

test('where registration is closed only administrators make accounts', async () => {
  const env = { LATCHKEY_REGISTRATION_ENABLED: 'no' };
  const wish = () => ({ email: newEmail(), password: newPassword() });
  isProblem(await cgi(service, 'register', 'POST', '/api/auth/register', { json: wish(), env }),
    'registration_disabled');
  isOk(await cgi(service, 'users', 'POST', '/api/users', { json: wish(), token, env }), 201);
});

// --- The roles there are --------------------------------------------------

const at = (name) => `/api/roles/${name}`;
const add = (json) => post('/api/roles', json, { token });
const remove = (name) => call('DELETE', at(name), { token });
const names = async () => {
  const answer = await get('/api/roles', { token });
  isOk(answer);
  return answer.body.roles.map(({ name }) => name);
};
const lastNote = async () => (await service.sql(
  'SELECT event, LOWER(HEX(actor_id)), detail FROM audit ORDER BY id DESC LIMIT 1'))[0];
const actor = root.user.id.replaceAll('-', '');

test('a role is made in upper case, listed, read and deleted', async () => {
  const answer = await add({ name: 'Reader-2', description: 'Reads "all" of it' });
  isOk(answer, 201);
  const { createdAt, ...rest } = answer.body;
  assert.deepEqual(rest, { name: 'READER-2', description: 'Reads "all" of it', builtIn: false });
  assert.ok(Math.abs(Date.parse(createdAt) - Date.now()) < 60_000);
  assert.equal(answer.headers.location, '/api/roles/READER-2');
  assert.deepEqual(await lastNote(), ['role_created', actor, 'READER-2']);
  assert.deepEqual((await get(answer.headers.location, { token })).body, answer.body);
  assert.deepEqual(await names(), ['ADMIN', 'EDITOR', 'READER-2', 'USER']);
  isProblem(await add({ name: 'reader-2' }), 'role_exists');
  isOk(await remove('READER-2'), 204);
  assert.deepEqual(await lastNote(), ['role_deleted', actor, 'READER-2']);
  isProblem(await remove('READER-2'), 'not_found');
  isProblem(await get(at('READER-2'), { token }), 'not_found');
});

test('a role says whether it is built in, and what it is for', async () => {
  const { body } = await get(at('ADMIN'), { token });
  assert.equal(body.builtIn, true);
  assert.match(body.description, /./);
  isOk(await add({ name: 'PLAIN' }), 201);
  assert.equal((await get(at('PLAIN'), { token })).body.description, null);
});

test('a role that is built in, chosen at registration or somebody\'s stays', async () => {
  for (const name of ['ADMIN', 'USER', 'EDITOR']) isProblem(await remove(name), 'role_in_use');
  isOk(await add({ name: 'HELD' }), 201);
  const { user } = await registered();
  isOk(await users(token).setRoles(user.id, ['HELD']));
  isProblem(await remove('HELD'), 'role_in_use');
  isOk(await users(token).setRoles(user.id, ['USER']));
  isOk(await remove('HELD'), 204);
});

test('what is no name of a role is refused, or not found', async () => {
  for (const name of ['A B', 'A,B', '1A', '-A', 'A.B', 'Ä', 'A\n', "A'--", '%']) {
    isProblem(await add({ name }), 'validation_failed', 'name role_name_invalid');
    // lighttpd refuses control characters in a path by itself.
    if (name.includes('\n')) continue;
    isProblem(await get(at(encodeURIComponent(name)), { token }), 'not_found');
    isProblem(await remove(encodeURIComponent(name)), 'not_found');
  }
  isProblem(await get(at('user'), { token }), 'not_found');
  isProblem(await add({ name: 'OK', description: 'a\u202eb' }), 'validation_failed',
    'description description_invalid');
});

test('roles are for administrators alone', async () => {
  const mallory = await newcomer();
  for (const answer of [await get('/api/roles', { token: mallory.accessToken }),
    await post('/api/roles', { name: 'MINE' }, { token: mallory.accessToken }),
    await call('DELETE', at('PLAIN'), { token: mallory.accessToken })]) {
    isProblem(answer, 'forbidden');
  }
});

test('there are at most 200 roles', async () => {
  const count = (await names()).length;
  await service.sql(Array.from({ length: 200 - count }, (_, i) =>
    `INSERT INTO role (name, description, created_ms) VALUES ('MANY_${i}', REPEAT(CONVERT(X'F0A08080' USING utf8mb4), 200), 0)`).join(';\n'));
  assert.equal((await names()).length, 200);
  isProblem(await add({ name: 'ONE_MORE' }), 'validation_failed', 'name too_many_roles');
  await service.sql("DELETE FROM role WHERE name LIKE 'MANY%'");
});

// A change of roles on both ways: by a refresh, and by a login under way.
test('a login that began before a change of roles does not bring the old ones', async () => {
  const ann = await registered();
  const [answer] = await Promise.all([login({ email: ann.email, password: ann.password }),
    users(token).setRoles(ann.user.id, ['EDITOR'])]);
  // It came before the change, and its token is dead; or after it; or it saw
  // the change and gave up.
  if (answer.status === 200 && answer.body.user.roles[0] !== 'EDITOR') {
    isProblem(await me(answer.body.accessToken), 'invalid_token');
  } else if (answer.status !== 200) {
    isProblem(answer, 'invalid_credentials');
  }
  assert.deepEqual((await session(ann)).user.roles, ['EDITOR']);
});
