// kill -9 of an endpoint at every step: whoever asks again gets on, or is told
// to log in; no token is burned, and there are never two.
import assert from 'node:assert/strict';
import test from 'node:test';
import { faults } from '../lib/faults.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newPassword } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';
import { until } from '../lib/wait.mjs';

const service = await useService();
const { refresh, newcomer, session, weather } = api(service);
const { ask, killAt, insist } = faults(service);

const path = '/api/auth/refresh';

async function row({ sessionId }) {
  const [found] = await service.sql('SELECT generation, COALESCE(end_reason, 0) FROM session' +
    ` WHERE id = ${sqlId(sessionId)}`);
  return { generation: Number(found?.[0]), reason: found?.[1] };
}

// The request ends without an answer of the endpoint's, by its death there.
async function diesAt(place, to, json) {
  const hasDied = killAt(place);
  const answer = await ask(to, json);
  assert.ok(hasDied(), `${to} never came to ${place}`);
  assert.equal(answer.body, undefined, `an answer in spite of ${place}`);
  assert.ok([0, 500, 503].includes(answer.status));
}

// At which places of a refresh the generation has moved on.
const places = {
  'refresh-before-step': 1,
  'refresh-after-step': 2,
  'refresh-before-answer': 2,
};

for (const [place, generation] of Object.entries(places)) {
  test(`killed at ${place}: the retry gets on, with one line of descent`, async () => {
    const ann = await newcomer();
    await diesAt(place, path, { refreshToken: ann.refreshToken });
    assert.deepEqual(await row(ann), { generation, reason: '0' });
    const { body: fresh } = await insist(path, { refreshToken: ann.refreshToken });
    assert.notEqual(fresh.refreshToken, ann.refreshToken);
    assert.deepEqual(await row(ann), { generation: 2, reason: '0' });
    const { body: again } = await refresh(ann.refreshToken);
    assert.equal(again.refreshToken, fresh.refreshToken);
    isOk(await weather(fresh.accessToken));
    isOk(await refresh(fresh.refreshToken));
  });

  test(`killed at ${place} while ten ask: all of them get the same in the end`, async () => {
    const ann = await newcomer();
    const hasDied = killAt(place);
    const answers = await Promise.all(Array.from({ length: 10 }, async () => {
      const first = await ask(path, { refreshToken: ann.refreshToken });
      return first.status === 200 ? first : insist(path, { refreshToken: ann.refreshToken });
    }));
    assert.ok(hasDied());
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    assert.equal(new Set(answers.map(({ body }) => body.refreshToken)).size, 1);
    assert.deepEqual(await row(ann), { generation: 2, reason: '0' });
  });
}

test('killed again and again at one place after the other: the chain never breaks', async () => {
  const ann = await newcomer();
  let token = ann.refreshToken;
  let generation = 1;
  for (const place of Object.keys(places)) {
    await diesAt(place, path, { refreshToken: token });
    token = (await insist(path, { refreshToken: token })).body.refreshToken;
    generation++;
    assert.deepEqual(await row(ann), { generation, reason: '0' });
  }
});

// Theft, noticed by a process that dies around the COMMIT of the end.
for (const [place, isEnded] of [['transaction-begun', false], ['transaction-before-commit', false],
  ['transaction-after-commit', true]]) {
  test(`killed at ${place} of a theft's end: the next one who asks ends the session`, async () => {
    const ann = await newcomer();
    const other = await session(ann);
    const { body: second } = await refresh(ann.refreshToken);
    const { body: third } = await refresh(second.refreshToken);
    await diesAt(place, path, { refreshToken: ann.refreshToken });
    assert.equal((await row(ann)).reason, isEnded ? '2' : '0');
    const { body } = await insist(path, { refreshToken: ann.refreshToken });
    assert.equal(body.code, isEnded ? 'session_ended' : 'refresh_token_reused');
    isProblem(await refresh(third.refreshToken), 'session_ended');
    // Nobody told the others if it died before it could: they look by themselves.
    await until('the access token is dead', async () =>
      (await weather(third.accessToken)).status === 401, { withinMs: 2500 });
    isOk(await weather(other.accessToken));
    isOk(await refresh(other.refreshToken));
  });
}

for (const [place, isEnded] of [['transaction-begun', false], ['transaction-before-commit', false],
  ['transaction-after-commit', true]]) {
  test(`killed at ${place} of a logout: whole or not at all, and the retry does it`, async () => {
    const ann = await newcomer();
    await diesAt(place, '/api/auth/logout', { refreshToken: ann.refreshToken });
    assert.equal((await row(ann)).reason, isEnded ? '1' : '0');
    const retry = await insist('/api/auth/logout', { refreshToken: ann.refreshToken });
    assert.equal(retry.status, 204);
    assert.equal((await row(ann)).reason, '1');
    isProblem(await refresh(ann.refreshToken), 'session_ended');
    await until('the access token is dead', async () =>
      (await weather(ann.accessToken)).status === 401, { withinMs: 2500 });
  });

  test(`killed at ${place} of a login: a session nobody has, or none`, async () => {
    const ann = await newcomer();
    const { email, password, user } = ann;
    await diesAt(place, '/api/auth/login', { email, password });
    assert.deepEqual(await service.sql(
      `SELECT COUNT(*) FROM session WHERE user_id = ${sqlId(user.id)}`), [[isEnded ? '2' : '1']]);
    const { body } = await insist('/api/auth/login', { email, password });
    isOk(await weather(body.accessToken));
    isOk(await refresh(body.refreshToken));
    isOk(await refresh(ann.refreshToken));
  });
}

for (const [place, isChanged] of [['transaction-before-commit', false], ['transaction-after-commit', true]]) {
  test(`killed at ${place} of a password change: the old sessions and password, or the new`, async () => {
    const ann = await newcomer();
    const fresh = newPassword();
    const { call } = api(service);
    const hasDied = killAt(place);
    const answer = await call('POST', '/api/auth/password', { token: ann.accessToken, by: 'server',
      json: { currentPassword: ann.password, newPassword: fresh } });
    assert.ok(hasDied());
    assert.ok(answer.status >= 500);
    const { email } = ann;
    const [good, bad] = isChanged ? [fresh, ann.password] : [ann.password, fresh];
    isOk({ ...await insist('/api/auth/login', { email, password: good }), text: '' });
    const { body } = await insist('/api/auth/login', { email, password: bad });
    assert.equal(body.code, 'invalid_credentials');
    if (isChanged) isProblem(await refresh(ann.refreshToken), 'session_ended');
    else isOk(await refresh(ann.refreshToken));
  });
}
