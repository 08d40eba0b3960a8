// Sections B and E of the attack catalogue: what administrators do to people,
// and that nobody else does it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { openConnection } from '../lib/connection.mjs';
import { decode } from '../lib/jwt.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newEmail, newPassword, newUsername } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';
import { until } from '../lib/wait.mjs';

const service = await useService({ env: { LATCHKEY_REGISTRATION_ROLES: 'USER,EDITOR' } });
const {
  call, get, post, login, logout, refresh, me, weather, newcomer, registered, session, administrator,
  users,
} = api(service);

const root = await administrator();
const admin = users(root.accessToken);
const roleOf = (name) => post('/api/roles', { name }, { token: root.accessToken });
isOk(await roleOf('AUDITOR'), 201);

const changed = async (answer) => {
  isOk(await answer);
  return (await answer).body;
};
const events = async (id) => (await service.sql('SELECT event FROM audit WHERE user_id = ' +
  `${sqlId(id)} ORDER BY id`)).map(([event]) => event);
const lastNote = async (id) => (await service.sql('SELECT event, LOWER(HEX(actor_id)), detail FROM audit' +
  ` WHERE user_id = ${sqlId(id)} ORDER BY id DESC LIMIT 1`))[0];
const hex = (id) => id.replaceAll('-', '');

// --- Reading --------------------------------------------------------------

test('H-080 a user is shown as everywhere, without a hash or a secret', async () => {
  const ann = await newcomer({ firstName: 'Ann', age: 40 });
  const { body } = await admin.read(ann.user.id);
  assert.deepEqual(body, (await me(ann.accessToken)).body);
  const { text } = await admin.list({ limit: 200 });
  assert.doesNotMatch(text, /hash|secret|token|version|argon/i);
});

test('H-076 an id that is none, or nobody\'s, is not found', async () => {
  const { user } = await registered();
  const nobody = '01a20000-0000-7000-8000-000000000000';
  const ids = [nobody, '0', '-1', '1e0', '0x1', '01', '+1', '%201', '1.0', '18446744073709551616', '1abc',
    '1;2', '1%00', 'x', user.id.toUpperCase(), hex(user.id), `${user.id}%20`, `{${user.id}}`, `%27${user.id}`,
    user.email, '%E0%A5%A7'];
  const { accessToken: token } = root;
  for (const id of ids) {
    const path = `/api/users/${id}`;
    const by = id.endsWith('%00') ? { by: 'lighttpd' } : {};
    const answers = await Promise.all([
      get(path, { token, ...by }), call('DELETE', path, { token, ...by }),
      call('PATCH', path, { token, json: { firstName: 'X' }, ...by }),
      call('PUT', `${path}/roles`, { token, json: { roles: [] }, ...by }),
      call('DELETE', `${path}/sessions`, { token, ...by }),
    ]);
    for (const answer of answers) {
      if (by.by === undefined) isProblem(answer, 'not_found');
      else assert.ok([400, 404].includes(answer.status), id);
    }
  }
  isOk(await admin.read(user.id));
});

// --- Making ---------------------------------------------------------------

test('an account made by an administrator has the roles he gives', async () => {
  const person = { email: newEmail('made'), password: newPassword(), username: newUsername(), age: 20 };
  const answer = await admin.add({ ...person, roles: ['editor', 'AUDITOR', 'Editor'] });
  isOk(answer, 201);
  const { id } = answer.body;
  assert.deepEqual(answer.body.roles, ['AUDITOR', 'EDITOR']);
  assert.equal(answer.headers.location, `/api/users/${id}`);
  assert.deepEqual((await get(answer.headers.location, { token: root.accessToken })).body, answer.body);
  assert.deepEqual((await session(person)).user.roles, ['AUDITOR', 'EDITOR']);
  assert.deepEqual(await service.sql('SELECT event, LOWER(HEX(actor_id)) FROM audit WHERE user_id = ' +
    `${sqlId(id)} ORDER BY id LIMIT 1`), [['user_created', hex(root.user.id)]]);
});

test('without roles it is USER, and null is the same as absent', async () => {
  for (const fields of [{}, { roles: null }, { role: 'ADMIN' }]) {
    const { body } = await admin.add({ email: newEmail(), password: newPassword(), ...fields });
    assert.deepEqual(body.roles, ['USER']);
  }
  const { body } = await admin.add({ email: newEmail(), password: newPassword(), roles: [] });
  assert.deepEqual(body.roles, []);
});

