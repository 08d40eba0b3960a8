// A token is shown to every endpoint that looks at one, and none believes it.
import assert from 'node:assert/strict';
import { isOk, isProblem } from './oracle.mjs';
import { api } from './people.mjs';
import { sqlId } from './service.mjs';

export async function tokenTrial(service) {
  const { me, weather, refresh, logout, newcomer } = api(service);
  const victim = await newcomer();
  const { requestId, ...refusal } = (await me('x.y.z')).body;

  // The body says the same, whatever the reason.
  async function isInvalid(answer) {
    isProblem(await answer, 'invalid_token');
    assert.deepEqual({ ...(await answer).body, requestId: undefined },
      { ...refusal, requestId: undefined });
  }

  const isRefusedByMe = (token) => isInvalid(me(token));

  // Claims that are wrong by time alone still say who logs out or refreshes.
  async function isExpired(token) {
    await isInvalid(me(token));
    await isInvalid(weather(token));
  }

  async function isForged(token) {
    await isExpired(token);
    await isInvalid(logout(token));
    await isInvalid(logout(token, 'global'));
    await isInvalid(refresh(victim.refreshToken, token));
    isProblem(await refresh(token), 'refresh_token_invalid');
  }

  // No trial has touched the session whose refresh token it used.
  async function isUnharmed() {
    isOk(await me(victim.accessToken));
    isOk(await refresh(victim.refreshToken));
    const [[generation]] = await service.sql('SELECT generation FROM session' +
      ` WHERE id = ${sqlId(victim.sessionId)}`);
    assert.equal(generation, '2');
  }

  return { isForged, isExpired, isRefusedByMe, isUnharmed };
}
