// The audit trail: who, what, which session, from where, by which request.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { cookieApi, ownPage } from '../lib/cookies.mjs';
import { keyList } from '../lib/jwt.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { newEmail, newPassword } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const service = await useService({ env: { LATCHKEY_SESSION_MAX_PER_USER: '3' } });
const { by, jarFor, call, post, register, login, logout, refresh, newcomer, registered, session,
  administrator } = cookieApi(service);

const agent = 'audit-test/1.0 (a "quoted" \u00e9)';
// In the database the agent is UTF-8, and what is none is replaced.
const storedAgent = /^audit-test\/1\.0 \(a "quoted" .+\)$/;
const headers = { 'user-agent': agent };
const unknown = '\\N';
const seen = new Set();

const rowsOf = (where) => service.sql("SELECT event, COALESCE(HEX(actor_id), '\\\\N')," +
  " COALESCE(HEX(user_id), '\\\\N'), COALESCE(HEX(session_id), '\\\\N'), ip, user_agent, request_id," +
  ` at_ms FROM audit WHERE ${where} ORDER BY id`);
const hex = (id) => (id === null ? unknown : id.replaceAll('-', '').toUpperCase());

// One row was written by the request, and says all this.
async function isNoted(answer, event, { actor, user, session: id = null }) {
  const requestId = answer.headers['x-request-id'];
  const rows = (await rowsOf(`request_id = '${requestId}'`)).filter(([name]) => name === event);
  assert.equal(rows.length, 1, `${event}: ${rows.length} rows`);
  const [[, actorId, userId, sessionId, ip, userAgent, , atMs]] = rows;
  assert.deepEqual({ actorId, userId, sessionId, ip },
    { actorId: hex(actor), userId: hex(user), sessionId: hex(id), ip: '127.0.0.1' }, event);
  assert.match(userAgent, storedAgent);
  assert.ok(Math.abs(Number(atMs) - Date.now()) < 10_000);
  seen.add(event);
}

test('registration', async () => {
  const answer = await register({ email: newEmail(), password: newPassword() }, { headers });
  isOk(answer, 201);
  await isNoted(answer, 'registered', { actor: null, user: answer.body.id });
});

test('a login, and one that failed', async () => {
  const { email, password, user: { id } } = await registered();
  const answer = await login({ email, password }, { headers });
  await isNoted(answer, 'login_ok', { actor: id, user: id, session: answer.body.sessionId });
  await isNoted(await login({ email, password: newPassword() }, { headers }), 'login_failed',
    { actor: null, user: id });
  await isNoted(await login({ email: newEmail('nobody'), password }, { headers }), 'login_failed',
    { actor: null, user: null });
});

const detailOf = async (answer) => (await service.sql("SELECT COALESCE(detail, '\\\\N') FROM audit" +
  ` WHERE request_id = '${answer.headers['x-request-id']}'`))[0][0];

test('H-212 an unknown name leaves a hint that tells names apart and says none', async () => {
  const typed = 'correct-horse-battery';
  const fails = async (fields) => {
    const answer = await login({ password: newPassword(), ...fields });
    isProblem(answer, 'invalid_credentials');
    return detailOf(answer);
  };
  const hint = await fails({ username: typed });
  assert.match(hint, /^unknown name [0-9a-f]{8}$/);
  assert.equal(await fails({ username: typed }), hint);
  assert.equal(await fails({ username: typed.toUpperCase() }), hint);
  assert.notEqual(await fails({ username: `${typed}1` }), hint);
  // By a key that is not in the database.
  for (const text of [typed, `latchkey unknown name\n${typed}`]) {
    assert.ok(!hint.endsWith(createHash('sha256').update(text).digest('hex').slice(0, 8)));
  }
  assert.ok(!JSON.stringify(await service.sql('SELECT * FROM audit')).includes(typed));
  assert.ok(!service.logText().includes(typed));
});

