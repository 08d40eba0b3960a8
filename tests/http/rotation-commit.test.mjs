// The server sends what a rotation returns before it commits: an error behind
// the row means that nothing has happened.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { proxyDatabase } from '../lib/database-proxy.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const service = await useService();
const database = await proxyDatabase(service);
after(() => database.close());
const { refresh, newcomer } = api(service);
const rotation = 'ON DUPLICATE KEY UPDATE generation';

const errors = {
  'an error': { code: 1026, state: 'HY000' },
  'a shutdown': { code: 1053, state: '08S01' },
};
const conflict = { code: 1213, state: '40001' };

const isAt = async ({ sessionId }, generation, concurrent) => assert.deepEqual(
  await service.sql('SELECT generation, concurrent_count FROM session' +
    ` WHERE id = ${sqlId(sessionId)}`), [[generation, concurrent]]);

for (const [name, error] of Object.entries(errors)) {
  test(`${name} behind the row: 503, and it can be tried again`, async () => {
    const ann = await newcomer();
    database.fail(rotation, error);
    const answer = await refresh(ann.refreshToken);
    assert.ok(database.hasFailed());
    isProblem(answer, 'unavailable');
    isOk(await refresh(ann.refreshToken));
    await isAt(ann, '2', '1');
  });
}

test('a conflict behind the row is tried again', async () => {
  const ann = await newcomer();
  database.fail(rotation, conflict);
  isOk(await refresh(ann.refreshToken));
  assert.ok(database.hasFailed());
  // The first try had moved it after all.
  await isAt(ann, '2', '1');
});

test('a conflict that does not end: 503, and the log says why', async () => {
  const ann = await newcomer();
  database.fail(rotation, { ...conflict, times: 4 });
  isProblem(await refresh(ann.refreshToken), 'unavailable');
  assert.ok(database.hasFailed());
  assert.equal(service.log().filter(({ where }) => where === 'refresh').length, 1);
  isOk(await refresh(ann.refreshToken));
});
