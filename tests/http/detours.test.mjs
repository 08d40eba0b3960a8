// Section E of the attack catalogue over everything that is declared: ids that
// are none, methods in disguise, paths around the door, and answers that tell
// administrators more than they need.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { allowed, fill, operations, paths } from '../lib/operations.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newEmail, newPassword } from '../lib/people.mjs';
import { exchange } from '../lib/raw.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const service = await useService();
const { call, me, login, newcomer, session, administrator } = api(service);
const boss = await administrator();
const ann = await newcomer({ firstName: 'Ann' });
const mallory = await newcomer();

const task = await call('POST', '/api/tasks', { token: ann.accessToken, json: { title: 'private' } });
isOk(task, 201);
isOk(await call('POST', '/api/roles', { token: boss.accessToken, json: { name: 'DETOUR' } }), 201);

// Something real behind each path with a parameter, and who may reach it.
const things = {
  '/api/tasks/{id}': [task.body.id, ann], '/api/auth/sessions/{id}': [ann.sessionId, ann],
  '/api/users/{id}': [ann.user.id, boss], '/api/users/{id}/roles': [ann.user.id, boss],
  '/api/users/{id}/sessions': [ann.user.id, boss], '/api/roles/{name}': ['DETOUR', boss],
};

const stateOf = () => service.sql(['id, email, first_name, status, token_version, password_hash FROM user',
  '* FROM user_role', '* FROM role', '* FROM task', 'id, ended_ms FROM session', '* FROM revocation']
  .map((what) => `SELECT ${what} ORDER BY 1, 2;`).join('\n'));
async function changesNothing(body) {
  const before = await stateOf();
  await body();
  assert.deepEqual(await stateOf(), before);
}

const greedy = { title: 'stolen', status: 'disabled', firstName: 'stolen', roles: ['ADMIN'], name: 'STOLEN' };
const rawly = (method, path, token, ...lines) => {
  const body = method === 'GET' || method === 'DELETE' ? '' : JSON.stringify(greedy);
  return exchange(service, [`${method} ${path} HTTP/1.1`, 'Host: latchkey', ...lines,
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    'Content-Type: application/json', `Content-Length: ${body.length}`], body);
};

test('every path with a parameter leads to something here', () => {
  assert.deepEqual(Object.keys(things).sort(), paths.filter((path) => path.includes('{')).sort());
});

const malformed = (id) => ['0', '-1', '1', '1e0', '0x1', '01', '+1', '1.0', '%201', '2147483648',
  '9223372036854775807', '9223372036854775808', '18446744073709551616', '1'.padEnd(41, '0'), '1abc',
  '1;2', '1%27', '%27%20OR%201=1', '%D9%A1', '%EF%BC%91', '%ff', 'null', 'undefined', 'NaN', '%7Bid%7D', '*', '%25', '_',
  '00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff',
  `${id}%20`, `%20${id}`, `${id}%0a`, `${id}%00`, `${id}x`, `${id},${id}`, `${id};x=1`,
  `${id}%2f..`, `${id}.json`, `%7B${id}%7D`, `urn:uuid:${id}`,
  id.replaceAll('-', ''), id.slice(0, -1), id.slice(1), `%2e%2e%2f${id}`,
  id === id.toUpperCase() ? id.toLowerCase() : id.toUpperCase()].filter((other) => other !== id);

for (const { method, path, success } of operations.filter((one) => one.path in things)) {
  test(`H-076 ${method} ${path} of an id that is none`, () => changesNothing(async () => {
    const [id, { accessToken }] = things[path];
    await Promise.all(malformed(id).map(async (other) => {
      const { status, text } = await rawly(method, path.replace(/\{[a-z]+\}/, other), accessToken);
      // What %2f and the like lead to is another path, or none at all.
      assert.ok([400, 404, 405, 422].includes(status), `${other}: ${status} instead of ${success}: ${text}`);
    }));
  }));
}