test('a known name has no hint, and a disabled one says why it failed', async () => {
  const { email, password } = await registered();
  const wrong = { email, password: newPassword() };
  assert.equal(await detailOf(await login(wrong)), unknown);
  assert.equal((await service.ctl(['user', 'disable', '--email', email])).status, 0);
  assert.equal(await detailOf(await login({ email, password })), 'disabled');
  assert.equal(await detailOf(await login(wrong)), 'disabled');
});

test('logouts', async () => {
  const ann = await newcomer();
  const { id } = ann.user;
  await session(ann);
  const out = (token, scope) => post('/api/auth/logout', { scope }, { token, headers });
  await isNoted(await out(ann.accessToken, 'others'), 'logout_others',
    { actor: id, user: id, session: ann.sessionId });
  await isNoted(await out(ann.accessToken, 'local'), 'logout',
    { actor: id, user: id, session: ann.sessionId });
  const again = await session(ann);
  await isNoted(await out(again.accessToken, 'global'), 'logout_global', { actor: id, user: id });
});

test('a logout by refresh token still says whose session it was', async () => {
  const ann = await newcomer();
  const { id } = ann.user;
  const answer = await post('/api/auth/logout', { refreshToken: ann.refreshToken }, { headers });
  await isNoted(answer, 'logout', { actor: null, user: id, session: ann.sessionId });
});

test('a logout that ends nothing is no event', async () => {
  const ann = await newcomer();
  isOk(await logout(ann.accessToken), 204);
  const answer = await post('/api/auth/logout', undefined, { token: ann.accessToken, headers });
  isOk(answer, 204);
  assert.deepEqual(await rowsOf(`request_id = '${answer.headers['x-request-id']}'`), []);
});

test('sessions: one closed, one too many', async () => {
  const ann = await newcomer();
  const { id } = ann.user;
  const other = await session(ann);
  const closed = await call('DELETE', `/api/auth/sessions/${other.sessionId}`,
    { token: ann.accessToken, headers });
  await isNoted(closed, 'session_closed', { actor: id, user: id, session: other.sessionId });
  await session(ann);
  await session(ann);
  const answer = await login({ email: ann.email, password: ann.password }, { headers });
  await isNoted(answer, 'session_capped', { actor: id, user: id, session: ann.sessionId });
  await isNoted(answer, 'login_ok', { actor: id, user: id, session: answer.body.sessionId });
});

test('H-214 refresh tokens: expired, of an ended session, used again', async () => {
  const ann = await newcomer();
  const [old, ended] = [await session(ann), await session(ann)];
  const who = { actor: null, user: ann.user.id };
  const refused = (token) => post('/api/auth/refresh', { refreshToken: token }, { headers });
  await service.sql(`UPDATE session SET idle_expires_ms = 1 WHERE id = ${sqlId(old.sessionId)}`);
  await isNoted(await refused(old.refreshToken), 'refresh_expired', { ...who, session: old.sessionId });
  isOk(await logout(ended.accessToken), 204);
  await isNoted(await refused(ended.refreshToken), 'refresh_ended', { ...who, session: ended.sessionId });
  const { body: second } = await refresh(ann.refreshToken);
  isOk(await refresh(second.refreshToken));
  const thief = await refused(ann.refreshToken);
  isProblem(thief, 'refresh_token_reused');
  await isNoted(thief, 'refresh_reused', { ...who, session: ann.sessionId });
});

test('one\'s own changes are noted once a session, an administrator\'s each time', async () => {
  const ann = await newcomer();
  const { id } = ann.user;
  const rename = (token, firstName) => call('PATCH', '/api/users/me', { token, json: { firstName }, headers });
  const count = async () => (await rowsOf(`event = 'user_changed' AND user_id = ${sqlId(id)}`)).length;
  await isNoted(await rename(ann.accessToken, 'A'), 'user_changed', { actor: id, user: id, session: ann.sessionId });
  isOk(await rename(ann.accessToken, 'B'));
  isOk(await rename(ann.accessToken, 'C'));
  assert.equal(await count(), 1);
  isOk(await rename((await session(ann)).accessToken, 'D'));
  assert.equal(await count(), 2);
  const boss = await administrator();
  for (const firstName of ['E', 'F']) {
    const answer = await call('PATCH', `/api/users/${id}`, { token: boss.accessToken, json: { firstName }, headers });
    await isNoted(answer, 'user_changed', { actor: boss.user.id, user: id });
  }
  assert.equal(await count(), 4);
});

