// Logging out, here and everywhere.
import assert from 'node:assert/strict';
import test from 'node:test';
import { decode, signingKey } from '../lib/jwt.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';

const service = await useService();
const { call, post, logout, refresh, newcomer, session, me, weather } = api(service);
const key = signingKey(service.state);

const expired = ({ accessToken }) => key.expired(accessToken);

async function isOut({ accessToken, refreshToken }) {
  isProblem(await me(accessToken), 'invalid_token');
  isProblem(await weather(accessToken), 'invalid_token');
  isProblem(await refresh(refreshToken), 'session_ended');
}

async function isIn({ accessToken, refreshToken }) {
  isOk(await me(accessToken));
  isOk(await weather(accessToken));
  isOk(await refresh(refreshToken));
}

test('H-065 after logout both tokens are dead at the next request', async () => {
  const ann = await newcomer();
  isOk(await weather(ann.accessToken));
  isOk(await logout(ann.accessToken), 204);
  await isOut(ann);
});

test('a logout ends one session and no other', async () => {
  const ann = await newcomer();
  const other = await session(ann);
  const bob = await newcomer();
  isOk(await logout(ann.accessToken, 'local'), 204);
  await isOut(ann);
  await isIn(other);
  await isIn(bob);
});

test('all access tokens of a session die with it', async () => {
  const ann = await newcomer();
  const { body: fresh } = await refresh(ann.refreshToken);
  isOk(await logout(fresh.accessToken), 204);
  await isOut(ann);
  await isOut(fresh);
});

test('a refresh token logs out too', async () => {
  const ann = await newcomer();
  isOk(await post('/api/auth/logout', { refreshToken: ann.refreshToken }), 204);
  await isOut(ann);
});

test('a refresh token that was used logs out its session', async () => {
  const ann = await newcomer();
  const { body: fresh } = await refresh(ann.refreshToken);
  isOk(await post('/api/auth/logout', { refreshToken: ann.refreshToken }), 204);
  await isOut(fresh);
});

test('bearer and refresh token of one session agree, of two they do not', async () => {
  const ann = await newcomer();
  const other = await session(ann);
  isProblem(await post('/api/auth/logout', { refreshToken: other.refreshToken },
    { token: ann.accessToken }), 'token_mismatch');
  isOk(await weather(ann.accessToken));
  isOk(await weather(other.accessToken));
  isOk(await post('/api/auth/logout', { refreshToken: ann.refreshToken },
    { token: ann.accessToken }), 204);
  await isOut(ann);
});

test('H-065 logging out twice is no error', async () => {
  const ann = await newcomer();
  isOk(await logout(ann.accessToken), 204);
  isOk(await logout(ann.accessToken), 204);
  isOk(await post('/api/auth/logout', { refreshToken: ann.refreshToken }), 204);
});

test('J-209 a genuine token logs out although it has expired', async () => {
  const ann = await newcomer();
  isOk(await logout(expired(ann)), 204);
  await isOut(ann);
});

test('J-209 a forged one does not', async () => {
  const ann = await newcomer();
  isProblem(await logout(`${ann.accessToken.slice(0, -4)}AAAA`), 'invalid_token');
  isProblem(await logout(`${expired(ann).slice(0, -4)}AAAA`), 'invalid_token');
  isProblem(await post('/api/auth/logout', { refreshToken: `${ann.refreshToken.slice(0, -4)}AAAA` }),
    'refresh_token_invalid');
  await isIn(ann);
});

test('H-065 logging out needs to say who', async () => {
  isProblem(await logout(), 'authentication_required');
  isProblem(await post('/api/auth/logout', {}), 'authentication_required');
  isProblem(await post('/api/auth/logout', { refreshToken: null }), 'authentication_required');
  isProblem(await post('/api/auth/logout', { refreshToken: '' }), 'refresh_token_invalid');
});

test('scope global ends every session of the user, and of nobody else', async () => {
  const ann = await newcomer();
  const others = [await session(ann), await session(ann)];
  const bob = await newcomer();
  isOk(await logout(ann.accessToken, 'global'), 204);
  for (const pair of [ann, ...others]) await isOut(pair);
  await isIn(bob);
});

test('after a global logout one can log in again', async () => {
  const ann = await newcomer();
  isOk(await logout(ann.accessToken, 'global'), 204);
  const again = await session(ann);
  assert.equal(decode(again.accessToken).payload.ver, 2);
  await isIn(again);
});

test('scope global needs a token that lives', async () => {
  const ann = await newcomer();
  const other = await session(ann);
  isProblem(await logout(expired(ann), 'global'), 'invalid_token');
  isOk(await logout(ann.accessToken), 204);
  isProblem(await logout(ann.accessToken, 'global'), 'invalid_token');
  isProblem(await logout(undefined, 'global'), 'authentication_required');
  isProblem(await post('/api/auth/logout', { scope: 'global', refreshToken: other.refreshToken }),
    'authentication_required');
  await isIn(other);
});

test('any other scope is none', async () => {
  const ann = await newcomer();
  for (const scope of ['Local', 'GLOBAL', 'all', 'local ', '*', 'global,local']) {
    isProblem(await logout(ann.accessToken, scope), 'validation_failed', 'scope scope_invalid');
  }
  await isIn(ann);
});

test('no body, an empty object and null members are all a local logout', async () => {
  for (const json of [undefined, {}, { scope: null, refreshToken: null }]) {
    const ann = await newcomer();
    isOk(await post('/api/auth/logout', json, { token: ann.accessToken }), 204);
    await isOut(ann);
  }
});

test('H-143 an image on a page logs nobody out', async () => {
  const ann = await newcomer();
  isProblem(await call('GET', '/api/auth/logout', { token: ann.accessToken }), 'method_not_allowed');
  await isIn(ann);
});
