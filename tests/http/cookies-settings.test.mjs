// Cookie mode with other settings.
import assert from 'node:assert/strict';
import test from 'node:test';
import { accessName, cookieApi, jarOf, refreshName, setCookies } from '../lib/cookies.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { useService } from '../lib/service.mjs';

const service = await useService({ env: {
  LATCHKEY_COOKIE_CLEAR_SITE_DATA: 'yes',
  LATCHKEY_REFRESH_REQUIRE_ACCESS_TOKEN: 'yes',
  LATCHKEY_TOKEN_ACCESS_TTL_S: '120',
  LATCHKEY_SESSION_MAX_AGE_S: '240',
} });
const { by, jarFor, cookieNewcomer, login, logout, newcomer, registered } = cookieApi(service);

const clears = ({ headers }) => headers['clear-site-data'];

test('a logout empties what the browser keeps, where cookies were sent and cleared', async () => {
  const ann = await cookieNewcomer();
  const other = await jarFor(ann);
  isOk(await by('POST', '/api/auth/logout', other, { json: { scope: 'others' } }), 204);
  isProblem(await by('GET', '/api/users/me', ann), 'invalid_token');
  const kept = await by('POST', '/api/auth/logout', other, { json: { scope: 'others' } });
  assert.equal(clears(kept), undefined);
  const answer = await by('POST', '/api/auth/logout', other);
  isOk(answer, 204);
  assert.equal(clears(answer), '"cache", "cookies", "storage"');
});

test('a logout by bearer token empties nothing', async () => {
  const ann = await newcomer();
  const answer = await logout(ann.accessToken);
  isOk(answer, 204);
  assert.equal(clears(answer), undefined);
  assert.equal(answer.headers['set-cookie'], undefined);
});

test('a cookie lives as long as what it holds', async () => {
  const { email, password } = await registered();
  const cookies = setCookies(await login({ email, password, useCookies: true }));
  assert.match(cookies[accessName].rest, /; Max-Age=120$/);
  // The session's greatest age is less than its idle time; by the database's
  // clock, a second of which may have begun since the request.
  assert.match(cookies[refreshName].rest, /; Max-Age=24[01]$/);
});

test('where a refresh demands the access token, its cookie is one', async () => {
  const ann = await cookieNewcomer();
  isProblem(await by('POST', '/api/auth/refresh', { refresh: ann.refresh }), 'authentication_required');
  isProblem(await by('POST', '/api/auth/refresh', { refresh: ann.refresh, access: 'x.y.z' }),
    'invalid_token');
  const other = await jarFor(ann);
  isProblem(await by('POST', '/api/auth/refresh', { refresh: ann.refresh, access: other.access }),
    'token_mismatch');
  const answer = await by('POST', '/api/auth/refresh', ann);
  isOk(answer);
  isOk(await by('POST', '/api/auth/refresh', jarOf(answer)));
});
