// What instant death costs: no question to the database per request.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { isOk } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { startService } from '../lib/service.mjs';

const requests = 200;

async function questions(service) {
  const rows = await service.sql('SHOW GLOBAL STATUS WHERE Variable_name IN' +
    " ('Com_stmt_execute', 'Com_select', 'Com_stmt_prepare')");
  return rows.reduce((sum, [, count]) => sum + Number(count), 0);
}

// How much the database is asked while the weather is.
async function cost(stalenessMs) {
  const service = await startService({ env: { LATCHKEY_REVOCATION_STALENESS_MS: stalenessMs } });
  after(service.stop);
  const { newcomer, weather } = api(service);
  const { accessToken } = await newcomer();
  isOk(await weather(accessToken));
  // The client that counts asks too, the same each time.
  const own = -(await questions(service) - await questions(service));
  const before = await questions(service);
  for (let i = 0; i < requests; i++) isOk(await weather(accessToken));
  return await questions(service) - before - own;
}

test('while the set is fresh, nothing is asked', async () => {
  assert.equal(await cost('60000'), 0);
});

test('with staleness 0 every request asks', async () => {
  assert.ok(await cost('0') >= requests);
});
