// A password change against what happens at the same time: nobody who knows
// only the old password has a session afterwards.
import assert from 'node:assert/strict';
import test from 'node:test';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newPassword } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const rounds = 12;
const service = await useService();
const { get, post, login, refresh, weather, newcomer, session } = api(service);

const changeTo = ({ accessToken: token, password }, wished) =>
  post('/api/auth/password', { currentPassword: password, newPassword: wished }, { token });

async function isOut({ accessToken, refreshToken }) {
  isProblem(await weather(accessToken), 'invalid_token');
  isProblem(await refresh(refreshToken), 'session_ended');
}

// The pair of the change is all that lives.
async function isOnly(pair) {
  const { body } = await get('/api/auth/sessions', { token: pair.accessToken });
  assert.deepEqual(body.sessions.map(({ id }) => id), [pair.sessionId]);
  isOk(await refresh(pair.refreshToken));
}

test('H-067 a racing refresh is over, whoever was first', async () => {
  for (let i = 0; i < rounds; i++) {
    const ann = await newcomer();
    const other = await session(ann);
    const [changed, ...refreshed] = await Promise.all([changeTo(ann, newPassword()),
      refresh(ann.refreshToken), refresh(other.refreshToken)]);
    isOk(changed);
    for (const answer of refreshed) {
      if (answer.status === 200) await isOut(answer.body);
      else isProblem(answer, 'session_ended');
    }
    await isOut(other);
    await isOnly(changed.body);
  }
});

test('a refresh loop beside the change ends with it', async () => {
  const ann = await newcomer();
  const other = await session(ann);
  let isChanging = true;
  const changing = changeTo(ann, newPassword()).finally(() => { isChanging = false; });
  let pair = other;
  for (let answer; ; pair = answer.body) {
    const wasChanging = isChanging;
    answer = await refresh(pair.refreshToken);
    if (answer.status !== 200) {
      isProblem(answer, 'session_ended');
      break;
    }
    assert.ok(wasChanging, 'no refresh begun after the answer passes');
  }
  await isOut(pair);
  isOk(await changing);
});

test('a racing login with the old password leaves no session', async () => {
  let before = 0;
  for (let i = 0; i < rounds; i++) {
    const ann = await newcomer();
    const { email, password } = ann;
    const [changed, ...logins] = await Promise.all([changeTo(ann, newPassword()),
      ...Array.from({ length: 4 }, () => login({ email, password }))]);
    isOk(changed);
    for (const answer of logins) {
      if (answer.status === 200) {
        before++;
        await isOut(answer.body);
      } else {
        isProblem(answer, 'invalid_credentials');
      }
    }
    isProblem(await login({ email, password }), 'invalid_credentials');
    await isOnly(changed.body);
  }
  assert.ok(before > 0, 'some were quicker than the change');
});

test('of many changes at once one is made', async () => {
  const ann = await newcomer();
  const { body: others } = await login({ email: ann.email, password: ann.password });
  const wishes = Array.from({ length: 6 }, () => newPassword());
  const answers = await Promise.all(wishes.map((wish, i) =>
    changeTo({ ...(i % 2 ? others : ann), password: ann.password }, wish)));
  const [won, ...more] = answers.filter(({ status }) => status === 200);
  assert.deepEqual(more, []);
  for (const answer of answers) {
    if (answer.status !== 200) {
      assert.ok(['invalid_token', 'invalid_credentials'].includes(answer.body.code), answer.text);
    }
  }
  await isOnly(won.body);
  const right = wishes[answers.indexOf(won)];
  for (const password of wishes) {
    assert.equal((await login({ email: ann.email, password })).status, password === right ? 200 : 401);
  }
  assert.deepEqual(await service.sql(
    `SELECT token_version FROM user WHERE id = ${sqlId(ann.user.id)}`), [['2']]);
});