for (const path of paths) {
  const methods = allowed(path).split(', ');
  const others = ['POST', 'PUT', 'PATCH', 'DELETE'].filter((method) => !methods.includes(method));
  const url = path.replace(/\{[a-z]+\}/, things[path]?.[0] ?? '');

  test(`H-085 ${path} knows no method but the request's own`, async () => {
    for (const wanted of ['DELETE', 'PATCH']) {
      const headers = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', '_method']
        .map((name) => `${name}: ${wanted}`);
      for (const method of others) {
        const { status } = await rawly(method, `${url}?_method=${wanted}`, boss.accessToken, ...headers);
        assert.equal(status, 405, `${method} for ${wanted}`);
      }
      if (!methods.includes('GET')) continue;
      await changesNothing(async () => {
        const plain = await rawly('GET', url, boss.accessToken);
        const { status } = await rawly('GET', `${url}?_method=${wanted}`, boss.accessToken, ...headers);
        assert.equal(status, plain.status);
      });
    }
  });
}

const first = (url) => url.split('/')[1];
const detours = (url) => [`/${url}`, url.replace('/', '//').replaceAll('/', '//'), url.replaceAll('/', '/./'),
  `/x/..${url}`, `${url}/.`, `${url}/x/..`, `${url}/`, `${url}//`, `${url}.`, `${url}%20`, `${url};x`, `${url}%3b`,
  url.replace('/', '/;x/'), url.replace(first(url), `${first(url)};x`), url.replaceAll('/', '%2f'),
  url.replaceAll('/', '%2F').replace('%2F', '/'), url.replaceAll('/', '\\').replace('\\', '/'),
  url.replace(/\/([a-z])/, (_, c) => `/%${c.charCodeAt(0).toString(16)}`),
  url.replace(/\/([a-z])/, (_, c) => `/%25${c.charCodeAt(0).toString(16)}`), url.toUpperCase(),
  `${url}?x`, `${url}#x`, `${url}%23`, `${url}%3f`, `/api/users/me/..${url}`, `/api/users/me/../..${url}`,
  `/api/weather/..%2f..${url}`, `/healthz/..${url}`, `/healthz/%2e%2e${url}`, `http://127.0.0.1${url}`,
  `${url}%00`, `${url}%0a`, url.replace(/s?$/, 'ſ')];

// Of each path the operation that would do the most harm.
const doors = paths.map((path) => operations.filter((one) => one.path === path).at(-1))
  .filter(({ auth }) => auth === 'bearer');

for (const { method, path, role } of doors) {
  // Nobody, and one who may not: for the role, or for whose thing it is.
  const intruders = [undefined, ...(role !== null || path in things ? [mallory.accessToken] : [])];
  test(`H-086 no way around the door of ${method} ${path}`, () => changesNothing(async () => {
    for (const token of intruders) {
      await Promise.all(detours(path.replace(/\{[a-z]+\}/, things[path]?.[0])).map(async (detour) => {
        const { status, text } = await rawly(method, Buffer.from(detour).toString('latin1'), token);
        assert.ok([400, 401, 403, 404, 405].includes(status), `${detour}: ${status} ${text}`);
      }));
    }
  }));
}

test('H-086 me in disguise is nobody else', async () => {
  for (const name of ['me', '%6de', 'm%65', '%6d%65']) {
    const { status, text } = await rawly('GET', `/api/users/${name}`, mallory.accessToken);
    assert.equal(status, 200);
    assert.equal(JSON.parse(text).id, mallory.user.id);
  }
  for (const name of ['ME', 'Me', 'me%20', 'me%00', 'me.', 'm%C3%A9', 'me;x', 'me%2f']) {
    const { status } = await rawly('GET', `/api/users/${name}`, mallory.accessToken);
    assert.ok([400, 403, 404].includes(status), `${name}: ${status}`);
  }
});

// --- What answers hold ------------------------------------------------------

// All that no answer may hold, in the forms it could have.
async function secrets() {
  const rows = await service.sql('SELECT password_hash FROM user; SELECT HEX(secret_hash) FROM session');
  const found = rows.flat().map((text) => (text.startsWith('$') ? text : text.toLowerCase()));
  for (const hash of found.filter((text) => !text.startsWith('$'))) {
    found.push(Buffer.from(hash, 'hex').toString('base64url'), Buffer.from(hash, 'hex').toString('base64'));
  }
  const dir = join(service.state, 'keys');
  for (const name of readdirSync(dir).filter((file) => /\.(hmac|pem)$/.test(file))) {
    const bytes = readFileSync(join(dir, name));
    found.push(bytes.toString('hex'), bytes.toString('base64url'), bytes.toString('base64').slice(0, 40));
  }
  for (const name of ['db-password', 'db-admin-password', 'demo-admin']) {
    found.push(readFileSync(join(service.state, name), 'utf8').trim());
  }
  return [...found, '$argon2', 'PRIVATE KEY', ...service.secrets];
}

