// The database goes away, hangs and comes back; nobody restarts anything.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { isCgi } from '../lib/front.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newEmail, newPassword } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';
import { freeze, until } from '../lib/wait.mjs';

const service = await useService({ env: { LATCHKEY_SERVER_DEADLINE_MS: '1000' } });
const { call, get, register, login, refresh, logout, newcomer, me, weather } = api(service);

const isDown = (answer) => isProblem(answer, 'unavailable');

// Somebody whose session has ended: his requests reach the database, and
// change nothing there.
const ghost = await newcomer();
isOk(await logout(ghost.accessToken), 204);

// After a failure an endpoint leaves the database alone for a moment.
async function isBack() {
  const { email, password, accessToken, refreshToken } = ghost;
  const requests = [
    () => register({ email, password }), () => login({ email, password: newPassword() }),
    () => refresh(refreshToken), () => logout(accessToken), () => me(accessToken),
    () => weather(accessToken), () => get('/readyz'),
  ];
  for (const request of requests) {
    await until('it is no longer 503', async () => (await request()).status !== 503);
  }
}

// A registration, a login, a call, a refresh and a logout: all of them work.
async function works() {
  const { accessToken, refreshToken } = await newcomer();
  isOk(await me(accessToken));
  isOk(await weather(accessToken));
  const { body: fresh } = await refresh(refreshToken);
  isOk(await logout(fresh.accessToken), 204);
  isProblem(await weather(accessToken), 'invalid_token');
  isOk(await get('/readyz'));
}

// What needs the database says so, by a problem with Retry-After.
async function isAway({ email, password, accessToken, refreshToken }) {
  isDown(await register({ email: newEmail(), password: newPassword() }));
  isDown(await login({ email, password }));
  isDown(await refresh(refreshToken));
  isDown(await logout(accessToken));
  isDown(await me(accessToken));
  isDown(await get('/readyz'));
  isOk(await get('/healthz'));
  isOk(await get('/.well-known/jwks.json'));
}

// Kill an endpoint's process; lighttpd starts another when it notices.
async function restarted(name) {
  const old = service.pids()[name];
  process.kill(old, 'SIGTERM');
  await until(`${name} is another process`, async () => {
    await call('GET', '/healthz', { by: 'server' });
    const pid = service.pids()[name];
    return pid !== undefined && pid !== old;
  });
}

const answered = (path, options) => until(`${path} is answered by its endpoint`, async () => {
  const answer = await call('GET', path, { ...options, by: 'server' });
  return 'x-request-id' in answer.headers && answer;
});

test('stopped: 503 with Retry-After; started: all works, by the same processes', async () => {
  const ann = await newcomer();
  await works();
  const pids = service.pids();
  await service.dbStop();
  await isAway(ann);
  await isAway(ann);
  await service.dbStart();
  await isBack();
  await works();
  isOk(await me(ann.accessToken));
  isOk(await refresh(ann.refreshToken));
  assert.deepEqual(service.pids(), pids);
});

test('while it is away the last known revocations serve', {
  skip: isCgi && 'a process for each request remembers nothing',
}, async () => {
  const ann = await newcomer();
  const bob = await newcomer();
  isOk(await logout(bob.accessToken), 204);
  isOk(await weather(ann.accessToken));
  isProblem(await weather(bob.accessToken), 'invalid_token');
  await service.dbStop();
  for (let i = 0; i < 20; i++) {
    isOk(await weather(ann.accessToken));
    isProblem(await weather(bob.accessToken), 'invalid_token');
    isProblem(await weather(`${ann.accessToken.slice(0, -4)}AAAA`), 'invalid_token');
  }
  isProblem(await get('/api/weather'), 'authentication_required');
  await service.dbStart();
  await isBack();
  isOk(await weather(ann.accessToken));
});

test('bad requests are told so without the database', async () => {
  const { refreshToken } = await newcomer();
  await service.dbStop();
  isProblem(await register({ email: 'nobody' }), 'validation_failed');
  isProblem(await login({}), 'validation_failed');
  isProblem(await refresh(`${refreshToken.slice(0, -4)}AAAA`), 'refresh_token_invalid');
  isProblem(await logout('x.y.z'), 'invalid_token');
  isProblem(await call('PUT', '/api/users/me', { json: {} }), 'method_not_allowed');
  await service.dbStart();
  await isBack();
  await works();
});

test('frozen: 503 inside the deadline; thawed: all works', async () => {
  const ann = await newcomer();
  const pid = service.databasePid();
  await freeze(pid);
  try {
    await isAway(ann);
    const many = await Promise.all(Array.from({ length: 30 }, () => me(ann.accessToken)));
    for (const answer of many) isDown(answer);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await isBack();
  await works();
  isOk(await me(ann.accessToken));
});

test('a refresh that was answered 503 can be tried again, whatever became of it', async () => {
  const { refreshToken } = await newcomer();
  const pid = service.databasePid();
  await freeze(pid);
  try {
    isDown(await refresh(refreshToken));
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await isBack();
  const answer = await refresh(refreshToken);
  isOk(answer);
  isOk(await refresh(answer.body.refreshToken));
});

test('killed: it comes back by itself, and nothing is lost', async () => {
  const ann = await newcomer();
  const pids = service.pids();
  const pid = service.databasePid();
  process.kill(pid, 'SIGKILL');
  await until('there is another process', () => service.databasePid() !== pid);
  await isBack();
  await works();
  isOk(await refresh(ann.refreshToken));
  assert.deepEqual(service.pids(), pids);
});

test('endpoints start while it is away, and work once it is back', async () => {
  const ann = await newcomer();
  await service.dbStop();
  for (const name of ['me', 'weather', 'health']) await restarted(name);
  isDown(await answered('/readyz'));
  isDown(await answered('/api/users/me', { token: ann.accessToken }));
  // Nothing is known about revocations yet: nobody passes.
  isDown(await answered('/api/weather', { token: ann.accessToken }));
  isOk(await answered('/healthz'));
  await service.dbStart();
  await isBack();
  isOk(await me(ann.accessToken));
  isOk(await weather(ann.accessToken));
  await works();
});

test('H-091 the endpoints may read and write rows, and nothing else', async () => {
  const grants = (await service.sql('SHOW GRANTS', { user: 'latchkey' })).flat()
    .map((grant) => grant.replace(/ TO .*/, ''));
  assert.deepEqual(grants.sort(), ['GRANT SELECT, INSERT, UPDATE, DELETE ON `latchkey`.*',
    'GRANT USAGE ON *.*']);
});

test('no line of the log tells a statement or a password', () => {
  for (const entry of service.log()) {
    assert.doesNotMatch(JSON.stringify(entry), /SELECT |INSERT |UPDATE |argon2/);
  }
});

test('a wish to start it is not lost, although nobody has noticed yet that it ended', async () => {
  const supervisor = Number(readFileSync(join(service.state, 'run/supervisor.pid'), 'utf8').split(' ')[0]);
  const isAsked = () => {
    const [, pending] = /^ShdPnd:\s+(\w+)/m.exec(readFileSync(`/proc/${supervisor}/status`, 'utf8'));
    return (BigInt(`0x${pending}`) >> BigInt(constants.signals.SIGUSR1 - 1) & 1n) === 1n;
  };
  await freeze(supervisor);
  let starting;
  try {
    await service.dbStop();
    starting = service.dbStart();
    await until('the signal waits', isAsked);
  } finally {
    process.kill(supervisor, 'SIGCONT');
  }
  await starting;
  assert.notEqual(service.databasePid(), undefined);
});