test('a password: changed, and guessed', async () => {
  const ann = await newcomer();
  const { id } = ann.user;
  const change = (currentPassword) => post('/api/auth/password',
    { currentPassword, newPassword: newPassword() }, { token: ann.accessToken, headers });
  await isNoted(await change(newPassword()), 'password_failed', { actor: id, user: id });
  await isNoted(await change(ann.password), 'password_changed', { actor: id, user: id });
});

test('cookie mode is noted as token mode is', async () => {
  const ann = await registered();
  const jar = await jarFor(ann);
  const { id } = ann.user;
  const answer = await by('POST', '/api/auth/logout', jar, { headers: { ...headers, ...ownPage } });
  await isNoted(answer, 'logout', { actor: id, user: id, session: jar.sessionId });
});

test('what an administrator does at the command line', async () => {
  const ann = await registered();
  const verbs = { disable: 'user_disabled', enable: 'user_enabled', delete: 'user_deleted' };
  for (const [verb, event] of Object.entries(verbs)) {
    const { status, stderr } = await service.ctl(['user', verb, '--email', ann.email]);
    assert.equal(status, 0, stderr);
    const [row] = await rowsOf(`event = '${event}' AND user_id = ${sqlId(ann.user.id)}`);
    assert.deepEqual(row.slice(0, 6), [event, unknown, hex(ann.user.id), unknown, '', 'latchkeyctl']);
    seen.add(event);
  }
});

test('keys that the command line changes', async () => {
  const ctl = async (...args) => {
    const { status, stdout, stderr } = await service.ctl(args);
    assert.equal(status, 0, stderr);
    assert.equal(stderr, '');
    return stdout;
  };
  const noted = async (event) => (await service.sql(`SELECT actor_id IS NULL, ip, user_agent, detail
    FROM audit WHERE event = '${event}' ORDER BY id DESC LIMIT 1`))[0];
  const old = keyList(service.state).find(({ kind }) => kind === 'token').kid;
  for (const [kind, flags] of [['token', []], ['refresh', ['--refresh']]]) {
    const [kid] = (await ctl('key', 'rotate', '--now', ...flags)).split(' ');
    assert.deepEqual(await noted('key_rotated'), ['1', '', 'latchkeyctl', `${kind} ${kid}`]);
  }
  await ctl('key', 'retire', '--', old);
  assert.deepEqual(await noted('key_retired'), ['1', '', 'latchkeyctl', `token ${old}`]);
  const before = (await rowsOf("event LIKE 'key%'")).length;
  assert.notEqual((await service.ctl(['key', 'retire', 'x'])).status, 0);
  assert.equal((await rowsOf("event LIKE 'key%'")).length, before);
});

test('settings that are others than at the last start, by name alone', async () => {
  const noted = async () => (await service.sql(
    "SELECT detail FROM audit WHERE event = 'settings_changed' ORDER BY id")).flat();
  const migrate = async (env = {}) => {
    const { status, stderr } = await service.ctl(['migrate'], { env: { ...service.environment, ...env } });
    assert.equal(status, 0, stderr);
  };
  assert.deepEqual(await noted(), ['none was noted before']);
  await migrate();
  assert.equal((await noted()).length, 1);
  const changed = { LATCHKEY_CORS_ORIGINS: 'https://canary.example', LATCHKEY_TOKEN_ACCESS_TTL_S: '899' };
  await migrate(changed);
  await migrate(changed);
  await migrate();
  const both = 'token.access_ttl_s, cors.origins';
  assert.deepEqual(await noted(), ['none was noted before', both, both]);
  assert.ok(!JSON.stringify(await service.sql('SELECT * FROM audit')).includes('canary'));
});

