// The endpoints as processes: how they end, come back, and who may touch them.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { isCgi } from '../lib/front.mjs';
import { operations } from '../lib/operations.mjs';
import { isOk } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { leftOvers, sqlId, startService, useService } from '../lib/service.mjs';
import { until } from '../lib/wait.mjs';

// As a person's first start does, it makes its database itself.
const service = await useService({ isFirst: true });
const { call, registered, session, me } = api(service);
const names = [...new Set(operations.map(({ endpoint }) => endpoint))].sort();

// Requests that lighttpd may have to answer itself.
const tryLogin = ({ email, password }) => call('POST', '/api/auth/login',
  { json: { email, password }, by: 'server' });
const byEndpoint = ({ headers }) => 'x-request-id' in headers;

const sessionsOf = async ({ user }) => Number((await service.sql(
  `SELECT COUNT(*) FROM session WHERE user_id = ${sqlId(user.id)}`))[0][0]);

async function comesBack(person, old) {
  await until('login answers again', async () => byEndpoint(await tryLogin(person)));
  assert.notEqual(service.pids().login, old);
  await session(person);
}

test('every endpoint is one process', async () => {
  // A slow machine has just begun with the last ones.
  await until('all have started', async () => Object.keys(service.pids()).length >= names.length);
  assert.deepEqual(Object.keys(service.pids()).sort(), names);
});

test('H-203 TERM: what was begun is finished, and another process takes over', async () => {
  const person = await registered();
  const old = service.pids().login;
  const requests = Array.from({ length: 20 }, () => tryLogin(person));
  // Some are under way once the first is through.
  await Promise.race(requests);
  process.kill(old, 'SIGTERM');
  const answers = await Promise.all(requests);
  const done = answers.filter(byEndpoint);
  for (const answer of done) isOk(answer);
  for (const answer of answers) if (!byEndpoint(answer)) assert.ok(answer.status >= 500);
  // Nothing was done that nobody was told.
  assert.equal(await sessionsOf(person), done.length);
  await comesBack(person, old);
});

test('H-208 KILL: that endpoint alone comes back, the others go on', async () => {
  const person = await registered();
  const { accessToken } = await session(person);
  const { login: old, ...others } = service.pids();
  process.kill(old, 'SIGKILL');
  isOk(await me(accessToken));
  await comesBack(person, old);
  const { login: _, ...same } = service.pids();
  assert.deepEqual(same, others);
});

test('stopping leaves nothing, not even an endpoint that hangs', async () => {
  const other = await startService();
  process.kill(other.pids().weather, 'SIGSTOP');
  await other.stop();
  assert.deepEqual(leftOvers(other.state), []);
});

test('an endpoint that is asked nothing holds no connection to the database', async () => {
  // One's own are all that one may see.
  const connections = async () => Number((await service.sql(
    'SELECT COUNT(*) - 1 FROM information_schema.processlist', { user: 'latchkey' }))[0][0]);
  const { accessToken } = await session(await registered());
  isOk(await me(accessToken));
  if (!isCgi) assert.ok(await connections() > 0);
  await until('no connection is left', async () => await connections() === 0, { withinMs: 60_000 });
  isOk(await me(accessToken));
});

test('nothing runs as root', { skip: process.getuid() !== 0 && 'only root could' }, () => {
  for (const [name, pid] of Object.entries(service.pids())) {
    const [, uids] = /^Uid:\s+(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    assert.doesNotMatch(uids, /\b0\b/, name);
  }
});

test('the endpoints know of the environment what they need', () => {
  // lighttpd sets one for PHP by itself.
  const known = new RegExp('^(STATE|PATH|LANG|LATCHKEY_SERVER_DIE_WITH_PARENT|LIBFCGI_\\w+' +
    '|PHP_FCGI_CHILDREN|GLIBC_TUNABLES|[A-Z]+SAN_OPTIONS)=');
  for (const pid of Object.values(service.pids())) {
    let environment;
    try {
      environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
    } catch {
      // Not even its owner may look: as good.
      continue;
    }
    for (const variable of environment.split('\0')) if (variable !== '') assert.match(variable, known);
  }
});

test('H-209 sockets and secrets are for their owner only', () => {
  const isPrivate = (path) => assert.equal(statSync(path).mode & 0o077, 0, path);
  isPrivate(service.state);
  for (const dir of ['run', 'keys', 'log', 'app']) {
    isPrivate(join(service.state, dir));
  }
  for (const name of ['db-password', 'db-admin-password', 'demo-admin']) {
    isPrivate(join(service.state, name));
  }
  for (const name of readdirSync(join(service.state, 'keys'))) {
    isPrivate(join(service.state, 'keys', name));
  }
  for (const name of readdirSync(join(service.state, 'run'))) {
    if (name.includes('.sock-')) isPrivate(join(service.state, 'run', name));
  }
});