test('a role that does not exist, or is no name, makes no account', async () => {
  const { user } = await registered();
  for (const role of ['NONE', 'ADMIN ', 'ＡＤＭＩＮ', 'USER,ADMIN', '%', "X' OR '1'='1", 'a.b']) {
    const email = newEmail();
    isProblem(await admin.add({ email, password: newPassword(), roles: ['USER', role] }),
      'validation_failed', 'roles role_unknown');
    isProblem(await admin.setRoles(user.id, [role]), 'validation_failed', 'roles role_unknown');
    assert.deepEqual(await service.sql(`SELECT id FROM user WHERE email = '${email}'`), []);
  }
  assert.deepEqual((await admin.read(user.id)).body.roles, ['USER']);
});

test('the rules for addresses and passwords are those of a registration', async () => {
  const { email } = await registered();
  isProblem(await admin.add({ email: email.toUpperCase(), password: newPassword() }), 'user_exists');
  isProblem(await admin.add({ email: newEmail(), password: 'short' }),
    'validation_failed', 'password password_too_short');
  isProblem(await admin.add({ email: 'x', password: newPassword() }), 'validation_failed', 'email email_invalid');
});

// --- Changing -------------------------------------------------------------

test('what is given changes, null clears, and what is absent stays', async () => {
  const ann = await registered({ username: newUsername(), firstName: 'Ann', lastName: 'Lee',
    phoneNumber: '+49 30 1234567', age: 40 });
  const { id } = ann.user;
  const one = await changed(admin.change(id, { firstName: 'Änne', age: 41 }));
  assert.deepEqual(one, { ...ann.user, firstName: 'Änne', age: 41 });
  const two = await changed(admin.change(id, { lastName: null, phoneNumber: null, age: null, username: null }));
  assert.deepEqual(two, { ...one, lastName: null, phoneNumber: null, age: null, username: null });
  assert.deepEqual(await changed(admin.change(id, {})), two);
  assert.deepEqual((await admin.read(id)).body, two);
  assert.deepEqual(await events(id), ['registered', 'user_changed', 'user_changed']);
});

test('H-025 nothing else can be changed', async () => {
  const ann = await newcomer();
  const { id } = ann.user;
  const wishes = { id: root.user.id, email: newEmail(), role: 'ADMIN', roles: ['ADMIN'], password: newPassword(),
    passwordHash: 'x', password_hash: 'x', tokenVersion: 9, createdAt: '2000-01-01T00:00:00Z', lastLoginAt: null,
    __proto__: { roles: ['ADMIN'] } };
  assert.deepEqual(await changed(admin.change(id, wishes)), (await admin.read(id)).body);
  assert.deepEqual((await admin.read(id)).body, ann.user);
  isOk(await login({ email: ann.email, password: ann.password }));
  isOk(await me(ann.accessToken));
});

test('H-079 no way leads to another user\'s password', async () => {
  const { id } = (await registered()).user;
  const { accessToken: token } = root;
  for (const path of [`/api/users/${id}/password`, `/api/users/${id}/roles/password`]) {
    for (const method of ['PUT', 'POST', 'PATCH']) {
      isProblem(await call(method, path, { token, json: { password: newPassword() } }), 'not_found');
    }
  }
});

test('a user name is somebody\'s once, and one\'s own in another case', async () => {
  const [ann, bob] = [await registered({ username: newUsername() }), await registered()];
  isProblem(await admin.change(bob.user.id, { username: ann.username.toUpperCase(), firstName: 'Bob' }),
    'user_exists');
  assert.equal((await admin.read(bob.user.id)).body.firstName, null);
  const upper = ann.username.toUpperCase();
  assert.equal((await changed(admin.change(ann.user.id, { username: upper }))).username, upper);
  isOk(await login({ username: ann.username, password: ann.password }));
});

