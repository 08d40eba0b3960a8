// Access tokens that die at the next request of any endpoint of this host.
import assert from 'node:assert/strict';
import test from 'node:test';
import { operations } from '../lib/operations.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newPassword } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';

// The set is not read again by age alone: what kills is the shared counter.
const service = await useService({ env: { LATCHKEY_REVOCATION_STALENESS_MS: '60000' } });
const { call, post, newcomer, session, logout, refresh, weather } = api(service);

const nobody = '00000000-0000-7000-8000-000000000000';
const protectedOnes = operations.filter(({ auth }) => auth === 'bearer');

async function everywhere(token, check) {
  for (const { method, path } of protectedOnes) {
    const options = method === 'GET' || method === 'DELETE' ? { token } : { token, json: {} };
    check(await call(method, path.replace('{id}', nobody), options), `${method} ${path}`);
  }
}

const isLive = (token) => everywhere(token, ({ status }, where) => assert.notEqual(status, 401, where));
const isDead = (token) => everywhere(token, (answer) => isProblem(answer, 'invalid_token'));

async function isShut(verb, { email }) {
  const { status, stderr } = await service.ctl(['user', verb, '--email', email]);
  assert.equal(status, 0, stderr);
}

test('there is something to die for', () => {
  const names = protectedOnes.map(({ endpoint }) => endpoint);
  for (const name of ['me', 'password', 'sessions', 'weather']) assert.ok(names.includes(name), name);
});

// How the token of `ann` ends; whether the user's other session lives on.
const ends = [
  ['H-065 its logout', true, async (ann) => isOk(await logout(ann.accessToken), 204)],
  ['a logout by refresh token', true, async ({ refreshToken }) =>
    isOk(await post('/api/auth/logout', { refreshToken }), 204)],
  ['a logout of the others', true, async (_, other) =>
    isOk(await logout(other.accessToken, 'others'), 204)],
  ['a global logout', false, async (_, other) => isOk(await logout(other.accessToken, 'global'), 204)],
  ['the end of its session by another', true, async (ann, other) =>
    isOk(await call('DELETE', `/api/auth/sessions/${ann.sessionId}`, { token: other.accessToken }), 204)],
  ['the end of its session by itself', true, async ({ accessToken: token, sessionId }) =>
    isOk(await call('DELETE', `/api/auth/sessions/${sessionId}`, { token }), 204)],
  ['H-046 a new password', false, async (ann, other) => isOk(await post('/api/auth/password',
    { currentPassword: ann.password, newPassword: newPassword() }, { token: other.accessToken }))],
  ['latchkeyctl user disable', false, (ann) => isShut('disable', ann)],
  ['latchkeyctl user delete', false, (ann) => isShut('delete', ann)],
  ['H-052 a refresh token used again', true, async ({ refreshToken }) => {
    const { body: second } = await refresh(refreshToken);
    isOk(await refresh(second.refreshToken));
    isProblem(await refresh(refreshToken), 'refresh_token_reused');
  }],
];

for (const [name, sparesOthers, end] of ends) {
  test(`${name} kills the access token at every endpoint, at once`, async () => {
    const ann = await newcomer();
    const other = await session(ann);
    const bob = await newcomer();
    for (const { accessToken } of [ann, other, bob]) await isLive(accessToken);
    await end(ann, other);
    await isDead(ann.accessToken);
    await (sparesOthers ? isLive : isDead)(other.accessToken);
    await isLive(bob.accessToken);
  });
}

test('a user who was disabled and enabled again logs in, and the old tokens stay dead', async () => {
  const ann = await newcomer();
  await isShut('disable', ann);
  await isShut('enable', ann);
  await isDead(ann.accessToken);
  isProblem(await refresh(ann.refreshToken), 'session_ended');
  await isLive((await session(ann)).accessToken);
});

test('twenty endings at once: every one counts at the next request', async () => {
  const people = await Promise.all(Array.from({ length: 20 }, () => newcomer()));
  await Promise.all(people.map(async ({ accessToken }) => {
    isOk(await weather(accessToken));
    isOk(await logout(accessToken), 204);
    isProblem(await weather(accessToken), 'invalid_token');
  }));
});

test('who asks while others log out gets an answer each time', async () => {
  const ann = await newcomer();
  const bob = await newcomer();
  let isOver = false;
  // Each logout moves the counter, also while the set is being read.
  const churn = Promise.all(Array.from({ length: 4 }, async () => {
    for (let i = 0; i < 150; i++) isOk(await logout(bob.accessToken, 'others'), 204);
  })).finally(() => { isOver = true; });
  const asking = Promise.all(Array.from({ length: 4 }, async () => {
    while (!isOver) isOk(await weather(ann.accessToken));
  }));
  await Promise.all([churn, asking]);
});
