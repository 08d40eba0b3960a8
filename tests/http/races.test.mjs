// Many at once, and the same token again: rotation that survives real life.
import assert from 'node:assert/strict';
import test from 'node:test';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newEmail, newPassword, newUsername } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const service = await useService();
const { register, login, refresh, newcomer, registered, session, me, weather, logout } = api(service);

const atOnce = (count, call) => Promise.all(Array.from({ length: count }, (_, i) => call(i)));
const count = (answers, status) => answers.filter((answer) => answer.status === status).length;

async function sessionRow(id) {
  const [[generation, isEnded]] = await service.sql(
    `SELECT generation, ended_ms IS NOT NULL FROM session WHERE id = ${sqlId(id)}`);
  return { generation: Number(generation), isEnded: isEnded === '1' };
}

test('H-028 fifty register one address: one gets it, forty-nine are told', async () => {
  const email = newEmail();
  const answers = await atOnce(50, () => register({ email, password: newPassword() }));
  assert.equal(count(answers, 201), 1);
  assert.equal(count(answers, 409), 49);
  for (const answer of answers) if (answer.status === 409) isProblem(answer, 'user_exists');
  assert.deepEqual(await service.sql(`SELECT COUNT(*) FROM user WHERE email = '${email}'`), [['1']]);
});

test('H-028 fifty spellings of one address are one address', async () => {
  const email = newEmail('spelling');
  const spelled = (i) => [...email].map((c, at) => (i >> at % 6 & 1 ? c.toUpperCase() : c)).join('');
  const answers = await atOnce(50, (i) => register({ email: spelled(i), password: newPassword() }));
  assert.equal(count(answers, 201), 1);
  assert.equal(count(answers, 409), 49);
});

test('H-028 twenty people want one user name', async () => {
  const username = newUsername();
  const answers = await atOnce(20,
    () => register({ email: newEmail(), password: newPassword(), username }));
  assert.equal(count(answers, 201), 1);
  assert.equal(count(answers, 409), 19);
  assert.deepEqual(
    await service.sql(`SELECT COUNT(*) FROM user WHERE username = '${username}'`), [['1']]);
});

test('fifty different people register at once', async () => {
  const answers = await atOnce(50, () => register({ email: newEmail(), password: newPassword() }));
  assert.equal(count(answers, 201), 50);
});

test('H-050 fifty log in at once, and each has a session', async () => {
  const { email, password, user } = await registered();
  const answers = await atOnce(50, () => login({ email, password }));
  assert.equal(count(answers, 200), 50);
  assert.equal(new Set(answers.map(({ body }) => body.sessionId)).size, 50);
  assert.deepEqual(await service.sql(
    `SELECT COUNT(*) FROM session WHERE user_id = ${sqlId(user.id)}`), [['50']]);
});

test('H-055 fifty refreshes of one token: one successor, one generation', async () => {
  const { refreshToken, sessionId } = await newcomer();
  const answers = await atOnce(50, () => refresh(refreshToken));
  for (const answer of answers) isOk(answer);
  const successors = new Set(answers.map(({ body }) => body.refreshToken));
  assert.equal(successors.size, 1);
  assert.ok(!successors.has(refreshToken));
  assert.equal((await sessionRow(sessionId)).generation, 2);
  for (const { body } of answers) isOk(await weather(body.accessToken));
});

test('H-157 rounds of racing tabs never strand anybody and never fork', async () => {
  const { refreshToken, sessionId } = await newcomer();
  let token = refreshToken;
  for (let round = 0; round < 20; round++) {
    const answers = await atOnce(5, () => refresh(token));
    for (const answer of answers) isOk(answer);
    const successors = new Set(answers.map(({ body }) => body.refreshToken));
    assert.equal(successors.size, 1);
    [token] = successors;
  }
  assert.equal((await sessionRow(sessionId)).generation, 21);
});