test('H-217 a deleted account leaves rows that tell nobody who it was', async () => {
  const [ann, bob] = [await newcomer(), await newcomer()];
  const id = sqlId(ann.user.id);
  await login({ email: ann.email, password: newPassword() }, { headers });
  await login({ email: bob.email, password: bob.password }, { headers });
  // What she did to another, as an administrator would have.
  await service.sql(`UPDATE audit SET actor_id = ${id} WHERE event = 'registered'` +
    ` AND user_id = ${sqlId(bob.user.id)}`);
  const about = () => service.sql(
    `SELECT event, ip, user_agent FROM audit WHERE ${id} IN (user_id, actor_id) ORDER BY id`);
  const bobsLogins = () => rowsOf(`event = 'login_ok' AND user_id = ${sqlId(bob.user.id)}`);
  const [before, bobsBefore] = [await about(), await bobsLogins()];
  assert.ok(before.every(([, ip, agent]) => ip === '127.0.0.1' || agent === 'latchkeyctl'));
  const { status, stderr } = await service.ctl(['user', 'delete', '--email', ann.email]);
  assert.equal(status, 0, stderr);
  assert.deepEqual(await about(), [...before.map(([event]) => [event, '', '']),
    ['user_deleted', '', 'latchkeyctl']]);
  assert.deepEqual(await bobsLogins(), bobsBefore);
  for (const table of ['audit', 'user', 'session']) {
    assert.ok(!JSON.stringify(await service.sql(`SELECT * FROM ${table}`)).includes(ann.email));
  }
});

test('a refused change is no event', async () => {
  const mallory = await newcomer();
  const before = await rowsOf('1');
  isProblem(await call('DELETE', '/api/auth/sessions/0', { token: mallory.accessToken }), 'not_found');
  isProblem(await logout('x.y.z'), 'invalid_token');
  isProblem(await refresh('x'), 'refresh_token_invalid');
  isProblem(await register({ email: mallory.email, password: newPassword() }), 'user_exists');
  const jar = await jarFor(mallory);
  isProblem(await by('POST', '/api/auth/logout', jar, { headers: { 'sec-fetch-site': 'cross-site' } }),
    'csrf_rejected');
  assert.equal((await rowsOf('1')).length, before.length + 1, 'the login alone');
});

test('every event of this page was seen, and is in the log under its request', () => {
  assert.deepEqual([...seen].sort(), ['login_failed', 'login_ok', 'logout', 'logout_global', 'logout_others',
    'password_changed', 'password_failed', 'refresh_ended', 'refresh_expired', 'refresh_reused', 'registered',
    'session_capped', 'session_closed', 'user_changed', 'user_deleted', 'user_disabled', 'user_enabled']);
  const logged = service.log().filter(({ where }) => where === 'audit').map(({ message }) => message);
  for (const event of seen) {
    // latchkeyctl has no part in the endpoints' log.
    if (event.startsWith('user_')) continue;
    assert.ok(logged.some((line) => line.startsWith(`${event}, request `)), event);
  }
});

test('a key is changed although the trail can not be told, which is said', async () => {
  await service.dbStop();
  const { status, stdout, stderr } = await service.ctl(['key', 'rotate', '--refresh', '--now']);
  await service.dbStart();
  assert.equal(status, 0);
  assert.match(stdout, / is published and signs from /);
  assert.match(stderr, /^latchkeyctl: it is done, but the audit trail does not say so: .*$/m);
});

test('H-212 no secret of all these tests is in the database', async () => {
  // Alone it finds few.
  while (service.secrets.size <= 20) await newcomer();
  const tables = ['audit', 'session', 'user', 'revocation'];
  const rows = await Promise.all(tables.map((table) => service.sql(`SELECT * FROM ${table}`)));
  const text = JSON.stringify(rows);
  for (const secret of service.secrets) assert.ok(!text.includes(secret), secret);
});
