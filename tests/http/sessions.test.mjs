// One's own sessions: the list, and the end of one.
import assert from 'node:assert/strict';
import test from 'node:test';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';
import { clockReads } from '../lib/wait.mjs';

const service = await useService();
const { call, get, login, refresh, logout, weather, newcomer, registered, session } = api(service);

const list = async (token) => {
  const answer = await get('/api/auth/sessions', { token });
  isOk(answer);
  assert.deepEqual(Object.keys(answer.body), ['sessions']);
  return answer.body.sessions;
};
const end = (token, id) => call('DELETE', `/api/auth/sessions/${id}`, { token });
const ids = (sessions) => sessions.map(({ id }) => id);

test('a session says when, from where and by what it was opened', async () => {
  const { email, password } = await registered();
  const agent = 'Mozilla/5.0 ("x"; \\ \t <b>) Gecko';
  const { body } = await login({ email, password }, { headers: { 'user-agent': agent } });
  const [only, ...others] = await list(body.accessToken);
  assert.deepEqual(others, []);
  assert.deepEqual(Object.keys(only), ['id', 'createdAt', 'lastUsedAt', 'expiresAt', 'createdByIp',
    'lastIp', 'userAgent', 'current']);
  assert.equal(only.id, body.sessionId);
  assert.equal(only.createdAt, only.lastUsedAt);
  assert.equal(only.expiresAt, body.refreshTokenExpirationTime);
  assert.ok(Math.abs(Date.parse(only.createdAt) - Date.now()) < 5000);
  assert.equal(only.createdByIp, '127.0.0.1');
  assert.equal(only.lastIp, '127.0.0.1');
  // Whoever lists it on a terminal gets no control characters.
  assert.equal(only.userAgent, agent.replace('\t', '?'));
  assert.equal(only.current, true);
});

test('the newest comes first, and each knows which one asks', async () => {
  const ann = await newcomer();
  const second = await session(ann);
  const third = await session(ann);
  for (const { accessToken, sessionId } of [ann, second, third]) {
    const sessions = await list(accessToken);
    assert.deepEqual(ids(sessions), [third.sessionId, second.sessionId, ann.sessionId]);
    assert.deepEqual(ids(sessions.filter(({ current }) => current)), [sessionId]);
  }
});

test('a refresh moves the last use and the expiry, never the rest', async () => {
  const ann = await newcomer();
  const [before] = await list(ann.accessToken);
  await clockReads(Date.parse(before.createdAt) / 1000 + 1);
  const { body: fresh } = await refresh(ann.refreshToken);
  const [after] = await list(fresh.accessToken);
  assert.ok(after.lastUsedAt > before.lastUsedAt);
  assert.equal(after.expiresAt, fresh.refreshTokenExpirationTime);
  assert.deepEqual({ ...after, lastUsedAt: 0, expiresAt: 0 }, { ...before, lastUsedAt: 0, expiresAt: 0 });
});

test('N8 a hundred rotations are one row and one session of the list', async () => {
  const ann = await newcomer();
  let pair = ann;
  for (let i = 0; i < 100; i++) ({ body: pair } = await refresh(pair.refreshToken));
  assert.deepEqual(ids(await list(pair.accessToken)), [ann.sessionId]);
  assert.deepEqual(await service.sql(
    `SELECT COUNT(*), MAX(generation) FROM session WHERE user_id = ${sqlId(ann.user.id)}`), [['1', '101']]);
});

test('who ends a session no longer sees it, and it is over', async () => {
  const ann = await newcomer();
  const other = await session(ann);
  isOk(await end(ann.accessToken, other.sessionId), 204);
  assert.deepEqual(ids(await list(ann.accessToken)), [ann.sessionId]);
  isProblem(await weather(other.accessToken), 'invalid_token');
  isProblem(await refresh(other.refreshToken), 'session_ended');
});

test('one may end one\'s own', async () => {
  const ann = await newcomer();
  isOk(await end(ann.accessToken, ann.sessionId), 204);
  isProblem(await get('/api/auth/sessions', { token: ann.accessToken }), 'invalid_token');
});

test('a session that has ended is not there to end again', async () => {
  const ann = await newcomer();
  const other = await session(ann);
  isOk(await logout(other.accessToken), 204);
  isProblem(await end(ann.accessToken, other.sessionId), 'not_found');
});

test('neither is one that has expired', async () => {
  const ann = await newcomer();
  for (const column of ['expires_ms', 'idle_expires_ms']) {
    const other = await session(ann);
    await service.sql(`UPDATE session SET ${column} = 1 WHERE id = ${sqlId(other.sessionId)}`);
    assert.deepEqual(ids(await list(ann.accessToken)), [ann.sessionId]);
    isProblem(await end(ann.accessToken, other.sessionId), 'not_found');
  }
});

