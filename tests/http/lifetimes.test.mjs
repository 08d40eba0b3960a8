// Tokens and sessions of one or two seconds.
import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { decode } from '../lib/jwt.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';
import { clockReads } from '../lib/wait.mjs';

const service = await useService({ env: {
  LATCHKEY_TOKEN_ACCESS_TTL_S: '2',
  LATCHKEY_TOKEN_REFRESH_IDLE_S: '2',
  LATCHKEY_SESSION_MAX_AGE_S: '4',
  LATCHKEY_REFRESH_GRACE_S: '1',
} });
const { refresh, newcomer, me, weather, logout } = api(service);

// The time of an answer has whole seconds, rounded down: one more is past it.
const past = (time) => clockReads(Date.parse(time) / 1000 + 1);

// Side by side, because all they do is wait.
describe('time passes', { concurrency: true }, () => {
  test('an access token dies on time, and a refresh brings the next one', async () => {
    const ann = await newcomer();
    isOk(await weather(ann.accessToken));
    await clockReads(decode(ann.accessToken).payload.exp);
    isProblem(await weather(ann.accessToken), 'invalid_token');
    isProblem(await me(ann.accessToken), 'invalid_token');
  });

  test('J-155 an expired token refreshes with its refresh token, and logs out', async () => {
    const ann = await newcomer();
    const { body: fresh } = await refresh(ann.refreshToken);
    await clockReads(decode(fresh.accessToken).payload.exp);
    isProblem(await logout(fresh.accessToken, 'global'), 'invalid_token');
    isOk(await logout(fresh.accessToken), 204);
    isProblem(await refresh(fresh.refreshToken), 'session_ended');
  });

  test('H-061 a session that nobody refreshes expires', async () => {
    const ann = await newcomer();
    await past(ann.refreshTokenExpirationTime);
    isProblem(await refresh(ann.refreshToken), 'refresh_token_expired');
  });

  test('H-061 a busy session lives on, but not beyond its greatest age', async () => {
    let pair = await newcomer();
    const { payload } = decode(pair.accessToken);
    const end = payload.iat + 4;
    let refreshed = 0;
    while (Date.now() / 1000 < end - 1) {
      const answer = await refresh(pair.refreshToken);
      isOk(answer);
      pair = answer.body;
      refreshed++;
      await clockReads(Math.floor(Date.now() / 1000) + 1);
    }
    assert.ok(refreshed >= 3, String(refreshed));
    assert.ok(Date.parse(pair.refreshTokenExpirationTime) / 1000 <= end + 1);
    await past(pair.refreshTokenExpirationTime);
    isProblem(await refresh(pair.refreshToken), 'refresh_token_expired');
  });

  test('H-056 grace ends on time, and is not extended by those who use it', async () => {
    const ann = await newcomer();
    const { body: fresh } = await refresh(ann.refreshToken);
    const rotated = Date.now();
    isOk(await refresh(ann.refreshToken));
    await clockReads((rotated + 1000) / 1000);
    isProblem(await refresh(ann.refreshToken), 'refresh_token_reused');
    isProblem(await refresh(fresh.refreshToken), 'session_ended');
  });
});
