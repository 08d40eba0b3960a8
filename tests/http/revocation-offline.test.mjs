// The database is away: the last known revocations serve for a while.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import test from 'node:test';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';
import { clockReads, until } from '../lib/wait.mjs';

const offlineS = 2;
const service = await useService({ env: {
  LATCHKEY_REVOCATION_STALENESS_MS: '100',
  LATCHKEY_REVOCATION_MAX_OFFLINE_S: String(offlineS),
} });
const { get, newcomer, weather, logout } = api(service);

async function isBack(token) {
  await service.dbStart();
  await until('the set is read again', async () => (await weather(token)).status !== 503);
}

test('the last known set serves, but not for ever, and then 503', async () => {
  const ann = await newcomer();
  const gone = await newcomer();
  isOk(await logout(gone.accessToken), 204);
  isOk(await weather(ann.accessToken));
  const readMs = Date.now();
  await service.dbStop();
  // Long stale by now, and as good as it gets.
  isOk(await weather(ann.accessToken));
  isProblem(await weather(gone.accessToken), 'invalid_token');
  await clockReads(readMs / 1000 + offlineS);
  isProblem(await weather(ann.accessToken), 'unavailable');
  isProblem(await weather(gone.accessToken), 'unavailable');
  isProblem(await weather('x.y.z'), 'invalid_token');
  await isBack(ann.accessToken);
  isOk(await weather(ann.accessToken));
  isProblem(await weather(gone.accessToken), 'invalid_token');
});

test('a logout of this host that can not be read is never a 200', async () => {
  const ann = await newcomer();
  const bob = await newcomer();
  isOk(await weather(ann.accessToken));
  isOk(await logout(ann.accessToken), 204);
  await service.dbStop();
  for (let i = 0; i < 20; i++) isProblem(await weather(ann.accessToken), 'unavailable');
  // Whom the news concerns is not known.
  isProblem(await weather(bob.accessToken), 'unavailable');
  await isBack(bob.accessToken);
  isProblem(await weather(ann.accessToken), 'invalid_token');
  isOk(await weather(bob.accessToken));
});

test('a process that never read the set answers 503 to every token', async () => {
  const ann = await newcomer();
  isOk(await weather(ann.accessToken));
  await service.dbStop();
  const { weather: old } = service.pids();
  process.kill(old, 'SIGKILL');
  // lighttpd answers until the next process takes requests.
  await until('another process answers', async () => {
    const answer = await get('/api/weather', { token: ann.accessToken, by: 'server' });
    assert.ok(answer.status >= 500, answer.text);
    return answer.body?.code === 'unavailable';
  });
  assert.notEqual(service.pids().weather, old);
  isProblem(await weather(ann.accessToken), 'unavailable');
  await isBack(ann.accessToken);
  isOk(await weather(ann.accessToken));
});

// A reading of what is new goes back two minutes: an older row is found by one
// of everything alone.
test('a set too old to answer is forgotten where nobody asks', async () => {
  const ann = await newcomer();
  const gone = await newcomer();
  isOk(await logout(gone.accessToken), 204);
  isOk(await weather(ann.accessToken));
  await service.sql(`INSERT INTO revocation (subject_id, created_ms, expires_ms)
    SELECT UNHEX(REPLACE('${ann.sessionId}', '-', '')), UNIX_TIMESTAMP() * 1000 - 600000,
    UNIX_TIMESTAMP() * 1000 + 600000`);
  await clockReads(Date.now() / 1000 + 1);
  isOk(await weather(ann.accessToken));
  const { weather: pid } = service.pids();
  const threads = () => readdirSync(`/proc/${pid}/task`);
  const busy = threads();
  // The one before forgets, and then ends.
  await until('main and another thread are left', () => threads().length === 2 &&
    threads().some((thread) => !busy.includes(thread)), { withinMs: 30_000 });
  isProblem(await weather(ann.accessToken), 'invalid_token');
});
