// Tables as small as what lives in them.
import assert from 'node:assert/strict';
import test, { beforeEach } from 'node:test';
import { openConnection } from '../lib/connection.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';
import { until } from '../lib/wait.mjs';

const service = await useService({ env: { LATCHKEY_SESSION_MAX_PER_USER: '500' } });
const { login, logout, refresh, weather, newcomer, registered, session } = api(service);

const hourMs = 3_600_000;
const now = 'CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)';
const count = async (table, where = '1') =>
  Number((await service.sql(`SELECT COUNT(*) FROM ${table} WHERE ${where}`))[0][0]);
const change = ({ sessionId }, values) =>
  service.sql(`UPDATE session SET ${values} WHERE id = ${sqlId(sessionId)}`);
const isThere = async ({ sessionId }) => await count('session', `id = ${sqlId(sessionId)}`) === 1;

// Revocations that expired an age ago (negative: will expire).
const addRevocations = (rows, ageMs = 1000) => service.sql(
  'INSERT INTO revocation (subject_id, created_ms, expires_ms)' +
  ` SELECT UNHEX(REPLACE(UUID(), '-', '')), ${now} - ${hourMs}, ${now} - ${ageMs} FROM seq_1_to_${rows}`);

async function purge() {
  const { status, stdout, stderr } = await service.ctl(['purge']);
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
  const [, sessions, revocations, audit] =
    /^removed (\d+) sessions, (\d+) revocations and (\d+) audit rows\n$/.exec(stdout).map(Number);
  return { sessions, revocations, audit };
}

beforeEach(async () => {
  await service.sql('DELETE FROM revocation; DELETE FROM session');
});

test('what is over goes, what lives stays', async () => {
  const live = await newcomer();
  const [ended, old, idle] = [await session(live), await session(live), await session(live)];
  isOk(await logout(ended.accessToken), 204);
  await change(old, 'expires_ms = 1');
  await change(idle, 'idle_expires_ms = 1');
  await addRevocations(3);
  await addRevocations(2, -hourMs);
  assert.deepEqual(await purge(), { sessions: 3, revocations: 3, audit: 0 });
  assert.equal(await isThere(live), true);
  for (const gone of [ended, old, idle]) {
    assert.equal(await isThere(gone), false);
    isProblem(await refresh(gone.refreshToken), 'session_ended');
  }
  // The two of the future, and that of the logout, whose token stays dead.
  assert.equal(await count('revocation'), 3);
  isProblem(await weather(ended.accessToken), 'invalid_token');
  isOk(await weather(live.accessToken));
  isOk(await refresh(live.refreshToken));
  assert.deepEqual(await purge(), { sessions: 0, revocations: 0, audit: 0 });
});

test('thousands go in batches, and those that live in between stay', async () => {
  const ann = await newcomer();
  const columns = 'user_id, secret_hash, generation, mac_key, created_ms, rotated_ms, expires_ms,' +
    ' created_ip, last_ip, user_agent';
  await service.sql(`INSERT INTO session (id, idle_expires_ms, ${columns})` +
    ` SELECT UNHEX(REPLACE(UUID(), '-', '')), IF(seq % 5 = 0, ${now} + ${hourMs}, 1), ${columns}` +
    ` FROM session, seq_1_to_3500 WHERE id = ${sqlId(ann.sessionId)}`);
  await addRevocations(2500);
  assert.deepEqual(await purge(), { sessions: 2800, revocations: 2500, audit: 0 });
  assert.equal(await count('session'), 701);
  assert.equal(await count('revocation'), 0);
});

// Audit rows of some age, told apart by their event.
const addAudit = (rows, event, ageMs) => service.sql(
  'INSERT INTO audit (at_ms, event, ip, user_agent, request_id)' +
  ` SELECT ${now} - ${ageMs}, '${event}', '', '', '' FROM seq_1_to_${rows}`);

test('audit rows go when they are as old as audit.keep_s, and never where that is 0', async () => {
  const yearMs = 365 * 24 * hourMs;
  await addAudit(2100, 'old', yearMs);
  await addAudit(3, 'young', yearMs - 60_000);
  const keep = await service.ctl(['purge'],
    { env: { ...service.environment, LATCHKEY_AUDIT_KEEP_S: '0' } });
  assert.match(keep.stdout, / and 0 audit rows\n$/);
  assert.deepEqual(await purge(), { sessions: 0, revocations: 0, audit: 2100 });
  assert.equal(await count('audit', "event = 'old'"), 0);
  assert.equal(await count('audit', "event = 'young'"), 3);
});

test('never two at once', async () => {
  await addRevocations(1);
  const holder = openConnection(service);
  assert.deepEqual(await holder.run("SELECT GET_LOCK('latchkey_purge', 0)"), [['1']]);
  const { status, stdout, stderr } = await service.ctl(['purge']);
  assert.equal(status, 1);
  assert.equal(stdout, '');
  assert.equal(stderr, 'latchkeyctl: another purge is running; try again later\n');
  assert.equal(await count('revocation'), 1);
  await holder.run("SELECT RELEASE_LOCK('latchkey_purge')");
  await holder.close();
  assert.deepEqual(await purge(), { sessions: 0, revocations: 1, audit: 0 });
});

test('without the database it says so', async () => {
  await service.dbStop();
  const { status, stderr } = await service.ctl(['purge']);
  await service.dbStart();
  assert.equal(status, 5);
  // The line after the cause, as the log would have it.
  assert.match(stderr, /^latchkeyctl: the database does not answer; does it run\?\n$/m);
});

test('now and then a login tidies up, a small batch at a time', async () => {
  const { email, password } = await registered();
  const logIn = async () => {
    const answer = await login({ email, password });
    // Its processes find the database again after the test above.
    if (answer.status !== 503) isOk(answer);
    return answer.body;
  };
  await until('logins work again', async () => (await logIn()).sessionId);
  const [live, justEnded, longEnded] = [await logIn(), await logIn(), await logIn()];
  await change(justEnded, `ended_ms = ${now}`);
  await change(longEnded, `ended_ms = ${now} - ${2 * hourMs}`);
  await addRevocations(150);
  await addAudit(1, 'ancient', 366 * 24 * hourMs);
  // One login of 64: that none of 1,600 does is one chance of 10^10.
  let left = 150;
  for (let round = 0; round < 400 && left === 150; round++) {
    await Promise.all([logIn(), logIn(), logIn(), logIn()]);
    left = await count('revocation');
  }
  assert.ok(left === 50 || left === 0, `${left} are left`);
  await until('its session is removed too', async () => !await isThere(longEnded));
  await until('an audit row, too', async () => await count('audit', "event = 'ancient'") === 0);
  // Whose client may still want to know why.
  assert.equal(await isThere(justEnded), true);
  assert.equal(await isThere(live), true);
});
