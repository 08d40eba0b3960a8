// H-050: more logins at once than may wait for a password hash.
import assert from 'node:assert/strict';
import test from 'node:test';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';

// Nobody gives up by time: only the queue's length counts.
const service = await useService({ env: {
  LATCHKEY_SERVER_DEADLINE_MS: '60000', LATCHKEY_PASSWORD_HASH_PARALLEL: '1',
} });
const { login, registered, newcomer, weather, refresh } = api(service);

test('128 may wait; who comes then is told to come again, and all else goes on', async () => {
  const { email, password } = await registered();
  const { accessToken, refreshToken } = await newcomer();
  const logins = Array.from({ length: 300 }, () => login({ email, password }));
  // These wait for no hash.
  for (let i = 0; i < 20; i++) isOk(await weather(accessToken));
  isOk(await refresh(refreshToken));
  const answers = await Promise.all(logins);
  const refused = answers.filter(({ status }) => status !== 200);
  for (const answer of refused) isProblem(answer, 'overloaded');
  assert.ok(answers.length - refused.length >= 128, `${refused.length} refused`);
  assert.ok(refused.length > 0, 'the queue has an end');
  isOk(await login({ email, password }));
});
