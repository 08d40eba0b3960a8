// Every transition of rotation: its answer, its row and its audit event.
import assert from 'node:assert/strict';
import test from 'node:test';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newPassword } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';
import { until } from '../lib/wait.mjs';

const graceS = 30;
const service = await useService({ env: {
  LATCHKEY_REFRESH_GRACE_S: String(graceS), LATCHKEY_SESSION_MAX_PER_USER: '3',
} });
const { call, post, refresh, newcomer, session, me, weather, logout } = api(service);

// enum session_end
const reasons = { logout: '1', reuse: '2', password: '3', disabled: '4', cap: '5', closed: '6' };

const where = ({ sessionId }) => `WHERE id = ${sqlId(sessionId)}`;

async function row(pair) {
  const [[generation, concurrent, reason]] = await service.sql(
    `SELECT generation, concurrent_count, COALESCE(end_reason, 0) FROM session ${where(pair)}`);
  return { generation: Number(generation), concurrent: Number(concurrent), reason };
}

// What is on record of a session since it was opened.
async function events({ sessionId }) {
  const rows = await service.sql('SELECT event FROM audit' +
    ` WHERE session_id = ${sqlId(sessionId)} AND event <> 'login_ok' ORDER BY id`);
  return rows.map(([event]) => event);
}

// The last rotation lies so many seconds further back.
const age = (pair, seconds) => service.sql(
  `UPDATE session SET rotated_ms = rotated_ms - ${seconds * 1000} ${where(pair)}`);

async function rotated(pair) {
  const answer = await refresh(pair.refreshToken);
  isOk(answer);
  return answer.body;
}

async function isDead(...pairs) {
  for (const { accessToken } of pairs) {
    isProblem(await weather(accessToken), 'invalid_token');
    isProblem(await me(accessToken), 'invalid_token');
  }
}

// Theft was noticed: by this answer that session is over, and nothing else.
async function isTheft(answer, ann, pairs, others) {
  isProblem(answer, 'refresh_token_reused');
  await isDead(...pairs);
  const { generation } = await row(ann);
  for (const { refreshToken } of pairs) isProblem(await refresh(refreshToken), 'session_ended');
  for (const other of others) {
    isOk(await weather(other.accessToken));
    await rotated(other);
  }
  assert.deepEqual(await row(ann), { ...await row(ann), generation, reason: reasons.reuse });
  assert.deepEqual((await events(ann)).filter((event) => event === 'refresh_reused'), ['refresh_reused']);
  const [noted] = await service.sql('SELECT LOWER(HEX(user_id)), LOWER(HEX(session_id)), ip,' +
    ` request_id FROM audit WHERE event = 'refresh_reused' AND session_id = ${sqlId(ann.sessionId)}`);
  const plain = (id) => id.replaceAll('-', '');
  assert.deepEqual(noted, [plain(ann.user.id), plain(ann.sessionId), '127.0.0.1',
    answer.headers['x-request-id']]);
}

// A session that was refreshed once, another of its user, and a stranger's.
async function scene() {
  const first = await newcomer();
  const others = [await session(first), await newcomer()];
  const second = await rotated(first);
  return { first, second, others };
}

test('current: the generation moves by one, and nothing is on record', async () => {
  const { first, second } = await scene();
  assert.notEqual(second.refreshToken, first.refreshToken);
  assert.deepEqual(await row(first), { generation: 2, concurrent: 0, reason: '0' });
  assert.deepEqual(await events(first), []);
});

test('one behind inside grace: the same successor, byte for byte, counted', async () => {
  const { first, second } = await scene();
  await age(first, graceS - 2);
  const [[before]] = await service.sql(`SELECT rotated_ms FROM session ${where(first)}`);
  for (let i = 1; i <= 2; i++) {
    const again = await rotated(first);
    assert.equal(again.refreshToken, second.refreshToken);
    assert.equal(again.sessionId, first.sessionId);
    isOk(await weather(again.accessToken));
    assert.deepEqual(await row(first), { generation: 2, concurrent: i, reason: '0' });
  }
  assert.deepEqual(await service.sql(`SELECT rotated_ms FROM session ${where(first)}`), [[before]]);
  assert.deepEqual(await events(first), []);
  await rotated(second);
});

