// LATCHKEY_SESSION_MAX_PER_USER=3: a fourth session ends the one idle longest.
import assert from 'node:assert/strict';
import test from 'node:test';
import { openConnection } from '../lib/connection.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const cap = 3;
const service = await useService({ env: { LATCHKEY_SESSION_MAX_PER_USER: String(cap) } });
const { get, post, login, refresh, me, weather, newcomer, registered, session } = api(service);

const ids = async (token) => {
  const { body } = await get('/api/auth/sessions', { token });
  return body.sessions.map(({ id }) => id).sort();
};

async function isOver({ accessToken, refreshToken }) {
  isProblem(await me(accessToken), 'invalid_token');
  isProblem(await weather(accessToken), 'invalid_token');
  isProblem(await refresh(refreshToken), 'session_ended');
}

test('H-071 the session idle longest makes room, with its tokens', async () => {
  const first = await newcomer();
  const second = await session(first);
  const third = await session(first);
  for (const pair of [first, second, third]) isOk(await weather(pair.accessToken));
  // The oldest is now the one used last.
  const { body: fresh } = await refresh(first.refreshToken);
  const fourth = await session(first);
  await isOver(second);
  assert.deepEqual(await ids(fourth.accessToken),
    [first, third, fourth].map(({ sessionId }) => sessionId).sort());
  for (const pair of [fresh, third, fourth]) isOk(await refresh(pair.refreshToken));
});

test('sessions that are over take nobody\'s place', async () => {
  const first = await newcomer();
  const second = await session(first);
  const third = await session(first);
  await service.sql(`UPDATE session SET idle_expires_ms = 1 WHERE id = ${sqlId(second.sessionId)}`);
  isOk(await post('/api/auth/logout', { refreshToken: third.refreshToken }), 204);
  const others = [await session(first), await session(first)];
  for (const { accessToken } of [first, ...others]) isOk(await weather(accessToken));
});

test('after the cap was lowered each login ends four that were idle longest', async () => {
  const first = await newcomer();
  // Six more, each idle a second longer than the one before.
  const columns = `user_id, secret_hash, generation, mac_key, created_ms, idle_expires_ms,
    expires_ms, created_ip, last_ip, user_agent`;
  await service.sql(`INSERT INTO session (id, rotated_ms, ${columns})
    SELECT UNHEX(MD5(CONCAT(n.seq, HEX(id)))), rotated_ms - n.seq * 1000, ${columns}
    FROM session JOIN seq_1_to_6 n WHERE id = ${sqlId(first.sessionId)}`);
  const live = async (pair) => (await ids(pair.accessToken)).length;
  assert.equal(await live(first), 7);
  assert.equal(await live(await session(first)), 4);
  const last = await session(first);
  assert.equal(await live(last), cap);
  assert.ok((await ids(last.accessToken)).includes(first.sessionId), 'the others were idle longer');
});

test('one user\'s logins end nobody else\'s sessions', async () => {
  const ann = await newcomer();
  const bob = await newcomer();
  for (let i = 0; i <= cap; i++) await session(bob);
  isOk(await weather(ann.accessToken));
});

test('of thirty logins at once three sessions remain, and never more were there', async () => {
  const { email, password, user } = await registered();
  const watcher = openConnection(service);
  const live = async () => Number((await watcher.run(`SELECT COUNT(*) FROM session
    WHERE ended_ms IS NULL AND user_id = ${sqlId(user.id)}`))[0][0]);
  let isBusy = true;
  const logins = Promise.all(Array.from({ length: 30 }, () => login({ email, password })))
    .finally(() => { isBusy = false; });
  const seen = new Set();
  while (isBusy) seen.add(await live());
  const pairs = (await logins).map((answer) => {
    isOk(answer);
    return answer.body;
  });
  assert.ok(Math.max(...seen) <= cap, [...seen].join(' '));
  assert.ok(seen.size > 1, 'the watcher saw them come');
  assert.equal(await live(), cap);
  await watcher.close();
  const answers = await Promise.all(pairs.map(({ accessToken }) => weather(accessToken)));
  assert.equal(answers.filter(({ status }) => status === 200).length, cap);
  for (const answer of answers) if (answer.status !== 200) isProblem(answer, 'invalid_token');
});
