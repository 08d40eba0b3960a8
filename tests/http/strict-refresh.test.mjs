// LATCHKEY_REFRESH_GRACE_S=0: a refresh token works once and never again.
import assert from 'node:assert/strict';
import test from 'node:test';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';
import { until } from '../lib/wait.mjs';

const service = await useService({ env: { LATCHKEY_REFRESH_GRACE_S: '0' } });
const { call, refresh, newcomer, session, me } = api(service);

test('H-052 a token presented again is theft, and its session dies', async () => {
  const ann = await newcomer();
  const other = await session(ann);
  const { body: fresh } = await refresh(ann.refreshToken);
  isProblem(await refresh(ann.refreshToken), 'refresh_token_reused');
  isProblem(await refresh(fresh.refreshToken), 'session_ended');
  isProblem(await me(fresh.accessToken), 'invalid_token');
  isProblem(await me(ann.accessToken), 'invalid_token');
  isOk(await me(other.accessToken));
});

// The database's clock is read when a statement comes, before it waits for the
// row: who comes first may find that the token was used after that.
test('a token used by one who came later and was served first is used', async () => {
  const { refreshToken, sessionId } = await newcomer();
  const { body: fresh } = await refresh(refreshToken);
  await service.sql(`UPDATE session SET rotated_ms = rotated_ms + 5000 WHERE id = ${sqlId(sessionId)}`);
  isProblem(await refresh(refreshToken), 'refresh_token_reused');
  isProblem(await refresh(fresh.refreshToken), 'session_ended');
});

test('of fifty at once one wins at most, and nobody keeps a session', async () => {
  const { refreshToken, sessionId } = await newcomer();
  const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(refreshToken)));
  const winners = answers.filter(({ status }) => status === 200);
  assert.equal(winners.length, 1);
  for (const answer of answers) {
    const { code } = answer.body;
    assert.ok([undefined, 'refresh_token_reused', 'session_ended'].includes(code), answer.text);
  }
  assert.ok(answers.some(({ body }) => body.code === 'refresh_token_reused'));
  isProblem(await refresh(winners[0].body.refreshToken), 'session_ended');
  isProblem(await me(winners[0].body.accessToken), 'invalid_token');
  assert.deepEqual(await service.sql(
    `SELECT generation FROM session WHERE id = ${sqlId(sessionId)}`), [['2']]);
});

test('H-058 a used token stays used after the service was restarted', async () => {
  const { refreshToken } = await newcomer();
  const { body: fresh } = await refresh(refreshToken);
  await service.dbStop();
  await service.dbStart();
  const old = Object.values(service.pids());
  for (const pid of old) process.kill(pid, 'SIGTERM');
  // One that is ending may still answer; the next request would find nobody.
  await until('lighttpd has started the endpoints anew', () => {
    const pids = Object.values(service.pids());
    return pids.length === old.length && !pids.some((pid) => old.includes(pid));
  });
  const answer = await until('refresh answers again', async () => {
    const answer = await call('POST', '/api/auth/refresh',
      { json: { refreshToken }, by: 'server' });
    return 'x-request-id' in answer.headers && answer;
  });
  isProblem(answer, 'refresh_token_reused');
  isProblem(await refresh(fresh.refreshToken), 'session_ended');
});