test('who is disabled is out at once, and enabled starts anew', async () => {
  const ann = await newcomer();
  const { id } = ann.user;
  assert.equal((await changed(admin.change(id, { status: 'disabled', firstName: 'Ann' }))).status, 'disabled');
  isProblem(await me(ann.accessToken), 'invalid_token');
  isProblem(await weather(ann.accessToken), 'invalid_token');
  isProblem(await refresh(ann.refreshToken), 'session_ended');
  isProblem(await login({ email: ann.email, password: ann.password }), 'invalid_credentials');
  isOk(await admin.change(id, { status: 'disabled' }));
  assert.equal((await changed(admin.change(id, { status: 'active' }))).status, 'active');
  isProblem(await me(ann.accessToken), 'invalid_token');
  isProblem(await refresh(ann.refreshToken), 'session_ended');
  isOk(await me((await session(ann)).accessToken));
  assert.deepEqual((await events(id)).filter((event) => event.startsWith('user_')),
    ['user_changed', 'user_disabled', 'user_enabled']);
  assert.deepEqual((await service.sql('SELECT DISTINCT LOWER(HEX(actor_id)) FROM audit WHERE user_id = ' +
    `${sqlId(id)} AND event LIKE 'user%'`)), [[hex(root.user.id)]]);
});

test('a token that outlived its disabled account by hand stays dead when that is enabled', async () => {
  const ann = await newcomer();
  const { id } = ann.user;
  await service.sql(`UPDATE user SET status = 0 WHERE id = ${sqlId(id)}`);
  isOk(await admin.change(id, { status: 'active' }));
  isProblem(await weather(ann.accessToken), 'invalid_token');
});

test('other words than the two are no status', async () => {
  const { id } = (await registered()).user;
  for (const status of ['Active', 'deleted', '1', 'active ', 'enabled']) {
    isProblem(await admin.change(id, { status }), 'validation_failed', 'status status_invalid');
  }
});

// --- Roles ----------------------------------------------------------------

test('a change of roles kills access tokens, and a refresh brings the new ones', async () => {
  const ann = await newcomer();
  const other = await session(ann);
  const { id } = ann.user;
  assert.deepEqual((await changed(admin.setRoles(id, ['editor', 'USER', 'EDITOR']))).roles, ['EDITOR', 'USER']);
  for (const { accessToken } of [ann, other]) isProblem(await weather(accessToken), 'invalid_token');
  const { body: pair } = await refresh(ann.refreshToken);
  assert.equal(pair.sessionId, ann.sessionId);
  assert.deepEqual(pair.user.roles, ['EDITOR', 'USER']);
  const { payload } = decode(pair.accessToken);
  assert.deepEqual([payload.roles, payload.ver], [['EDITOR', 'USER'], decode(ann.accessToken).payload.ver + 1]);
  isOk(await weather(pair.accessToken));
  isOk(await refresh(other.refreshToken, other.accessToken));
  assert.deepEqual(await lastNote(id), ['roles_changed', hex(root.user.id), 'EDITOR,USER']);
});

test('the same roles once more change nothing', async () => {
  const ann = await newcomer();
  isOk(await admin.setRoles(ann.user.id, ['user', 'USER']));
  isOk(await weather(ann.accessToken));
  assert.equal((await lastNote(ann.user.id))[0], 'login_ok');
});

test('somebody may have no role, and at most 32', async () => {
  const ann = await newcomer();
  const { id } = ann.user;
  assert.deepEqual((await changed(admin.setRoles(id, []))).roles, []);
  const { body: pair } = await refresh(ann.refreshToken);
  assert.deepEqual(decode(pair.accessToken).payload.roles, []);
  isProblem(await admin.setRoles(id, Array(33).fill('USER')), 'validation_failed', 'roles too_many');
  isProblem(await admin.setRoles(id, undefined), 'validation_failed', 'roles required');
});

test('32 roles of 32 characters fit a token', async () => {
  const names = Array.from({ length: 32 }, (_, i) => `LONG_${String(i).padStart(2, '0')}${'_'.repeat(25)}`);
  for (const name of names) isOk(await roleOf(name), 201);
  const ann = await newcomer();
  isOk(await admin.setRoles(ann.user.id, names));
  const { body: pair } = await refresh(ann.refreshToken);
  assert.deepEqual(pair.user.roles, names);
  assert.ok(pair.accessToken.length <= 3584);
  isOk(await weather(pair.accessToken));
});

// --- Sessions and the end -------------------------------------------------

