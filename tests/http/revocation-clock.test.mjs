// A database whose clock was wrong for a while, or that is away.
import test from 'node:test';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';
import { until } from '../lib/wait.mjs';

const service = await useService();
const { newcomer, weather, logout } = api(service);
const now = 'CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)';

test('a row from a clock that was ahead hides no later revocation', async () => {
  const [ann, bob] = [await newcomer(), await newcomer()];
  await service.sql('INSERT INTO revocation (subject_id, created_ms, expires_ms)' +
    ` VALUES (UNHEX(REPLACE(UUID(), '-', '')), ${now} + 86400000, ${now} + 172800000)`);
  // The set is read with that row in it.
  isOk(await logout(bob.accessToken), 204);
  isProblem(await weather(bob.accessToken), 'invalid_token');
  isOk(await weather(ann.accessToken));
  isOk(await logout(ann.accessToken), 204);
  isProblem(await weather(ann.accessToken), 'invalid_token');
});

test('a logout that could not be carried out takes nothing from the others', async () => {
  const ann = await newcomer();
  isOk(await weather(ann.accessToken));
  await service.dbStop();
  isOk(await weather(ann.accessToken));
  isProblem(await logout(ann.accessToken), 'unavailable');
  isOk(await weather(ann.accessToken));
  await service.dbStart();
  await until('the database is back', async () => (await logout(ann.accessToken)).status === 204);
  isProblem(await weather(ann.accessToken), 'invalid_token');
});
