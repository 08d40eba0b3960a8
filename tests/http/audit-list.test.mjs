// The audit trail as administrators read it, and how lists find their rows.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newPassword } from '../lib/people.mjs';
import { build, sqlId, useService } from '../lib/service.mjs';

const service = await useService();
const { get, login, newcomer, registered, administrator } = api(service);
const { accessToken: admin } = await administrator();

const members = ['id', 'at', 'event', 'actorId', 'userId', 'sessionId', 'ip', 'userAgent', 'requestId',
  'detail'];
const someone = '01a20000-0000-7000-8000-00000000000a';
const another = '01a20000-0000-7000-8000-00000000000b';

const ask = (query = '') => get(`/api/audit${query}`, { token: admin });
async function list(query) {
  const answer = await ask(query);
  isOk(answer);
  assert.deepEqual(Object.keys(answer.body), ['events', 'nextCursor']);
  return answer.body;
}
async function walk(query) {
  const pages = [];
  for (let cursor = ''; cursor !== null;) {
    const { events, nextCursor } = await list(`?${query}${cursor && `&cursor=${cursor}`}`);
    pages.push(events.map(({ detail }) => detail));
    cursor = nextCursor;
  }
  return pages;
}
const add = (rows) => service.sql('INSERT INTO audit (at_ms, event, user_id, ip, user_agent, request_id, detail)' +
  ` VALUES ${rows.map(({ at, event, user, detail }) =>
    `(${Date.parse(at)}, '${event}', ${sqlId(user)}, '', '', '', '${detail}')`).join()}`);

test('an event says all there is to say', async () => {
  const ann = await registered();
  const { body, headers } = await login({ email: ann.email, password: ann.password },
    { headers: { 'user-agent': 'audit <b>"\\' } });
  const { events: [newest] } = await list('?limit=1');
  assert.deepEqual(Object.keys(newest), members);
  assert.deepEqual({ ...newest, id: 0, at: 0 }, { id: 0, at: 0, event: 'login_ok', actorId: ann.user.id,
    userId: ann.user.id, sessionId: body.sessionId, ip: '127.0.0.1', userAgent: 'audit <b>"\\',
    requestId: headers['x-request-id'], detail: null });
  assert.ok(Math.abs(Date.parse(newest.at) - Date.now()) < 5000);
});

test('newest first, in pages, by event, by user, by time, and all of them at once', async () => {
  const row = (n, event, user) =>
    ({ at: `2001-02-03T04:05:0${n}.500Z`, event, user, detail: `r${n}` });
  await add([row(0, 'logout', someone), row(1, 'login_ok', someone), row(2, 'logout', another),
    row(3, 'login_ok', another), row(4, 'logout', someone), row(5, 'logout', someone)]);
  assert.deepEqual(await walk(`user=${someone}`), [['r5', 'r4', 'r1', 'r0']]);
  assert.deepEqual(await walk(`user=${someone}&limit=2`), [['r5', 'r4'], ['r1', 'r0']]);
  assert.deepEqual(await walk(`user=${someone}&limit=1`), [['r5'], ['r4'], ['r1'], ['r0']]);
  assert.deepEqual(await walk(`user=${someone}&event=logout&limit=2`), [['r5', 'r4'], ['r0']]);
  assert.deepEqual(await walk(`user=${another}&event=login_ok`), [['r3']]);
  assert.deepEqual(await walk(`user=${another}&event=key_retired`), [[]]);
  const since = (time) => walk(`user=${someone}&since=${encodeURIComponent(time)}`);
  assert.deepEqual(await since('2001-02-03T04:05:04.500Z'), [['r5', 'r4']]);
  assert.deepEqual(await since('2001-02-03T04:05:04.501Z'), [['r5']]);
  assert.deepEqual(await since('2001-02-03T05:05:04.5+01:00'), [['r5', 'r4']]);
  assert.deepEqual(await since('2001-02-03T04:05:06Z'), [[]]);
  assert.deepEqual(await since('0000-01-01T00:00:00Z'), [['r5', 'r4', 'r1', 'r0']]);
  assert.equal((await walk('event=logout&limit=3')).flat().filter((detail) => detail?.startsWith('r')).length, 4);
});

test('rows that commit late, within two minutes, do not hide behind a time', async () => {
  // Their ids are lower than that of an older row.
  await add([{ at: '2002-01-01T00:01:30Z', event: 'logout', user: another, detail: 'late' },
    { at: '2002-01-01T00:00:00Z', event: 'logout', user: another, detail: 'old' },
    { at: '2002-01-01T00:02:00Z', event: 'logout', user: another, detail: 'new' }]);
  assert.deepEqual(await walk(`user=${another}&since=2002-01-01T00:01:00Z`), [['new', 'late']]);
});

test('new events move nobody\'s place', async () => {
  const first = await list(`?user=${someone}&limit=2`);
  await add([{ at: '2003-01-01T00:00:00Z', event: 'logout', user: someone, detail: 'newer' }]);
  const second = await list(`?user=${someone}&limit=2&cursor=${first.nextCursor}`);
  assert.deepEqual(second.events.map(({ detail }) => detail), ['r1', 'r0']);
});