test('H-056 a retry after a lost answer gets the same successor, again and again', async () => {
  const { refreshToken, sessionId } = await newcomer();
  const { body: first } = await refresh(refreshToken);
  for (let i = 0; i < 3; i++) {
    const again = await refresh(refreshToken);
    isOk(again);
    assert.equal(again.body.refreshToken, first.refreshToken);
    assert.equal(again.body.refreshTokenExpirationTime, first.refreshTokenExpirationTime);
  }
  assert.deepEqual(await sessionRow(sessionId), { generation: 2, isEnded: false });
  isOk(await refresh(first.refreshToken));
});

test('two behind, even inside grace, is theft: that session ends, at once', async () => {
  const ann = await newcomer();
  const other = await session(ann);
  const bob = await newcomer();
  const { body: second } = await refresh(ann.refreshToken);
  const { body: third } = await refresh(second.refreshToken);
  isProblem(await refresh(ann.refreshToken), 'refresh_token_reused');
  for (const pair of [ann, second, third]) {
    isProblem(await me(pair.accessToken), 'invalid_token');
    isProblem(await weather(pair.accessToken), 'invalid_token');
    isProblem(await refresh(pair.refreshToken), 'session_ended');
  }
  for (const pair of [other, bob]) {
    isOk(await me(pair.accessToken));
    isOk(await refresh(pair.refreshToken));
  }
});

test('H-053 the end of a stolen session is kept although the answer was an error', async () => {
  const { refreshToken, sessionId } = await newcomer();
  const { body: second } = await refresh(refreshToken);
  isOk(await refresh(second.refreshToken));
  isProblem(await refresh(refreshToken), 'refresh_token_reused');
  assert.deepEqual(await sessionRow(sessionId), { generation: 3, isEnded: true });
  const noted = service.log().find(({ message }) => message?.includes(sessionId));
  assert.match(noted.message, /reused/);
  assert.equal(noted.level, 'warn');
});

test('H-059 the oldest token of one second is still known as the oldest', async () => {
  const { refreshToken } = await newcomer();
  const { body: second } = await refresh(refreshToken);
  const { body: third } = await refresh(second.refreshToken);
  isProblem(await refresh(refreshToken), 'refresh_token_reused');
  isProblem(await refresh(third.refreshToken), 'session_ended');
});

test('a refresh racing a logout: whoever wins, the session is over', async () => {
  for (let round = 0; round < 10; round++) {
    const ann = await newcomer();
    const [refreshed, out] = await Promise.all([refresh(ann.refreshToken), logout(ann.accessToken)]);
    isOk(out, 204);
    if (refreshed.status === 200) {
      isProblem(await me(refreshed.body.accessToken), 'invalid_token');
      isProblem(await refresh(refreshed.body.refreshToken), 'session_ended');
    } else {
      isProblem(refreshed, 'session_ended');
    }
    isProblem(await refresh(ann.refreshToken), 'session_ended');
  }
});

test('ten logouts at once are all done', async () => {
  const ann = await newcomer();
  for (const answer of await atOnce(10, () => logout(ann.accessToken))) isOk(answer, 204);
  isProblem(await me(ann.accessToken), 'invalid_token');
});

test('N15 J-203 who is disabled refreshes no more, current or one behind', async () => {
  const ann = await newcomer();
  const { body: second } = await refresh(ann.refreshToken);
  await service.sql(`UPDATE user SET status = 0 WHERE id = ${sqlId(ann.user.id)}`);
  isProblem(await refresh(second.refreshToken), 'session_ended');
  isProblem(await refresh(ann.refreshToken), 'session_ended');
});

test('a login that ends after the account was disabled opens no session', async () => {
  const { email, password, user } = await registered();
  const where = `WHERE id = ${sqlId(user.id)}`;
  const logins = atOnce(20, () => login({ email, password }));
  await service.sql(`UPDATE user SET status = 0, token_version = token_version + 1 ${where}`);
  for (const answer of await logins) {
    if (answer.status !== 200) isProblem(answer, 'invalid_credentials');
    // What was opened before the change is of no use behind it.
    else isProblem(await refresh(answer.body.refreshToken), 'session_ended');
  }
  isProblem(await login({ email, password }), 'invalid_credentials');
});
