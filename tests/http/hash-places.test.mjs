// Places at the password hash that a stopped process holds.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { holder } from '../lib/hash-places.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';

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

test('the memory of the hashes is given back with the last of them', async () => {
  const ann = await registered();
  const kib = () => Number(/^RssAnon:\s+(\d+)/m.exec(
    readFileSync(`/proc/${service.pids().login}/status`, 'utf8'))[1]);
  const before = kib();
  const answers = await Promise.all(Array.from({ length: 8 }, () =>
    login({ email: ann.email, password: ann.password })));
  answers.forEach((answer) => isOk(answer));
  assert.ok(kib() - before < 19456 / 2, `${kib() - before} KiB more than before`);
});
