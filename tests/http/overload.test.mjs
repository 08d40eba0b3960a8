// H-050: more logins at once than may wait for a password hash.
import assert from 'node:assert/strict';
import test from 'node:test';
import { isCgi } from '../lib/front.mjs';
import { holder } from '../lib/hash-places.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';

// Nobody gives up by time: only the queue's length counts.
const deadlineMs = 60_000;
const queue = 128;
const service = await useService({ env: {
  LATCHKEY_SERVER_DEADLINE_MS: String(deadlineMs), LATCHKEY_PASSWORD_HASH_PARALLEL: '1',
  LATCHKEY_SERVER_THREADS: '1',
} });
const { call, login, registered, newcomer, me, weather, refresh } = api(service);

test('128 may wait; who comes then is told to come again, and all else goes on', async () => {
  const { email, password } = await registered();
  const { accessToken, refreshToken } = await newcomer();
  const logins = Array.from({ length: 300 }, () => login({ email, password }));
  // These wait for no hash.
  for (let i = 0; i < 20; i++) isOk(await weather(accessToken));
  isOk(await refresh(refreshToken));
  const answers = await Promise.all(logins);
  const refused = answers.filter(({ status }) => status !== 200);
  for (const answer of refused) isProblem(answer, 'overloaded');
  assert.ok(answers.length - refused.length >= queue, `${refused.length} refused`);
  assert.ok(refused.length > 0, 'the queue has an end');
  isOk(await login({ email, password }));
});

test('the only thread is never at the hash: it refuses at once, and serves the others', {
  skip: isCgi && 'there a request is a process',
}, async () => {
  const { accessToken: token } = await newcomer();
  const release = await holder(service)(0);
  const begun = performance.now();
  // One has the place, the others wait, and the last may not.
  const leaving = Array.from({ length: 1 + queue + 1 }, () =>
    call('DELETE', '/api/users/me', { json: { password: 'wrong' }, token }));
  isProblem(await Promise.race(leaving), 'overloaded');
  isOk(await me(token));
  assert.ok(performance.now() - begun < deadlineMs / 2, 'nobody had to give up for them');
  await release();
  const answers = await Promise.all(leaving);
  assert.equal(answers.filter(({ body }) => body.code === 'invalid_credentials').length, 1 + queue);
});
