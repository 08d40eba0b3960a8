// S3: a protected resource per user, hashed refresh tokens, the thief after
// logout, and a front end on another origin.
import assert from 'node:assert/strict';
import test from 'node:test';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newEmail, newPassword } from '../lib/people.mjs';
import { decode, layout } from '../lib/reftoken.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const service = await useService({ env: {
  LATCHKEY_TOKEN_REFRESH_IDLE_S: '864000', LATCHKEY_SESSION_MAX_AGE_S: '1814400',
  LATCHKEY_CORS_ORIGINS: 'https://front.example',
} });
const { call, get, register, login, refresh, logout, me, weather, newcomer, session, administrator, users } =
  api(service);

const tasks = (token) => ({
  list: async (query = '') => {
    const answer = await get(`/api/tasks${query}`, { token });
    isOk(answer);
    return answer.body.tasks;
  },
  add: (json) => call('POST', '/api/tasks', { token, json }),
  read: (id) => get(`/api/tasks/${id}`, { token }),
  replace: (id, json) => call('PUT', `/api/tasks/${id}`, { token, json }),
  change: (id, json) => call('PATCH', `/api/tasks/${id}`, { token, json }),
  remove: (id) => call('DELETE', `/api/tasks/${id}`, { token }),
});

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

test('3. her tasks: she adds, lists, changes and deletes them', async () => {
  const hers = tasks(pair.accessToken);
  assert.deepEqual(await hers.list(), []);
  const added = await hers.add({ title: 'Water the plants', due: '2027-01-02T17:00:00Z' });
  isOk(added, 201);
  const { id } = added.body;
  assert.equal(added.headers.location, `/api/tasks/${id}`);
  isOk(await hers.add({ title: 'Call mother', done: true }), 201);
  assert.deepEqual((await hers.list()).map(({ title }) => title), ['Call mother', 'Water the plants']);
  assert.deepEqual((await hers.list('?done=false')).map((task) => task.id), [id]);
  isOk(await hers.change(id, { notes: 'The fern twice' }));
  const { body: changed } = await hers.read(id);
  assert.deepEqual([changed.title, changed.notes, changed.due],
    ['Water the plants', 'The fern twice', '2027-01-02T17:00:00Z']);
  isOk(await hers.replace(id, { title: 'Water all plants' }));
  const { body: replaced } = await hers.read(id);
  assert.deepEqual([replaced.title, replaced.notes, replaced.due, replaced.done],
    ['Water all plants', null, null, false]);
  isOk(await hers.remove(id), 204);
  isProblem(await hers.read(id), 'not_found');
  assert.deepEqual((await hers.list()).map(({ title }) => title), ['Call mother']);
});

test('4. nobody else sees or changes them, whatever he sends', async () => {
  const bob = await newcomer();
  const his = tasks(bob.accessToken);
  const [{ id }] = await tasks(pair.accessToken).list();
  const stolen = { title: 'stolen', userId: bob.user.id, ownerId: bob.user.id };
  for (const answer of [await his.read(id), await his.replace(id, stolen), await his.change(id, stolen),
    await his.remove(id)]) {
    isProblem(answer, 'not_found');
  }
  isOk(await his.add({ title: 'for ann', userId: pair.user.id, ownerId: pair.user.id }), 201);
  assert.deepEqual((await his.list()).map(({ title }) => title), ['for ann']);
  assert.deepEqual((await tasks(pair.accessToken).list()).map(({ title }) => title), ['Call mother']);
});

test('5. the front end elsewhere may call, others may not', async () => {
  const json = { title: 'From the front end' };
  for (const [origin, allowed] of [['https://front.example', 'https://front.example'],
    ['https://evil.example', undefined]]) {
    const preflight = await call('OPTIONS', '/api/tasks', { headers: {
      origin, 'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    } });
    assert.equal(preflight.status, allowed === undefined ? 403 : 204);
    assert.equal(preflight.headers['access-control-allow-origin'], allowed);
    const answer = await call('POST', '/api/tasks', { token: pair.accessToken, json, headers: { origin } });
    isOk(answer, 201);
    // Whose page may read the answer.
    assert.equal(answer.headers['access-control-allow-origin'], allowed);
  }
});

test('6. her refresh token is never stored in the clear', async () => {
  const [[hash]] = await service.sql(
    `SELECT HEX(secret_hash) FROM session WHERE id = ${sqlId(pair.sessionId)}`);
  assert.equal(hash.length, 64);
  const secret = decode(pair.refreshToken).subarray(...layout.secret).toString('hex').toUpperCase();
  assert.notEqual(hash, secret);
  for (const row of await service.sql('SELECT * FROM session')) {
    assert.ok(!row.join('').includes(pair.refreshToken));
  }
});

test('7. its life slides: every refresh begins the ten days anew', async () => {
  const expiry = async () => Number((await service.sql(
    `SELECT idle_expires_ms - rotated_ms FROM session WHERE id = ${sqlId(pair.sessionId)}`))[0][0]);
  assert.equal(await expiry(), 864_000_000);
  thief = { ...pair };
  pair = (await refresh(pair.refreshToken)).body;
  assert.equal(await expiry(), 864_000_000);
});

test('8. a thief has her tokens, and she logs out', async () => {
  const stolen = { ...pair };
  isOk(await me(stolen.accessToken));
  isOk(await logout(pair.accessToken), 204);
  thief = [thief, stolen];
});

test('9. a stolen refresh token is refused after logout', async () => {
  for (const { refreshToken } of thief) isProblem(await refresh(refreshToken), 'session_ended');
});

test('10. does the stolen access token still work after logout? No.', async () => {
  for (const { accessToken } of thief) {
    isProblem(await me(accessToken), 'invalid_token');
    isProblem(await weather(accessToken), 'invalid_token');
  }
});

test('11. she logs in again, and the thief still has nothing', async () => {
  pair = await session(ann);
  isOk(await me(pair.accessToken));
  for (const { refreshToken, accessToken } of thief) {
    isProblem(await refresh(refreshToken), 'session_ended');
    isProblem(await me(accessToken), 'invalid_token');
  }
});

test('12. an account that is not active can not log in', async () => {
  const boss = await administrator();
  isOk(await users(boss.accessToken).change(pair.user.id, { status: 'disabled' }));
  isProblem(await login({ email: ann.email, password: ann.password }), 'invalid_credentials');
  isProblem(await refresh(pair.refreshToken), 'session_ended');
  isProblem(await get('/api/tasks', { token: pair.accessToken }), 'invalid_token');
  isOk(await users(boss.accessToken).change(pair.user.id, { status: 'active' }));
  pair = await session(ann);
  assert.equal((await tasks(pair.accessToken).list()).length, 3);
});

test('13. the interface is described for machines and people', async () => {
  const page = await get('/openapi.yaml', { by: 'server' });
  assert.equal(page.status, 200);
  assert.match(page.text, /^openapi: 3\.1/m);
});
