// Who may do what: every operation that is declared, by everybody there is.
// What is expected follows from an operation's kind of credentials and role;
// an operation of a new kind, or without an owner, fails here.
import assert from 'node:assert/strict';
import test from 'node:test';
import { accessName, ownPage } from '../lib/cookies.mjs';
import { decode, signingKey } from '../lib/jwt.mjs';
import { fill, operations } from '../lib/operations.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newEmail, newPassword } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const service = await useService();
const { call, me, registered, session, newcomer } = api(service);
const key = signingKey(service.state);

async function ctl(args, input) {
  const { status, stderr } = await service.ctl(args, { input });
  assert.equal(status, 0, stderr);
}

async function administrator() {
  const person = { email: newEmail('boss'), password: newPassword() };
  await ctl(['user', 'add', '--email', person.email, '--role', 'ADMIN', '--password-stdin'],
    `${person.password}\n`);
  return person;
}

const demote = ({ email }) => ctl(['user', 'roles', '--email', email, '--set', 'USER']);

// Whose token serves again and again: logged in anew where it has ended.
function renewed(person, change = (token) => token) {
  let token;
  return async () => {
    if (token === undefined || (await me(token)).status === 401) token = (await session(person)).accessToken;
    return change(token);
  };
}

// Whose token is what it is.
const fixed = (token) => () => token;

const withRoles = (roles) => (token) => key.sign({ ...decode(token).payload, roles });

async function lockedOut(person, shut) {
  const { accessToken } = await session(person);
  await shut(person);
  return fixed(accessToken);
}

const boss = await administrator();
const formerBoss = await administrator();
const ann = await newcomer();
const demoted = await lockedOut(formerBoss, demote);
const callers = {
  anonymous: fixed(undefined),
  user: renewed(await registered()),
  other: renewed(await registered()),
  administrator: renewed(boss),
  disabled: await lockedOut(await registered(), ({ email }) => ctl(['user', 'disable', '--email', email])),
  deleted: await lockedOut(await registered(), ({ email }) => ctl(['user', 'delete', '--email', email])),
  demoted,
  demotedAnew: renewed(formerBoss),
  // Each of the two that must agree, alone.
  adminByClaim: renewed(await registered(), withRoles(['ADMIN', 'USER'])),
  adminByDatabase: renewed(boss, withRoles(['USER'])),
  expired: fixed(key.expired(ann.accessToken)),
  refreshToken: fixed(ann.refreshToken),
  garbage: fixed('x.y.z'),
};

const out = { demoted: 'invalid_token', disabled: 'invalid_token', deleted: 'invalid_token', expired: 'invalid_token' };
const forged = { refreshToken: 'invalid_token', garbage: 'invalid_token' };
const all = (outcome) => Object.fromEntries(Object.keys(callers).map((name) => [name, outcome]));
// 'passes': not refused for want of credentials.  'as anonymous': the answer
// that nobody in particular gets.
const expected = {
  'none': all('as anonymous'),
  'bearer': { ...all('passes'), anonymous: 'authentication_required', ...out, ...forged },
  'bearer ADMIN': { ...all('forbidden'), administrator: 'passes', anonymous: 'authentication_required',
    ...out, ...forged },
  // What was genuine once still tells whose session is meant.
  'genuine': { ...all('passes'), anonymous: 'as anonymous', ...forged },
  'refresh': { ...all('passes'), anonymous: 'as anonymous', ...forged },
  // Other programs, by Basic: a person's token is none of theirs.
  'client': all('as anonymous'),
  'maybe client': { ...all('is no client'), anonymous: 'as anonymous' },
};
const notCodes = ['passes', 'as anonymous', 'is no client'];
const kindOf = ({ auth, role }) => (role === null ? auth : `${auth} ${role}`);

// Whose data an operation reaches: nobody's, the caller's own by the token
// alone, one thing of the caller's own by its id, or anybody's.
const owners = {
  'nobody': ['GET /.well-known/jwks.json', 'GET /.well-known/oauth-authorization-server', 'GET /api/weather',
    'GET /auth/verify', 'GET /healthz', 'GET /readyz', 'POST /api/auth/login', 'POST /api/auth/refresh',
    'POST /api/auth/register', 'POST /oauth/introspect', 'POST /oauth/revoke'],
  'the caller': ['DELETE /api/users/me', 'GET /api/auth/sessions', 'GET /api/tasks', 'GET /api/users/me',
    'PATCH /api/users/me', 'POST /api/auth/logout', 'POST /api/auth/password', 'POST /api/tasks'],
  'one thing': ['DELETE /api/auth/sessions/{id}', 'DELETE /api/tasks/{id}', 'GET /api/tasks/{id}',
    'PATCH /api/tasks/{id}', 'PUT /api/tasks/{id}'],
  'anybody, by ADMIN': ['DELETE /api/roles/{name}', 'DELETE /api/users/{id}', 'DELETE /api/users/{id}/sessions',
    'GET /api/audit', 'GET /api/roles', 'GET /api/roles/{name}', 'GET /api/users', 'GET /api/users/{id}',
    'PATCH /api/users/{id}', 'POST /api/roles', 'POST /api/users', 'PUT /api/users/{id}/roles'],
};
const nameOf = ({ method, path }) => `${method} ${path}`;

// Somebody with something of every kind to lose.
const victim = await newcomer();
const task = await call('POST', '/api/tasks', { token: victim.accessToken, json: { title: 'private' } });
isOk(task, 201);
await service.sql("INSERT INTO role (name, created_ms) VALUES ('MATRIX', 1)");
const victims = {
  '/api/tasks/{id}': task.body.id, '/api/auth/sessions/{id}': victim.sessionId, '/api/roles/{name}': 'MATRIX',
};
const targetOf = ({ path }) => path.replace(/\{[a-z]+\}/, victims[path] ?? victim.user.id);

