// Access tokens and the end of their session's life.
import assert from 'node:assert/strict';
import test from 'node:test';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';
import { clockReads } from '../lib/wait.mjs';

const maxAgeS = 3;
const service = await useService({ env: {
  LATCHKEY_SESSION_MAX_AGE_S: String(maxAgeS),
  LATCHKEY_PASSWORD_HASH_PARALLEL: '2',
} });
const { newcomer, refresh, weather, logout, session } = api(service);
const epochOf = async () => Number((await service.sql(
  "SELECT COUNT(*) FROM audit WHERE event = 'logout_others'"))[0][0]);

test('an access token never outlives its session', async () => {
  const ann = await newcomer();
  // By the times: expiresIn counts from the second in which the login came,
  // and the session began after its hash, perhaps in the next one.
  assert.ok(Date.parse(ann.refreshTokenExpirationTime) <= Date.now() + maxAgeS * 1000);
  assert.ok(ann.accessTokenExpirationTime <= ann.refreshTokenExpirationTime);
  const { body } = await refresh(ann.refreshToken);
  assert.equal(body.refreshTokenExpirationTime, ann.refreshTokenExpirationTime);
  assert.ok(body.accessTokenExpirationTime <= body.refreshTokenExpirationTime);
  await clockReads(Date.parse(body.refreshTokenExpirationTime) / 1000);
  isProblem(await weather(body.accessToken), 'invalid_token');
  isProblem(await weather(ann.accessToken), 'invalid_token');
});

test('ending the others where there are none writes nothing down', async () => {
  const ann = await newcomer();
  const before = await epochOf();
  isOk(await logout(ann.accessToken, 'others'), 204);
  assert.equal(await epochOf(), before);
  const other = await session(ann);
  isOk(await logout(ann.accessToken, 'others'), 204);
  assert.equal(await epochOf(), before + 1);
  isProblem(await weather(other.accessToken), 'invalid_token');
  isOk(await weather(ann.accessToken));
});
