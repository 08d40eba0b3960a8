// Refreshes of many sessions at once, more than there are threads, which share
// statements: each is answered as if it had come alone.
import assert from 'node:assert/strict';
import test from 'node:test';
import { openConnection } from '../lib/connection.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const service = await useService({ env: { LATCHKEY_SERVER_THREADS: '4', LATCHKEY_DB_POOL: '8' } });
const { newcomer, refresh, logout } = api(service);

const many = (count) => Promise.all(Array.from({ length: count }, () => newcomer()));
const statements = async () =>
  Number((await service.sql("SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'"))[0][1]);

// Its own successor, and nobody else's; what is presented next.
function succeed(session, answer) {
  isOk(answer);
  assert.equal(answer.body.sessionId, session.sessionId);
  assert.deepEqual(answer.body.user, session.user);
  assert.notEqual(answer.body.refreshToken, session.refreshToken);
  return answer.body;
}

const refreshAll = async (list) => {
  const answers = await Promise.all(list.map(({ refreshToken }) => refresh(refreshToken)));
  return answers.map((answer, i) => succeed(list[i], answer));
};

test('each session gets its own successor, by fewer statements than requests', async () => {
  const rounds = 12;
  let list = await many(24);
  const before = await statements();
  for (let round = 0; round < rounds; round++) list = await refreshAll(list);
  const asked = await statements() - before;
  assert.ok(asked < rounds * list.length, `${asked} statements`);
  assert.deepEqual(await service.sql(`SELECT DISTINCT generation FROM session
    WHERE id IN (${list.map(({ sessionId }) => sqlId(sessionId)).join()})`), [[String(rounds + 1)]]);
});

test('what is refused is refused alone, whoever shares its statement', async () => {
  for (let round = 0; round < 4; round++) {
    const [good, doubled, ended, gone, stolen] = await Promise.all([8, 3, 3, 3, 3].map(many));
    for (const { accessToken } of ended) assert.equal((await logout(accessToken)).status, 204);
    await service.sql(`DELETE FROM session WHERE id IN (${gone.map(({ sessionId }) => sqlId(sessionId)).join()})`);
    await refreshAll(await refreshAll(stolen));
    const all = [...good, ...doubled, ...ended, ...gone, ...stolen, ...doubled];
    const answers = await Promise.all(all.map(({ refreshToken }) => refresh(refreshToken)));
    const next = (list) => answers.splice(0, list.length);
    next(good).forEach((answer, i) => succeed(good[i], answer));
    const once = next(doubled).map((answer, i) => succeed(doubled[i], answer));
    for (const answer of next(ended)) isProblem(answer, 'session_ended');
    for (const answer of next(gone)) isProblem(answer, 'session_ended');
    for (const answer of next(stolen)) isProblem(answer, 'refresh_token_reused');
    next(doubled).forEach((answer, i) =>
      assert.equal(succeed(doubled[i], answer).refreshToken, once[i].refreshToken));
  }
});

test('rows that somebody holds hold up nobody else', async () => {
  const held = await many(3);
  const others = await many(16);
  const connection = openConnection(service);
  await connection.run('START TRANSACTION');
  await connection.run(`SELECT id FROM session WHERE id IN (${
    held.map(({ sessionId }) => sqlId(sessionId)).join()}) FOR UPDATE`);
  const late = Promise.all(held.map(({ refreshToken }) => refresh(refreshToken)));
  await refreshAll(await refreshAll(others));
  await connection.run('COMMIT');
  await connection.close();
  (await late).forEach((answer, i) => succeed(held[i], answer));
});