test('all sessions of a user end, and he may log in again', async () => {
  const ann = await newcomer();
  const other = await session(ann);
  isOk(await admin.endSessions(ann.user.id), 204);
  assert.deepEqual((await lastNote(ann.user.id)).slice(0, 2), ['sessions_ended', hex(root.user.id)]);
  for (const { accessToken, refreshToken } of [ann, other]) {
    isProblem(await weather(accessToken), 'invalid_token');
    isProblem(await refresh(refreshToken), 'session_ended');
  }
  isOk(await weather((await session(ann)).accessToken));
});

test('who is deleted is gone, but for the ids in the audit trail', async () => {
  const ann = await newcomer({ username: newUsername(), firstName: 'Annabell' });
  const { id } = ann.user;
  isOk(await admin.remove(id), 204);
  isProblem(await admin.read(id), 'not_found');
  isProblem(await admin.remove(id), 'not_found');
  isProblem(await weather(ann.accessToken), 'invalid_token');
  isProblem(await refresh(ann.refreshToken), 'session_ended');
  isProblem(await login({ email: ann.email, password: ann.password }), 'invalid_credentials');
  const tables = ['user', 'user_role', 'session', 'user_search', 'user_term', 'audit'];
  const rows = await Promise.all(tables.map((table) => service.sql(`SELECT * FROM ${table}`)));
  for (const personal of [ann.email, ann.username, 'Annabell', 'annabell']) {
    assert.ok(!JSON.stringify(rows).includes(personal), personal);
  }
  assert.deepEqual((await lastNote(id)).slice(0, 2), ['user_deleted', hex(root.user.id)]);
  assert.ok((await events(id)).includes('registered'));
});

// --- The last administrator -----------------------------------------------

test('the last active administrator can\'t be demoted, disabled or deleted, nor do it himself', async () => {
  const { id } = root.user;
  const bob = await newcomer();
  // A disabled administrator is none.
  isOk(await admin.setRoles(bob.user.id, ['ADMIN']));
  isOk(await admin.change(bob.user.id, { status: 'disabled' }));
  isProblem(await admin.setRoles(id, ['USER']), 'last_admin');
  isProblem(await admin.setRoles(id, []), 'last_admin');
  isProblem(await admin.change(id, { status: 'disabled' }), 'last_admin');
  isProblem(await admin.change(id, { status: 'disabled', firstName: 'Nobody' }), 'last_admin');
  isProblem(await admin.remove(id), 'last_admin');
  for (const verb of ['disable', 'delete']) {
    const { status, stderr } = await service.ctl(['user', verb, '--email', 'admin@example.org']);
    assert.notEqual(status, 0);
    assert.match(stderr, /last active administrator/i);
  }
  // What takes no administrator away is no matter.
  isOk(await admin.setRoles(bob.user.id, ['USER']));
  isOk(await admin.change(id, { status: 'active', firstName: null }));
  isOk(await admin.setRoles(id, ['ADMIN']));
  assert.deepEqual((await me(root.accessToken)).body, root.user);
});

test('with a second administrator the first may go, by his own hand too', async () => {
  const ann = await newcomer();
  isOk(await admin.setRoles(ann.user.id, ['ADMIN', 'USER']));
  const { body: pair } = await refresh(ann.refreshToken);
  const second = users(pair.accessToken);
  isOk(await second.list());
  assert.deepEqual((await changed(second.setRoles(ann.user.id, ['USER']))).roles, ['USER']);
  isProblem(await second.list(), 'invalid_token');
  const { body: next } = await refresh(pair.refreshToken);
  isProblem(await users(next.accessToken).list(), 'forbidden');
});

test('a claim without the role in the database is not enough', async () => {
  const ann = await newcomer();
  isOk(await admin.setRoles(ann.user.id, ['ADMIN']));
  const { body: pair } = await refresh(ann.refreshToken);
  await service.sql(`DELETE FROM user_role WHERE user_id = ${sqlId(ann.user.id)}`);
  isOk(await weather(pair.accessToken));
  isProblem(await users(pair.accessToken).list(), 'forbidden');
  isProblem(await users(pair.accessToken).setRoles(ann.user.id, ['ADMIN']), 'forbidden');
});

