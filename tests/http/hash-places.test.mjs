// Places at the password hash that a stopped process holds.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { holder } from '../lib/hash-places.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';
import { until } from '../lib/wait.mjs';

const service = await useService({ env: {
  LATCHKEY_PASSWORD_HASH_PARALLEL: '2',
  LATCHKEY_SERVER_DEADLINE_MS: '2000',
} });
const { registered, login } = api(service);
const hold = holder(service);

test('one place held for good leaves the other one', async () => {
  const ann = await registered();
  const release = await hold(0);
  for (let i = 0; i < 4; i++) isOk(await login({ email: ann.email, password: ann.password }));
  await release();
});

test('all places held: 503 by the deadline, and service again afterwards', async () => {
  const ann = await registered();
  const releases = [await hold(0), await hold(1)];
  const answer = await login({ email: ann.email, password: ann.password });
  isProblem(answer, 'overloaded');
  assert.ok(Number(answer.headers['retry-after']) > 0);
  for (const release of releases) await release();
  isOk(await login({ email: ann.email, password: ann.password }));
});

const anonymousKib = () => Number(/^RssAnon:\s+(\d+)/m.exec(
  readFileSync(`/proc/${service.pids().login}/status`, 'utf8'))[1]);
const halfOfAHash = 19456 / 2;

test('the memory of the hashes is given back with the last of them', async () => {
  const ann = await registered();
  const before = anonymousKib();
  const answers = await Promise.all(Array.from({ length: 8 }, () =>
    login({ email: ann.email, password: ann.password })));
  answers.forEach((answer) => isOk(answer));
  assert.ok(anonymousKib() - before < halfOfAHash, `${anonymousKib() - before} KiB more than before`);
});

// Of the usual size, which no other thread of an endpoint has.
test('the stack of a hash\'s thread goes with it', async () => {
  const ann = await registered();
  isOk(await login({ email: ann.email, password: ann.password }));
  const proc = `/proc/${service.pids().login}`;
  const [, limit] = /^Max stack size +(\d+)/m.exec(readFileSync(`${proc}/limits`, 'utf8'));
  const sizes = readFileSync(`${proc}/maps`, 'utf8').trimEnd().split('\n')
    .map((line) => /^(\w+)-(\w+) rw-p/.exec(line)).filter(Boolean)
    .map(([, from, to]) => Number(BigInt(`0x${to}`) - BigInt(`0x${from}`)));
  assert.ok(sizes.length > 1);
  assert.ok(!sizes.includes(Number(limit)), `${sizes}`);
});

test('whoever waits for a place of another process holds no memory', async () => {
  const ann = await registered();
  const before = anonymousKib();
  let isOver = false;
  const flood = Array.from({ length: 6 }, async () => {
    while (!isOver) await login({ email: ann.email, password: ann.password });
  });
  const releases = await Promise.all([hold(0), hold(1)]);
  try {
    // Before the deadline of those who wait, which ends their wait as well.
    await until('memory is given back', () => anonymousKib() - before < halfOfAHash, { withinMs: 1500 });
  } finally {
    isOver = true;
    for (const release of releases) await release();
    await Promise.all(flood);
  }
});

// Of each thread (proc(5), stat: field 19).  One may end meanwhile.
function nices(pid) {
  const dir = `/proc/${pid}/task`;
  return readdirSync(dir).flatMap((thread) => {
    try {
      const text = readFileSync(`${dir}/${thread}/stat`, 'utf8');
      return [Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[16])];
    } catch (error) {
      if (error.code === 'ENOENT' || error.code === 'ESRCH') return [];
      throw error;
    }
  });
}

test('whoever hashes leaves the processors to the others', async () => {
  const ann = await registered();
  const pid = service.pids().login;
  const usual = Math.min(...nices(pid));
  let isOver = false;
  const flood = (async () => {
    while (!isOver) isOk(await login({ email: ann.email, password: ann.password }));
  })();
  try {
    await until('a thread hashes', () => nices(pid).includes(Math.min(usual + 10, 19)));
  } finally {
    isOver = true;
    await flood;
  }
  await until('none hashes', () => nices(pid).every((nice) => nice === usual));
});
