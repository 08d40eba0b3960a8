// Two hosts, one database: what one revokes the other refuses within
// revocation.staleness_ms, also where rows commit out of order.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { openConnection } from '../lib/connection.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newPassword } from '../lib/people.mjs';
import { sqlId, startService } from '../lib/service.mjs';
import { startTwin } from '../lib/twin.mjs';
import { clockReads, until } from '../lib/wait.mjs';

const stalenessMs = 600;
const env = { LATCHKEY_REVOCATION_STALENESS_MS: String(stalenessMs) };
const first = await startService({ env });
const second = await startTwin(first, env);
after(async () => {
  await second.stop();
  await first.stop();
});
const here = api(first);
const there = api(second);
const { newcomer, session } = here;

// Later than the staleness, counted from now.
const notFresh = () => clockReads((Date.now() + stalenessMs) / 1000);

// The last chance for an old set begins when it is read.
async function isKnown({ accessToken }) {
  isOk(await here.weather(accessToken));
  isOk(await there.weather(accessToken));
}

test('the two hosts take each other\'s tokens', async () => {
  const ann = await newcomer();
  await isKnown(ann);
  const { body: fresh } = await there.refresh(ann.refreshToken);
  isOk(await here.weather(fresh.accessToken));
  isOk(await here.refresh(fresh.refreshToken));
});

const ends = {
  'a logout': ({ accessToken }) => here.logout(accessToken),
  'a global logout': ({ accessToken }) => here.logout(accessToken, 'global'),
  'a logout over there': ({ accessToken }) => there.logout(accessToken),
  'a new password': ({ accessToken: token, password }) => here.post('/api/auth/password',
    { currentPassword: password, newPassword: newPassword() }, { token }),
};

for (const [name, end] of Object.entries(ends)) {
  test(`after ${name} no host answers a request later than the staleness`, async () => {
    const ann = await newcomer();
    const bob = await newcomer();
    await isKnown(ann);
    assert.ok((await end(ann)).status < 300);
    await notFresh();
    // The very first request, and not one of several tries.
    isProblem(await there.weather(ann.accessToken), 'invalid_token');
    isProblem(await here.weather(ann.accessToken), 'invalid_token');
    await isKnown(bob);
  });
}

test('the other host refuses while somebody keeps asking', async () => {
  const ann = await newcomer();
  await isKnown(ann);
  isOk(await here.logout(ann.accessToken), 204);
  const ended = performance.now();
  await until('the other host refuses',
    async () => (await there.weather(ann.accessToken)).status === 401, { withinMs: 5000 });
  // The last request that passed began within the staleness.
  assert.ok(performance.now() - ended < stalenessMs + 500);
});

test('a row that commits after a newer one is not missed', async () => {
  const ann = await newcomer();
  const other = await session(ann);
  const slow = openConnection(first);
  const quick = openConnection(first);
  // A transaction that began a minute ago, by its row's time.
  const insert = (connection, { sessionId }, ageMs) => connection.run(
    'INSERT INTO revocation (subject_id, created_ms, expires_ms)' +
    ` SELECT ${sqlId(sessionId)}, now_ms - ${ageMs}, now_ms + 900000` +
    ' FROM (SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED) AS now_ms) clock');
  await slow.run('BEGIN');
  await insert(slow, ann, 60_000);
  await insert(quick, other, 0);
  await notFresh();
  for (const { weather } of [here, there]) {
    isProblem(await weather(other.accessToken), 'invalid_token');
    isOk(await weather(ann.accessToken));
  }
  const [[slowId]] = await slow.run('SELECT LAST_INSERT_ID()');
  const [[quickId]] = await quick.run('SELECT LAST_INSERT_ID()');
  assert.ok(Number(slowId) < Number(quickId));
  await slow.run('COMMIT');
  await notFresh();
  for (const { weather } of [here, there]) isProblem(await weather(ann.accessToken), 'invalid_token');
  await slow.close();
  await quick.close();
});

test('H-052 a thief at one host, the victim at the other: the session is over at both', async () => {
  const ann = await newcomer();
  await isKnown(ann);
  const { body: second } = await there.refresh(ann.refreshToken);
  const { body: third } = await here.refresh(second.refreshToken);
  isProblem(await there.refresh(ann.refreshToken), 'refresh_token_reused');
  isProblem(await here.refresh(third.refreshToken), 'session_ended');
  await notFresh();
  for (const { weather } of [here, there]) {
    isProblem(await weather(third.accessToken), 'invalid_token');
  }
});