// All that one would like to change, in one body.
const greedy = () => ({
  title: 'stolen', notes: 'stolen', done: true, status: 'disabled', firstName: 'stolen', roles: ['ADMIN'],
  role: 'ADMIN', name: 'STOLEN', description: 'stolen', email: newEmail('stolen'), password: newPassword(),
});
const bodyFor = ({ method, body }, json) => {
  if (body === 'form') return { body: 'token=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
  return method === 'GET' ? {} : { json };
};

async function ask(operation, url, token, json = {}) {
  return call(operation.method, url, { ...bodyFor(operation, json), token });
}

async function askByCookie(operation, url, token, json = {}) {
  const { headers, ...more } = bodyFor(operation, json);
  return call(operation.method, url,
    { ...more, headers: { ...headers, ...ownPage, cookie: `${accessName}=${token}` } });
}

const isPassed = (answer, operation, who) => {
  const statuses = operation.path.includes('{') ? [404, 422] : [operation.success, 400, 401, 422];
  assert.ok(statuses.includes(answer.status), `${who}: ${answer.status} ${answer.text}`);
  assert.ok(!['authentication_required', 'invalid_token', 'forbidden'].includes(answer.body?.code),
    `${who}: ${answer.text}`);
};

const withoutId = ({ status, body }) => ({ status, body: body && { ...body, requestId: 0 } });

test('every operation has a row, and every row an operation', () => {
  assert.deepEqual(Object.values(owners).flat().sort(), operations.map(nameOf).sort());
  for (const operation of operations) assert.ok(kindOf(operation) in expected, kindOf(operation));
  for (const name of owners['anybody, by ADMIN']) {
    assert.equal(kindOf(operations.find((operation) => nameOf(operation) === name)), 'bearer ADMIN', name);
  }
  for (const operation of operations.filter(({ role }) => role !== null)) {
    assert.ok(owners['anybody, by ADMIN'].includes(nameOf(operation)), nameOf(operation));
  }
});

const things = ['id, email, first_name, status, token_version, password_hash FROM user', '* FROM user_role',
  '* FROM role', '* FROM task'];
const stateOf = (tables) => service.sql(tables.map((what) => `SELECT ${what} ORDER BY 1, 2;`).join('\n'));
const everything = () => stateOf([...things, 'id, ended_ms FROM session', '* FROM revocation']);

for (const operation of operations) {
  const rows = Object.entries(expected[kindOf(operation)] ?? {});
  const isBearer = operation.auth === 'bearer';

  test(`${nameOf(operation)} refuses whom it must, and nothing changes`, async () => {
    const refused = rows.filter(([, outcome]) => !notCodes.includes(outcome));
    if (refused.length === 0) return;
    const tokens = [];
    for (const [who, outcome] of refused) tokens.push([who, outcome, await callers[who]()]);
    const before = await everything();
    for (const [who, outcome, token] of tokens) {
      // Somebody's own things as well as nobody's.
      for (const url of [targetOf(operation), fill(operation.path)]) {
        isProblem(await ask(operation, url, token, greedy()), outcome);
        if (isBearer && token !== undefined) {
          isProblem(await askByCookie(operation, url, token, greedy()), outcome);
        }
      }
      if (operation.method === 'GET') {
        const head = await call('HEAD', targetOf(operation), { token });
        assert.equal(head.status, (await ask(operation, targetOf(operation), token)).status, who);
      }
    }
    assert.deepEqual(await everything(), before);
  });

  test(`${nameOf(operation)} lets pass whom it may`, async () => {
    const anonymous = await ask(operation, operation.url, undefined);
    for (const [who, outcome] of rows) {
      const token = await callers[who]();
      if (outcome === 'as anonymous') {
        assert.equal((await ask(operation, operation.url, token)).status, anonymous.status, who);
      }
      if (outcome === 'is no client') {
        assert.equal((await ask(operation, operation.url, token)).status, 401, who);
      }
      if (outcome !== 'passes') continue;
      isPassed(await ask(operation, operation.url, token), operation, who);
      if (isBearer) isPassed(await askByCookie(operation, operation.url, await callers[who]()), operation, who);
    }
  });
}

for (const operation of operations.filter((one) => owners['one thing'].includes(nameOf(one)))) {
  test(`${nameOf(operation)} of another is as good as none, for an administrator, too`, async () => {
    const before = await stateOf(things);
    for (const who of ['user', 'other', 'administrator', 'demotedAnew', 'adminByClaim']) {
      const token = await callers[who]();
      for (const send of [ask, askByCookie]) {
        const others = await send(operation, targetOf(operation), token, greedy());
        isProblem(others, 'not_found');
        assert.deepEqual(withoutId(others), withoutId(await send(operation, fill(operation.path), token, greedy())));
      }
    }
    assert.deepEqual(await stateOf(things), before);
    assert.equal((await me(victim.accessToken)).status, 200);
  });
}

test('their owner reaches all of them', async () => {
  const names = [...owners['one thing']].sort((a, b) => b.localeCompare(a));
  assert.match(names.at(-1), /sessions/);
  for (const name of names) {
    const operation = operations.find((one) => nameOf(one) === name);
    isOk(await ask(operation, targetOf(operation), victim.accessToken, { title: 'mine' }), operation.success);
  }
  const [[ended]] = await service.sql(`SELECT ended_ms IS NOT NULL FROM session WHERE id = ${sqlId(victim.sessionId)}`);
  assert.equal(ended, '1');
});
