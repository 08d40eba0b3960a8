// Places at the password hash that a stopped process holds.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import test from 'node:test';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';

const service = await useService({ env: {
  LATCHKEY_PASSWORD_HASH_PARALLEL: '2',
  LATCHKEY_SERVER_DEADLINE_MS: '2000',
} });
const { registered, login } = api(service);

// As a process would that was stopped while it hashes.
async function hold(number) {
  const holder = spawn('flock', [join(service.state, `run/hash-${number}.lock`),
    'sh', '-c', 'echo held; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  return async () => {
    holder.stdin.end();
    await once(holder, 'exit');
  };
}

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