// What he asks has passed the guard and waits for his row, which another
// transaction changes.
const acts = {
  'makes himself one again': (by, id) => by.setRoles(id, ['ADMIN', 'USER']),
  'makes another one': (by) => by.add({ email: newEmail('backdoor'), password: newPassword(), roles: ['ADMIN'] }),
  'deletes the others': (by) => by.remove(root.user.id),
  'disables the others': (by) => by.change(root.user.id, { status: 'disabled' }),
  'ends their sessions': (by) => by.endSessions(root.user.id),
  'changes their names': (by) => by.change(root.user.id, { firstName: 'Mallory' }),
  'makes a role': (by, id, token) => post('/api/roles', { name: 'MALLORYS' }, { token }),
  'deletes a role': (by, id, token) => call('DELETE', '/api/roles/AUDITOR', { token }),
};
for (const [what, act] of Object.entries(acts)) {
  test(`an administrator who loses the role while he ${what} has done nothing`, async () => {
    const mallory = await newcomer();
    const { id } = mallory.user;
    isOk(await admin.setRoles(id, ['ADMIN', 'USER']));
    const { body: { accessToken } } = await refresh(mallory.refreshToken);
    const connection = openConnection(service);
    await connection.run('START TRANSACTION');
    await connection.run(`DELETE FROM user_role WHERE user_id = ${sqlId(id)} AND role_name = 'ADMIN'`);
    await connection.run(`UPDATE user SET roles = 'USER' WHERE id = ${sqlId(id)}`);
    const acting = act(users(accessToken), id, accessToken);
    await until('it waits', async () => (await service.sql('SELECT id FROM information_schema.processlist WHERE' +
      " info LIKE 'SELECT %user_role r% FOR UPDATE' OR info LIKE 'SELECT %user_role r% LOCK IN SHARE MODE'",
    { user: 'latchkey' })).length > 0);
    await connection.run('COMMIT');
    await connection.close();
    isProblem(await acting, 'forbidden');
    assert.deepEqual((await admin.read(id)).body.roles, ['USER']);
    assert.deepEqual((await me(root.accessToken)).body, root.user);
    assert.deepEqual((await admin.list({ search: 'backdoor' })).body.users, []);
    assert.deepEqual(await service.sql("SELECT name FROM role WHERE name IN ('MALLORYS', 'AUDITOR')"), [['AUDITOR']]);
  });
}

test('nobody but administrators gets in, and their logout ends it', async () => {
  const ann = await newcomer();
  const mallory = users(ann.accessToken);
  for (const answer of [await mallory.list(), await mallory.read(ann.user.id), await mallory.add({}),
    await mallory.change(ann.user.id, { status: 'active' }), await mallory.remove(ann.user.id),
    await mallory.setRoles(ann.user.id, ['ADMIN']), await mallory.endSessions(root.user.id)]) {
    isProblem(answer, 'forbidden');
  }
  isProblem(await users(undefined).list(), 'authentication_required');
  const again = await administrator();
  isOk(await users(again.accessToken).list());
  isOk(await logout(again.accessToken), 204);
  isProblem(await users(again.accessToken).list(), 'invalid_token');
});

// Anybody can make failed logins with somebody's name, and erasing must get
// through them: what one order gets done, the next need not do again.
test('a long audit trail is erased part by part', async () => {
  const { user } = await registered();
  const about = `FROM audit WHERE user_id = ${sqlId(user.id)} AND actor_id IS NULL AND ip <> ''`;
  const left = async () => Number((await service.sql(`SELECT COUNT(*) ${about}`))[0][0]);
  await service.sql('INSERT INTO audit (at_ms, event, user_id, ip, user_agent, request_id)' +
    ` SELECT 1, 'login_failed', ${sqlId(user.id)}, '192.0.2.1', 'x', '' FROM seq_1_to_12000`);
  const before = await left();
  const connection = openConnection(service);
  await connection.run('START TRANSACTION');
  await connection.run(`SELECT id ${about} ORDER BY id DESC LIMIT 1 FOR UPDATE`);
  isProblem(await admin.remove(user.id), 'unavailable');
  assert.equal(await left(), before - 10_000);
  isOk(await admin.read(user.id));
  await connection.close();
  isOk(await admin.remove(user.id), 204);
  assert.equal(await left(), 0);
});
