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

for (const [name, code, state] of [['an error', 1026, 'HY000'], ['a shutdown', 1053, '08S01']]) {
  test(`${name} behind the row: 503, and it can be tried again`, async () => {
    const ann = await newcomer();
    database.fail(rotation, code, state);
    const answer = await refresh(ann.refreshToken);
    assert.ok(database.hasFailed());
    isProblem(answer, 'unavailable');
    isOk(await refresh(ann.refreshToken));
  });
}

test('a conflict behind the row is tried again', async () => {
  const ann = await newcomer();
  database.fail(rotation, 1213, '40001');
  isOk(await refresh(ann.refreshToken));
  assert.ok(database.hasFailed());
  // The first try had moved it after all.
  assert.deepEqual(await service.sql('SELECT generation, concurrent_count FROM session' +
    ` WHERE id = ${sqlId(ann.sessionId)}`), [['2', '1']]);
});
