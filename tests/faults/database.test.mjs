// kill -9 of MariaDB at every step, while the endpoint waits there: whoever
// asks again gets on, or is told to log in.
import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { faults } from '../lib/faults.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';
import { until } from '../lib/wait.mjs';

// The database is away for seconds, and grace must outlast that.
const service = await useService({ env: { LATCHKEY_REFRESH_GRACE_S: '120' } });
const { get, refresh, newcomer, session, weather, logout } = api(service);
const { ask, pauseAt, insist, killDatabase } = faults(service);

const path = '/api/auth/refresh';
const isReady = () => until('the database is back', async () => (await get('/readyz')).status === 200);

async function row({ sessionId }) {
  const [[generation, reason]] = await service.sql('SELECT generation, COALESCE(end_reason, 0)' +
    ` FROM session WHERE id = ${sqlId(sessionId)}`);
  return { generation: Number(generation), reason };
}

// Ask; when the endpoint comes to the place, kill the database under it, and
// let it go on once it is back, or while it is away.
async function asksWhileKilled(place, to, json, { waits, restMs = 0 }) {
  const stopping = pauseAt(place, to.split('/').at(-1));
  const asking = ask(to, json);
  const goOn = await stopping;
  await killDatabase();
  if (waits) await until('there is another database', () => service.databasePid() !== undefined &&
    service.sql('SELECT 1').then(() => true, () => false));
  await pause(restMs);
  goOn();
  const answer = await asking;
  await isReady();
  return answer;
}

// What the one who asked is told: 503 where the database was still needed and
// was away.
const places = {
  'refresh-before-step': { away: { status: 503, generation: 1 }, status: 200, generation: 2 },
  'refresh-after-step': { status: 200, generation: 2 },
  'refresh-before-answer': { status: 200, generation: 2 },
};

for (const waits of [true, false]) {
  for (const [place, { away, ...back }] of Object.entries(places)) {
    const { status, generation } = !waits && away ? away : back;
    test(`MariaDB killed at ${place}, ${waits ? 'back' : 'away'} when it goes on`, async () => {
      const ann = await newcomer();
      const answer = await asksWhileKilled(place, path, { refreshToken: ann.refreshToken }, { waits });
      assert.equal(answer.status, status);
      assert.deepEqual(await row(ann), { generation, reason: '0' });
      const { body: retry } = await insist(path, { refreshToken: ann.refreshToken });
      if (status === 200) assert.equal(retry.refreshToken, answer.body.refreshToken);
      assert.deepEqual(await row(ann), { generation: 2, reason: '0' });
      isOk(await refresh(retry.refreshToken));
    });
  }
}

// A connection used a moment ago is not looked at: it fails at its use.
for (const restMs of [0, 200]) {
  test(`MariaDB killed before a refusal is written down, ${restMs} ms: the answer stays`, async () => {
    const [ann, bob] = [await newcomer(), await newcomer()];
    const { body: fresh } = await refresh(ann.refreshToken);
    const once = { waits: false, restMs };
    const again = await asksWhileKilled('refresh-refused', path, { refreshToken: ann.refreshToken }, once);
    assert.equal(again.status, 200);
    assert.equal(again.body.refreshToken, fresh.refreshToken);
    await until('the session is closed', async () => (await logout(bob.accessToken)).status === 204);
    const ended = await asksWhileKilled('refresh-refused', path, { refreshToken: bob.refreshToken }, once);
    isProblem(ended, 'session_ended');
  });
}

test('MariaDB killed while it waits to write: nothing was written', async () => {
  const ann = await newcomer();
  const where = `WHERE id = ${sqlId(ann.sessionId)}`;
  // The statement that holds the row ends with its server.
  const holding = service.sql(`START TRANSACTION; SELECT 1 FROM session ${where} FOR UPDATE;` +
    ' SELECT SLEEP(30);').catch(() => {});
  await until('the row is held', async () => {
    const [[count]] = await service.sql("SELECT COUNT(*) FROM information_schema.processlist" +
      " WHERE info LIKE '%SLEEP(30)%' AND id <> CONNECTION_ID()");
    return count !== '0';
  });
  const stopping = pauseAt('refresh-before-step', 'refresh');
  const asking = ask(path, { refreshToken: ann.refreshToken });
  (await stopping)();
  // It asks at once, and waits two seconds for the row.
  await pause(300);
  await killDatabase();
  assert.equal((await asking).status, 503);
  await holding;
  await isReady();
  assert.deepEqual(await row(ann), { generation: 1, reason: '0' });
  const { body } = await insist(path, { refreshToken: ann.refreshToken });
  isOk(await refresh(body.refreshToken));
});

test('MariaDB killed around the COMMIT of a theft\'s end: the next one who asks is told', async () => {
  for (const [place, status, reason] of [['transaction-before-commit', 503, '0'],
    ['transaction-after-commit', 401, '2']]) {
    const ann = await newcomer();
    const other = await session(ann);
    const { body: second } = await refresh(ann.refreshToken);
    const { body: third } = await refresh(second.refreshToken);
    const answer = await asksWhileKilled(place, path, { refreshToken: ann.refreshToken }, { waits: true });
    assert.equal(answer.status, status);
    assert.equal((await row(ann)).reason, reason);
    const { body } = await insist(path, { refreshToken: ann.refreshToken });
    assert.equal(body.code, reason === '0' ? 'refresh_token_reused' : 'session_ended');
    isProblem(await refresh(third.refreshToken), 'session_ended');
    isProblem(await weather(third.accessToken), 'invalid_token');
    isOk(await refresh(other.refreshToken));
  }
});

test('what was answered survives: MariaDB is killed right after a 200', async () => {
  const ann = await newcomer();
  let token = ann.refreshToken;
  for (let i = 0; i < 3; i++) {
    const { body } = await insist(path, { refreshToken: token });
    await killDatabase();
    token = body.refreshToken;
  }
  await isReady();
  assert.deepEqual(await row(ann), { generation: 4, reason: '0' });
  isOk(await refresh(token));
});

test('MariaDB dies again and again under racing tabs: one line, nobody logged out', async () => {
  const ann = await newcomer();
  let token = ann.refreshToken;
  let rounds = 0;
  let isOver = false;
  const racing = (async () => {
    while (!isOver) {
      const json = { refreshToken: token };
      const answers = await Promise.all(Array.from({ length: 10 }, () => insist(path, json)));
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
      const successors = new Set(answers.map(({ body }) => body.refreshToken));
      assert.equal(successors.size, 1);
      [token] = successors;
      rounds++;
    }
  })();
  for (let i = 0; i < 3; i++) {
    const before = rounds;
    await until('they race', () => rounds > before + 3);
    await killDatabase();
  }
  isOver = true;
  await racing;
  await isReady();
  assert.deepEqual(await row(ann), { generation: rounds + 1, reason: '0' });
  isOk(await refresh(token));
});
