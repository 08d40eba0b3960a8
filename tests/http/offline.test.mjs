// LATCHKEY_REVOCATION_MAX_OFFLINE_S=0: no old news about revocations serves.
import test from 'node:test';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';
import { until } from '../lib/wait.mjs';

const service = await useService({ env: {
  LATCHKEY_REVOCATION_MAX_OFFLINE_S: '0',
  LATCHKEY_REVOCATION_STALENESS_MS: '100',
} });
const { newcomer, weather, logout } = api(service);

test('without the database the weather is 503 as soon as the news is stale', async () => {
  const { accessToken } = await newcomer();
  isOk(await weather(accessToken));
  await service.dbStop();
  await until('the last reading is too old', async () => (await weather(accessToken)).status === 503);
  isProblem(await weather(accessToken), 'unavailable');
  await service.dbStart();
  await until('it is read again', async () => (await weather(accessToken)).status === 200);
});

test('a bad token stays a bad token', async () => {
  const { accessToken } = await newcomer();
  isOk(await weather(accessToken));
  isOk(await logout(accessToken), 204);
  isProblem(await weather(accessToken), 'invalid_token');
  isProblem(await weather('x.y.z'), 'invalid_token');
});
