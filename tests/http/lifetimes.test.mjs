// Tokens and sessions of a few seconds.
import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { decode } from '../lib/jwt.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';
import { clockReads, nextSecond } from '../lib/wait.mjs';

const service = await useService({ env: {
  LATCHKEY_TOKEN_ACCESS_TTL_S: '2',
  LATCHKEY_TOKEN_REFRESH_IDLE_S: '3',
  LATCHKEY_SESSION_MAX_AGE_S: '6',
  LATCHKEY_REFRESH_GRACE_S: '2',
} });
const { refresh, newcomer, me, weather, logout } = api(service);

// The time of an answer has whole seconds, rounded down, and was read before a
// login took its time.
const past = (time) => clockReads(Date.parse(time) / 1000 + 2);

// Side by side, because all they do is wait.
describe('time passes', { concurrency: true }, () => {
  test('an access token dies on time, and a refresh brings the next one', async () => {
    await nextSecond();
    const ann = await newcomer();
    isOk(await weather(ann.accessToken));
    await clockReads(decode(ann.accessToken).payload.exp);
    isProblem(await weather(ann.accessToken), 'invalid_token');
    isProblem(await me(ann.accessToken), 'invalid_token');
    const { body: fresh } = await refresh(ann.refreshToken, ann.accessToken);
    isOk(await me(fresh.accessToken));
  });

  test('J-209 an expired token logs out its own session, and no other', async () => {
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
    const { iat } = decode(pair.accessToken).payload;
    // Longer than anybody idle would have lived.
    for (const second of [1, 2, 3, 4]) {
      await clockReads(iat + second);
      const answer = await refresh(pair.refreshToken);
      isOk(answer);
      pair = answer.body;
    }
    assert.ok(Date.parse(pair.refreshTokenExpirationTime) / 1000 <= iat + 6 + 1);
    await past(pair.refreshTokenExpirationTime);
    isProblem(await refresh(pair.refreshToken), 'refresh_token_expired');
  });

  test('H-056 grace ends on time, and is not extended by those who use it', async () => {
    const ann = await newcomer();
    const { body: fresh } = await refresh(ann.refreshToken);
    const rotated = Date.now();
    isOk(await refresh(ann.refreshToken));
    await clockReads((rotated + 2000) / 1000);
    isProblem(await refresh(ann.refreshToken), 'refresh_token_reused');
    isProblem(await refresh(fresh.refreshToken), 'session_ended');
  });
});
