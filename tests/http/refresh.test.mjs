// A refresh token for its successor.
import assert from 'node:assert/strict';
import test from 'node:test';
import { signingKey } from '../lib/jwt.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const service = await useService();
const { call, post, refresh, newcomer, session, me, weather, logout } = api(service);
const key = signingKey(service.state);

const expired = ({ accessToken }) => key.expired(accessToken);

test('both tokens are replaced, the session stays', async () => {
  const old = await newcomer();
  const answer = await refresh(old.refreshToken);
  isOk(answer);
  const fresh = answer.body;
  assert.deepEqual(Object.keys(fresh), ['tokenType', 'accessToken', 'expiresIn',
    'accessTokenExpirationTime', 'refreshToken', 'refreshTokenExpirationTime', 'sessionId', 'user']);
  assert.notEqual(fresh.accessToken, old.accessToken);
  assert.notEqual(fresh.refreshToken, old.refreshToken);
  assert.equal(fresh.sessionId, old.sessionId);
  assert.equal(fresh.user.id, old.user.id);
  isOk(await me(fresh.accessToken));
});

test('the old access token lives on until it expires', async () => {
  const { accessToken, refreshToken } = await newcomer();
  isOk(await refresh(refreshToken));
  isOk(await me(accessToken));
});

test('a chain of a hundred refreshes is one row', async () => {
  const { refreshToken, sessionId, user } = await newcomer();
  const seen = new Set([refreshToken]);
  let token = refreshToken;
  for (let i = 0; i < 100; i++) {
    token = (await refresh(token)).body.refreshToken;
    seen.add(token);
  }
  assert.equal(seen.size, 101);
  assert.deepEqual(await service.sql(
    `SELECT LOWER(HEX(id)), generation FROM session WHERE user_id = ${sqlId(user.id)}`),
  [[sessionId.replaceAll('-', ''), '101']]);
});

test('a bearer of the same session may come along, live or expired', async () => {
  const pair = await newcomer();
  const next = await refresh(pair.refreshToken, pair.accessToken);
  isOk(next);
  isOk(await refresh(next.body.refreshToken, expired(pair)));
});

test('H-062 a bearer of another session is a mismatch, and nothing happens', async () => {
  const ann = await newcomer();
  const bob = await newcomer();
  const other = await session(ann);
  for (const { accessToken } of [bob, other]) {
    isProblem(await refresh(ann.refreshToken, accessToken), 'token_mismatch');
  }
  isOk(await refresh(ann.refreshToken));
});

test('J-208 an expired bearer with a bad signature is forged, not expired', async () => {
  const pair = await newcomer();
  const forged = `${expired(pair).slice(0, -4)}AAAA`;
  isProblem(await refresh(pair.refreshToken, forged), 'invalid_token');
  isOk(await refresh(pair.refreshToken));
});

test('J-118 credentials of another scheme are no bearer', async () => {
  const { refreshToken } = await newcomer();
  isOk(await post('/api/auth/refresh', { refreshToken },
    { headers: { authorization: 'Basic YW5uOmFubg==' } }));
});

test('a refresh after logout ends nowhere', async () => {
  const { accessToken, refreshToken } = await newcomer();
  isOk(await logout(accessToken), 204);
  isProblem(await refresh(refreshToken), 'session_ended');
});

test('J-199 an access token is no refresh token, and the other way round', async () => {
  const { accessToken, refreshToken } = await newcomer();
  isProblem(await refresh(accessToken), 'refresh_token_invalid');
  isProblem(await weather(refreshToken), 'invalid_token');
  isProblem(await refresh(refreshToken, refreshToken), 'invalid_token');
});

test('a refresh needs a refresh token, as a text', async () => {
  isProblem(await post('/api/auth/refresh', {}), 'validation_failed', 'refreshToken required');
  isProblem(await refresh(null), 'validation_failed', 'refreshToken required');
  for (const wrong of [7, true, ['lkr_'], { token: 'lkr_' }]) {
    isProblem(await refresh(wrong), 'validation_failed', 'refreshToken wrong_type');
  }
  isProblem(await refresh(''), 'refresh_token_invalid');
});

test('H-109 a bare JSON string is no request', async () => {
  const { refreshToken } = await newcomer();
  isProblem(await call('POST', '/api/auth/refresh', {
    body: JSON.stringify(refreshToken), headers: { 'content-type': 'application/json' },
  }), 'malformed_json');
});

test('the database holds a hash of the secret, which is no token', async () => {
  const { refreshToken, sessionId } = await newcomer();
  const [[hash]] = await service.sql(
    `SELECT HEX(secret_hash) FROM session WHERE id = ${sqlId(sessionId)}`);
  const bytes = Buffer.from(refreshToken.slice(4), 'base64url');
  assert.ok(!bytes.includes(Buffer.from(hash, 'hex')));
  Buffer.from(hash, 'hex').copy(bytes, 29);
  isProblem(await refresh(`lkr_${bytes.toString('base64url')}`), 'refresh_token_invalid');
});
