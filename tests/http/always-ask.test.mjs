// LATCHKEY_REVOCATION_STALENESS_MS=0: the database is asked at every request.
import test from 'node:test';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';
import { until } from '../lib/wait.mjs';

const service = await useService({ env: { LATCHKEY_REVOCATION_STALENESS_MS: '0' } });
const { newcomer, session, me, weather, logout } = api(service);

test('a token dies with its session, although nobody told the process', async () => {
  const ann = await newcomer();
  const other = await session(ann);
  isOk(await weather(ann.accessToken));
  await service.sql(`UPDATE session SET ended_ms = 1 WHERE id = ${sqlId(ann.sessionId)}`);
  isProblem(await weather(ann.accessToken), 'invalid_token');
  isOk(await weather(other.accessToken));
});

test('a token dies with the version of its user, and with the account', async () => {
  const ann = await newcomer();
  const bob = await newcomer();
  await service.sql(
    `UPDATE user SET token_version = token_version + 1 WHERE id = ${sqlId(ann.user.id)}`);
  await service.sql(`UPDATE user SET status = 0 WHERE id = ${sqlId(bob.user.id)}`);
  for (const { accessToken } of [ann, bob]) {
    isProblem(await weather(accessToken), 'invalid_token');
    isProblem(await me(accessToken), 'invalid_token');
  }
});

test('a logout is seen at once, here and everywhere', async () => {
  const ann = await newcomer();
  const other = await session(ann);
  isOk(await logout(ann.accessToken), 204);
  isProblem(await weather(ann.accessToken), 'invalid_token');
  isOk(await logout(other.accessToken, 'global'), 204);
  isProblem(await weather(other.accessToken), 'invalid_token');
});

test('without the database nobody passes', async () => {
  const { accessToken } = await newcomer();
  isOk(await weather(accessToken));
  await service.dbStop();
  isProblem(await weather(accessToken), 'unavailable');
  await service.dbStart();
  await until('it is asked again', async () => (await weather(accessToken)).status === 200);
});