test('H-068 another user\'s session is not there, and lives on', async () => {
  const ann = await newcomer();
  const bob = await newcomer();
  isProblem(await end(ann.accessToken, bob.sessionId), 'not_found');
  isOk(await weather(bob.accessToken));
  isOk(await refresh(bob.refreshToken));
  assert.deepEqual(ids(await list(ann.accessToken)), [ann.sessionId]);
});

test('H-076 what is no id is nothing, in the same words', async () => {
  const ann = await newcomer();
  const { sessionId: id } = ann;
  const wrong = ['0', '-1', '1', '1abc', id.slice(0, -1), `${id}0`, id.toUpperCase(), `{${id}}`,
    id.replaceAll('-', ''), `%20${id}`, '%27%20OR%201=1--', '%ef%bc%91', '*',
    '00000000-0000-7000-8000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', 'x'.repeat(500)];
  for (const bad of wrong) {
    const answer = await end(ann.accessToken, bad);
    isProblem(answer, 'not_found');
  }
  for (const bad of [`${id}%00`, `${id}%0a`, `${id}/`, `../sessions/${id}/..`]) {
    const { status } = await call('DELETE', `/api/auth/sessions/${bad}`,
      { token: ann.accessToken, by: 'server' });
    assert.ok([400, 404, 405].includes(status), `${bad}: ${status}`);
  }
  isOk(await weather(ann.accessToken));
});

test('the list is nobody else\'s, and takes no other method', async () => {
  const ann = await newcomer();
  isProblem(await get('/api/auth/sessions'), 'authentication_required');
  isProblem(await call('DELETE', `/api/auth/sessions/${ann.sessionId}`), 'authentication_required');
  for (const [method, path, allow] of [
    ['DELETE', '/api/auth/sessions', 'GET, HEAD'],
    ['GET', `/api/auth/sessions/${ann.sessionId}`, 'DELETE'],
    ['PATCH', `/api/auth/sessions/${ann.sessionId}`, 'DELETE'],
  ]) {
    const answer = await call(method, path, { token: ann.accessToken });
    isProblem(answer, 'method_not_allowed');
    assert.equal(answer.headers.allow, allow);
  }
});

test('two who end the same session at once: one does, the other finds nothing', async () => {
  const ann = await newcomer();
  const other = await session(ann);
  const answers = await Promise.all([end(ann.accessToken, other.sessionId),
    end(ann.accessToken, other.sessionId)]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 404]);
});

test('scope others ends all but this one, and is done when there are none', async () => {
  const ann = await newcomer();
  const others = [await session(ann), await session(ann)];
  const bob = await newcomer();
  isOk(await logout(ann.accessToken, 'others'), 204);
  isOk(await logout(ann.accessToken, 'others'), 204);
  assert.deepEqual(ids(await list(ann.accessToken)), [ann.sessionId]);
  for (const { accessToken, refreshToken } of others) {
    isProblem(await weather(accessToken), 'invalid_token');
    isProblem(await refresh(refreshToken), 'session_ended');
  }
  isOk(await refresh(ann.refreshToken));
  isOk(await weather(bob.accessToken));
});

test('scope others needs a token that lives', async () => {
  const ann = await newcomer();
  const other = await session(ann);
  isOk(await logout(other.accessToken), 204);
  isProblem(await logout(other.accessToken, 'others'), 'invalid_token');
  isProblem(await logout(undefined, 'others'), 'authentication_required');
  isProblem(await logout(`${ann.accessToken.slice(0, -4)}AAAA`, 'others'), 'invalid_token');
  isProblem(await call('POST', '/api/auth/logout', {
    json: { scope: 'others', refreshToken: ann.refreshToken } }), 'authentication_required');
  isOk(await weather(ann.accessToken));
});

test('a login that races a logout of others is in whole or out whole', async () => {
  for (let round = 0; round < 10; round++) {
    const ann = await newcomer();
    const [logins] = await Promise.all([
      Promise.all([session(ann), session(ann), session(ann)]), logout(ann.accessToken, 'others')]);
    const live = new Set(ids(await list(ann.accessToken)));
    for (const { sessionId, accessToken, refreshToken } of logins) {
      if (live.has(sessionId)) {
        isOk(await weather(accessToken));
        isOk(await refresh(refreshToken));
      } else {
        isProblem(await weather(accessToken), 'invalid_token');
        isProblem(await refresh(refreshToken), 'session_ended');
      }
    }
  }
});