test('a replay does not extend the window: the next one after it is theft', async () => {
  const { first, second, others } = await scene();
  await age(first, graceS - 2);
  await rotated(first);
  await age(first, 2);
  await isTheft(await refresh(first.refreshToken), first, [first, second], others);
  assert.equal((await row(first)).concurrent, 1);
});

test('one behind after grace is theft', async () => {
  const { first, second, others } = await scene();
  await age(first, graceS);
  await isTheft(await refresh(first.refreshToken), first, [first, second], others);
});

test('two behind inside grace is theft', async () => {
  const { first, second, others } = await scene();
  const third = await rotated(second);
  await isTheft(await refresh(first.refreshToken), first, [first, second, third], others);
});

test('older than two behind is theft', async () => {
  const { first, second, others } = await scene();
  const third = await rotated(second);
  const pairs = [first, second, third, await rotated(third)];
  await isTheft(await refresh(first.refreshToken), first, pairs, others);
});

test('the successor of a replay is still one: of both clients one goes on', async () => {
  const { first, second } = await scene();
  const again = await rotated(first);
  const third = await rotated(second);
  assert.equal((await rotated(again)).refreshToken, third.refreshToken);
  assert.deepEqual(await row(first), { generation: 3, concurrent: 2, reason: '0' });
});

for (const [column, name] of [['idle_expires_ms', 'idle'], ['expires_ms', 'old']]) {
  test(`${name} for too long: expired, whatever the generation, and never theft`, async () => {
    const { first, second } = await scene();
    const third = await rotated(second);
    const expire = `${column} = CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)`;
    await service.sql(`UPDATE session SET ${expire} ${where(first)}`);
    for (const { refreshToken } of [third, second, first]) {
      isProblem(await refresh(refreshToken), 'refresh_token_expired');
    }
    assert.deepEqual(await row(first), { generation: 3, concurrent: 0, reason: '0' });
    // Once, however often it is tried: nobody fills the table.
    assert.deepEqual(await events(first), ['refresh_expired']);
  });
}

// By whom and how a session ends: [reason, audit event, how].
const endings = {
  logout: ['logout', 'logout', ({ second }) => logout(second.accessToken)],
  'logout by refresh token': ['logout', 'logout',
    ({ second }) => post('/api/auth/logout', { refreshToken: second.refreshToken })],
  'logout by the token before': ['logout', 'logout',
    ({ first }) => post('/api/auth/logout', { refreshToken: first.refreshToken })],
  'logout of others': ['logout', undefined, ({ other }) => logout(other.accessToken, 'others')],
  'logout everywhere': ['logout', undefined, ({ other }) => logout(other.accessToken, 'global')],
  'a password change': ['password', undefined, ({ first, other }) => post('/api/auth/password',
    { currentPassword: first.password, newPassword: newPassword() }, { token: other.accessToken })],
  'user disable': ['disabled', undefined,
    ({ first }) => service.ctl(['user', 'disable', '--email', first.email])],
  'one session too many': ['cap', 'session_capped', async ({ first }) => {
    await age(first, 1);
    await session(first);
    await session(first);
  }],
  'DELETE /api/auth/sessions/{id}': ['closed', 'session_closed',
    ({ first, other }) => call('DELETE', `/api/auth/sessions/${first.sessionId}`,
      { token: other.accessToken })],
};

for (const [name, [reason, event, end]] of Object.entries(endings)) {
  test(`ended by ${name}: nothing refreshes, current or behind, and no theft is seen`, async () => {
    const { first, second, others: [other, stranger] } = await scene();
    const third = await rotated(second);
    await end({ first, second: third, other });
    await isDead(first, second, third);
    for (const { refreshToken } of [third, second, first]) {
      isProblem(await refresh(refreshToken), 'session_ended');
    }
    assert.deepEqual(await row(first), { generation: 3, concurrent: 0, reason: reasons[reason] });
    assert.deepEqual(await events(first),
      [...event ? [event] : [], 'refresh_ended']);
    isOk(await weather(stranger.accessToken));
    await rotated(stranger);
  });
}