test('what is no event, user, time or cursor is refused by name', async () => {
  const ann = await newcomer();
  const { body: { nextCursor: ofTasks } } = await get('/api/tasks', { token: ann.accessToken });
  assert.equal(ofTasks, null);
  const cases = {
    'event=nothing': 'event event_unknown', 'event=': 'event too_short', 'event=LOGOUT': 'event event_unknown',
    'event=%25': 'event event_unknown', [`event=${'x'.repeat(33)}`]: 'event too_long',
    'user=1': 'user user_invalid', 'user=': 'user too_short', [`user=${someone.toUpperCase()}`]: 'user user_invalid',
    [`user=${ann.email}`]: ann.email.length > 36 ? 'user too_long' : 'user user_invalid',
    'since=2001-02-03': 'since since_invalid', 'since=0': 'since since_invalid',
    'limit=0': 'limit out_of_range', 'limit=201': 'limit out_of_range', 'limit=1e1': 'limit wrong_type',
    'limit=': 'limit wrong_type', 'cursor=x': 'cursor cursor_invalid', 'cursor=': 'cursor too_short',
  };
  for (const [query, expected] of Object.entries(cases)) {
    isProblem(await ask(`?${query}`), 'validation_failed', expected);
  }
  // Of this kind, but no id.
  const kind = Buffer.from((await list('?limit=1')).nextCursor, 'base64url')[0];
  for (const key of ['x', '-1x', '01', ' 1', '1 ', '9223372036854775808', '99999999999999999999']) {
    const cursor = Buffer.from([kind, ...Buffer.from(key)]).toString('base64url');
    isProblem(await ask(`?cursor=${cursor}`), 'validation_failed', 'cursor cursor_invalid');
  }
  isProblem(await ask('?limit=1&limit=1'), 'invalid_request');
  isProblem(await ask('?event=logout&event='), 'invalid_request');
});

test('two hundred rows of the longest fit, in as many pages as it takes', async () => {
  const long = '\\\\'.repeat(255);
  await service.sql('INSERT INTO audit (at_ms, event, user_id, ip, user_agent, request_id, detail)' +
    ` SELECT seq, 'logout', UNHEX(REPEAT('c', 32)), '${'f'.repeat(45)}', '${long}', UUID(), '${long}'` +
    ' FROM seq_1_to_200');
  const pages = await walk('user=cccccccc-cccc-cccc-cccc-cccccccccccc&limit=200');
  assert.equal(pages.flat().length, 200);
});

// The statements that a program would send, as it holds them.
function statementOf(program, start, inside) {
  const text = readFileSync(join(build, 'cgi-bin', `${program}.fcgi`), 'latin1');
  const found = text.split('\0').filter((part) => part.startsWith(start) && part.includes(inside));
  assert.equal(found.length, 1, `${program}: ${found.length} statements begin with ${start}`);
  return found[0];
}

// Rows of EXPLAIN as { table: [type, key] }, with values in place.
async function plan(statement, values) {
  const names = values.map((_, i) => `@v${i}`);
  const rows = await service.sql(`SET ${names.map((name, i) => `${name} = ${values[i]}`)};
    PREPARE plan FROM 'EXPLAIN ${statement.replaceAll("'", "''")}'; EXECUTE plan USING ${names}`);
  return Object.fromEntries(rows.map(([, , table, type, , key]) => [table, `${type} ${key}`]));
}

test('every page of tasks and of the trail is found by index, however many rows', async () => {
  await service.sql('INSERT INTO audit (at_ms, event, user_id, ip, user_agent, request_id)' +
    " SELECT seq * 1000, ELT(1 + seq % 3, 'logout', 'login_ok', 'login_failed')," +
    " UNHEX(MD5(seq % 50)), '', '', '' FROM seq_1_to_20000");
  // Of owners who need not exist for this.
  await service.sql('SET foreign_key_checks = 0;' +
    ' INSERT INTO task (id, user_id, title, is_done, created_ms, updated_ms)' +
    " SELECT UNHEX(REPLACE(UUID(), '-', '')), UNHEX(MD5(seq % 50)), 'many', seq % 9 = 0, 1, 1" +
    ' FROM seq_1_to_20000');
  await service.sql('ANALYZE TABLE audit, task');
  const user = 'UNHEX(MD5(7))';
  for (const [key, event, who] of [['PRIMARY', 'NULL', 'NULL'], ['event', "'key_retired'", 'NULL'],
    ['event', "'logout'", 'NULL'], ['user_id, user_event', 'NULL', user], ['user_id, user_event', "'logout'", user]]) {
    const trail = statementOf('audit', 'SELECT id, at_ms, event, actor_id', `FORCE INDEX (${key}`);
    for (const before of ['9223372036854775807', 5000]) {
      for (const since of [0, 19_990_000]) {
        const { audit, a } = await plan(trail, [before, event, event, who, who, since, since, 51]);
        assert.match(audit, new RegExp(`^(range|ref) (${key.replace(', ', '|')})$`), `${before} ${event} ${who} ${since}`);
        assert.equal(a, 'range at_ms');
      }
    }
  }
  const tasks = statementOf('tasks', 'SELECT id, title', 'DESC LIMIT ?');
  // Either way among the owner's own alone.
  const page = async (done, before) => (await plan(tasks, [user, done, done, before, before, 51])).task;
  assert.match(await page('NULL', 'NULL'), /^(ref|range) user_(id|done)$/);
  assert.match(await page('NULL', "REPEAT('z', 16)"), /^(ref|range) user_(id|done)$/);
  assert.match(await page(1, "REPEAT('z', 16)"), /^(ref|range) user_(id|done)$/);
  assert.match(await page(0, 'NULL'), /^(ref|range) user_(id|done)$/);
});

test('a demoted administrator reads no more, and a user never did', async () => {
  const ann = await newcomer();
  isProblem(await get('/api/audit', { token: ann.accessToken }), 'forbidden');
  isProblem(await get('/api/audit'), 'authentication_required');
  isProblem(await login({ email: ann.email, password: newPassword() }), 'invalid_credentials');
});
