// One's own account: read, changed, deleted.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { openConnection } from '../lib/connection.mjs';
import { cookieApi } from '../lib/cookies.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { newPassword, newUsername } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';
import { until } from '../lib/wait.mjs';

const service = await useService();
const {
  call, login, refresh, me, weather, newcomer, registered, session, administrator, users, by, jarFor,
} = cookieApi(service);

const change = ({ accessToken }, json) => call('PATCH', '/api/users/me', { json, token: accessToken });
const leave = ({ accessToken }, json) => call('DELETE', '/api/users/me', { json, token: accessToken });
const events = async (id) => (await service.sql('SELECT event, HEX(actor_id) = HEX(user_id) FROM audit' +
  ` WHERE user_id = ${sqlId(id)} ORDER BY id`)).map((row) => row.join(' '));

test('what is given changes, null clears, and what is absent stays', async () => {
  const ann = await newcomer({ firstName: 'Ann', lastName: 'Lee' });
  const username = newUsername();
  const first = await change(ann, { username, firstName: 'Anne', phoneNumber: '+49 30 1234567', age: 0 });
  isOk(first);
  assert.deepEqual(first.body, { ...ann.user, username, firstName: 'Anne', phoneNumber: '+49 30 1234567', age: 0 });
  const second = await change(ann, { lastName: null, age: null });
  assert.deepEqual(second.body, { ...first.body, lastName: null, age: null });
  assert.deepEqual((await change(ann, {})).body, second.body);
  assert.deepEqual((await me(ann.accessToken)).body, second.body);
  isOk(await login({ username, password: ann.password }));
  // Once a session.
  assert.deepEqual((await events(ann.user.id)).filter((row) => row.startsWith('user')), ['user_changed 1']);
});

test('a change kills no token', async () => {
  const ann = await newcomer();
  isOk(await change(ann, { firstName: 'Ann' }));
  isOk(await weather(ann.accessToken));
  isOk(await refresh(ann.refreshToken));
});

test('a user name that is taken stays whose it is, and nothing else changes', async () => {
  const [ann, bob] = [await newcomer({ username: newUsername() }), await newcomer()];
  isProblem(await change(bob, { username: ann.username.toUpperCase(), firstName: 'Bob' }), 'user_exists');
  assert.deepEqual((await me(bob.accessToken)).body, bob.user);
  isOk(await change(ann, { username: null }));
  isOk(await change(bob, { username: ann.username }));
});

test('values are judged as at registration', async () => {
  const ann = await newcomer();
  const answer = await change(ann, {
    username: '?', firstName: '', lastName: 'a\u202eb', phoneNumber: 'call me', age: 151,
  });
  isProblem(answer, 'validation_failed', 'username username_invalid', 'firstName too_short',
    'lastName name_invalid', 'phoneNumber phone_number_invalid', 'age out_of_range');
  assert.deepEqual((await me(ann.accessToken)).body, ann.user);
});

test('leaving takes the password, and leaves nothing that works', async () => {
  const ann = await newcomer({ username: newUsername() });
  const other = await session(ann);
  const jar = await jarFor(ann);
  for (const password of [newPassword(), `${ann.password} `, '']) {
    isProblem(await leave(ann, { password }), 'invalid_credentials');
  }
  isProblem(await leave(ann, {}), 'validation_failed', 'password required');
  isOk(await me(ann.accessToken));
  isOk(await leave(ann, { password: ann.password }), 204);
  for (const { accessToken, refreshToken } of [ann, other]) {
    isProblem(await me(accessToken), 'invalid_token');
    isProblem(await weather(accessToken), 'invalid_token');
    isProblem(await refresh(refreshToken), 'session_ended');
  }
  isProblem(await by('GET', '/api/users/me', jar), 'invalid_token');
  isProblem(await leave(ann, { password: ann.password }), 'invalid_token');
  isProblem(await login({ email: ann.email, password: ann.password }), 'invalid_credentials');
  const rows = await events(ann.user.id);
  assert.equal(rows.at(-1), 'user_deleted 1');
  assert.equal(rows.filter((row) => row === 'password_failed 1').length, 3);
  // Whoever comes next may have the names.
  const { user } = await registered({ email: ann.email, username: ann.username });
  assert.notEqual(user.id, ann.user.id);
});

test('leaving by cookie takes the cookies along', async () => {
  const ann = await registered();
  const jar = await jarFor(ann);
  const answer = await by('DELETE', '/api/users/me', jar, { json: { password: ann.password } });
  isOk(answer, 204);
  for (const line of answer.headers['set-cookie']) assert.match(line, /=; .*Max-Age=0/);
  assert.equal(answer.headers['set-cookie'].length, 2);
});

test('the last administrator can\'t leave, another one can', async () => {
  const root = await administrator();
  const password = readFileSync(`${service.state}/demo-admin`, 'utf8').trim();
  isProblem(await leave(root, { password: newPassword() }), 'invalid_credentials');
  isProblem(await leave(root, { password }), 'last_admin');
  isOk(await me(root.accessToken));
  const ann = await newcomer();
  isOk(await users(root.accessToken).setRoles(ann.user.id, ['ADMIN']));
  const { body: pair } = await refresh(ann.refreshToken);
  isOk(await leave({ accessToken: pair.accessToken }, { password: ann.password }), 204);
});

// With the hash behind it, it waits for the row, which another changes.
test('a slow leaving does not outrun a change of the account', async () => {
  const ann = await newcomer();
  const connection = openConnection(service);
  await connection.run('START TRANSACTION');
  await connection.run(`UPDATE user SET token_version = token_version + 1 WHERE id = ${sqlId(ann.user.id)}`);
  const leaving = leave(ann, { password: ann.password });
  await until('it waits', async () => (await service.sql('SELECT id FROM information_schema.processlist' +
    " WHERE info LIKE 'SELECT status, token_version FROM user % FOR UPDATE'", { user: 'latchkey' })).length > 0);
  await connection.run('COMMIT');
  isProblem(await leaving, 'invalid_token');
  await connection.close();
  isOk(await login({ email: ann.email, password: ann.password }));
});