const namesIn = (value) => (value === null || typeof value !== 'object' ? []
  : [...(Array.isArray(value) ? [] : Object.keys(value)), ...Object.values(value).flatMap(namesIn)]);

test('H-080 no answer to an administrator holds a hash or a secret', async () => {
  const token = boss.accessToken;
  const bob = await newcomer();
  const answers = [];
  for (const { method, path, role } of operations) {
    if (role === null || method !== 'GET') continue;
    const answer = await call(method, path.replace(/\{[a-z]+\}/, things[path]?.[0] ?? ''), { token });
    isOk(answer);
    answers.push(answer);
  }
  const at = `/api/users/${bob.user.id}`;
  const password = newPassword();
  answers.push(
    await call('POST', '/api/users', { token, json: { email: newEmail(), password, roles: ['USER'] } }),
    await call('PATCH', at, { token, json: { firstName: 'Bob' } }),
    await call('PUT', `${at}/roles`, { token, json: { roles: ['USER', 'DETOUR'] } }),
    await call('POST', '/api/users', { token, json: { email: bob.email, password } }));
  const forbidden = await secrets();
  assert.ok(forbidden.length > 20 && answers.length > 8);
  for (const { text, body } of answers) {
    for (const secret of forbidden) assert.ok(!text.includes(secret), `${secret} in ${text.slice(0, 200)}`);
    for (const name of namesIn(body)) assert.doesNotMatch(name, /hash|secret|password|token|version|key/i);
  }
});

test('H-077 the id is the path\'s, for an administrator too', async () => {
  const [bob, eve] = [await newcomer(), await newcomer()];
  const answer = await call('PATCH', `/api/users/${bob.user.id}`,
    { token: boss.accessToken, json: { id: eve.user.id, firstName: 'Bob', email: eve.email } });
  isOk(answer);
  assert.equal(answer.body.id, bob.user.id);
  assert.equal(answer.body.email, bob.email);
  assert.equal((await me(eve.accessToken)).body.firstName, null);
});

// What some other system would take for a change of rank or owner.
const extras = {
  id: boss.user.id, sub: boss.user.id, user: boss.user.id, userId: boss.user.id, user_id: boss.user.id,
  owner: boss.user.id, ownerId: boss.user.id, actorId: boss.user.id, role: 'ADMIN', roles: ['ADMIN'], isAdmin: true,
  is_admin: true, admin: 1, status: 'active', scope: 'admin', token_version: 99, tokenVersion: 99, ver: 99,
  passwordHash: 'x', password_hash: 'x', createdAt: '2001-01-01T00:00:00Z', __proto__x: { roles: ['ADMIN'] },
  constructor: { prototype: { roles: ['ADMIN'] } },
};

for (const operation of operations.filter(({ body, auth, role }) =>
  body === 'required' && auth === 'bearer' && role === null)) {
  test(`H-025 ${operation.method} ${operation.path} gives nobody a rank or another's things`, async () => {
    const bob = await newcomer();
    const before = await service.sql('SELECT user_id, role_name FROM user_role ORDER BY 1, 2');
    const own = Object.fromEntries(operation.fields.map(({ name }) => [name, undefined]));
    const url = fill(operation.path);
    const json = { ...extras, ...own, title: 'mine', firstName: 'Bob' };
    const { status } = await call(operation.method, url, { token: bob.accessToken, json });
    assert.ok(status < 500);
    assert.deepEqual(await service.sql('SELECT user_id, role_name FROM user_role ORDER BY 1, 2'), before);
    const [[count]] = await service.sql(`SELECT COUNT(*) FROM task WHERE user_id = ${sqlId(boss.user.id)}`);
    assert.equal(count, '0');
    const { body } = await me(bob.accessToken);
    assert.deepEqual([body.id, body.roles, body.createdAt], [bob.user.id, ['USER'], bob.user.createdAt]);
  });
}

test('after all this ann is who she was', async () => {
  isOk(await me(ann.accessToken));
  isOk(await call('GET', `/api/tasks/${task.body.id}`, { token: ann.accessToken }));
  isOk(await login({ email: ann.email, password: ann.password }));
  isProblem(await call('GET', '/api/users', { token: (await session(ann)).accessToken }), 'forbidden');
});