test('ended by deletion of the account: there is nothing left to refresh', async () => {
  const { first, second } = await scene();
  const { status } = await service.ctl(['user', 'delete', '--email', first.email]);
  assert.equal(status, 0);
  await isDead(first, second);
  for (const { refreshToken } of [second, first]) isProblem(await refresh(refreshToken), 'session_ended');
  assert.deepEqual(await service.sql(`SELECT COUNT(*) FROM session ${where(first)}`), [['0']]);
  assert.deepEqual(await service.sql("SELECT COUNT(*) FROM audit WHERE event = 'user_deleted'" +
    ` AND user_id = ${sqlId(first.user.id)}`), [['1']]);
});

test('unknown, because its row was purged: ended, in the log alone', async () => {
  const { first, second } = await scene();
  await service.sql(`DELETE FROM session ${where(first)}`);
  const answer = await refresh(second.refreshToken);
  isProblem(answer, 'session_ended');
  assert.deepEqual(await events(first), []);
  const requestId = answer.headers['x-request-id'];
  assert.ok(service.log().some(({ message }) =>
    message?.startsWith(`refresh_unknown, request ${requestId}`)));
});

test('unknown: the statement that would move it on makes no row of it', async () => {
  const { first, second } = await scene();
  await service.sql(`DELETE FROM session ${where(first)}`);
  const [[before]] = await service.sql('SELECT COUNT(*) FROM session');
  await refresh(second.refreshToken);
  await refresh(first.refreshToken);
  assert.deepEqual(await service.sql('SELECT COUNT(*) FROM session'), [[before]]);
  assert.deepEqual(service.log().filter(({ level, where: module }) =>
    level === 'error' && module === 'db'), []);
});

test('a disabled user with a session that nobody ended gets nothing', async () => {
  const { second } = await scene();
  await service.sql(`UPDATE user SET status = 0 WHERE id = ${sqlId(second.user.id)}`);
  isProblem(await refresh(second.refreshToken), 'session_ended');
});

// A transaction that locks the user and then the session, while a refresh has
// locked the session and waits for the user: the server ends the one that has
// written less.
test('the loser of a deadlock with a change of the account is tried again', async () => {
  const { second } = await scene();
  const changing = service.sql(`DELIMITER //
BEGIN NOT ATOMIC
  START TRANSACTION;
  INSERT INTO task (id, user_id, title, created_ms, updated_ms)
    SELECT UNHEX(MD5(seq)), ${sqlId(second.user.id)}, 'weight', 0, 0 FROM seq_1_to_20;
  SELECT id INTO @id FROM user WHERE id = ${sqlId(second.user.id)} FOR UPDATE;
  DO GET_LOCK('user is locked', 0);
  WHILE (SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS
    WHERE VARIABLE_NAME = 'INNODB_ROW_LOCK_CURRENT_WAITS') = 0 DO DO SLEEP(0.01); END WHILE;
  UPDATE session SET user_agent = 'changed' ${where(second)};
  COMMIT;
END//
`);
  await until('the user is locked', async () =>
    (await service.sql("SELECT IS_FREE_LOCK('user is locked')"))[0][0] === '0');
  const answer = await refresh(second.refreshToken);
  await changing;
  isOk(answer);
  const [[agent]] = await service.sql(`SELECT user_agent FROM session ${where(second)}`);
  assert.equal(agent, 'changed');
  isOk(await refresh(answer.body.refreshToken));
});

test('forged: invalid, in the log alone, and nobody is harmed', async () => {
  const { second } = await scene();
  const last = second.refreshToken.at(-1);
  const answer = await refresh(second.refreshToken.slice(0, -1) + (last === 'A' ? 'Q' : 'A'));
  isProblem(answer, 'refresh_token_invalid');
  const requestId = answer.headers['x-request-id'];
  assert.ok(service.log().some(({ message }) =>
    message?.startsWith(`refresh_forged, request ${requestId}`)));
  await rotated(second);
  assert.deepEqual(await events(second), []);
});

test('a generation that is yet to come, as after a database was put back: invalid', async () => {
  const { first, second } = await scene();
  await service.sql(`UPDATE session SET generation = 1 ${where(first)}`);
  isProblem(await refresh(second.refreshToken), 'refresh_token_invalid');
  isOk(await refresh(first.refreshToken));
});
