// How the server would answer each of our statements where there are many
// rows: none reads a whole table, and none sorts them, but for those named here.
import assert from 'node:assert/strict';
import test from 'node:test';
import { join } from 'node:path';
import { fill } from '../../bench/lib/fill.mjs';
import { run } from '../../bench/lib/measure.mjs';
import { build, useService } from '../lib/service.mjs';

const people = 3000;
// A plan that looks at no more rows than a page holds is good, however it goes.
const fewRows = 250;

// Statements that may all the same, and why.
const exceptions = {
  visitors_recent: 'it goes back from the newest row and stops at the 200th',
};

const service = await useService();
await fill(service, { to: people });
await service.sql('ANALYZE TABLE user, user_role, user_search, user_term, session, audit,' +
  ' revocation, task, role, client');

const id = "UNHEX('0170000000007000800000000000000a')";
const samples = [
  [/(LIMIT|OFFSET) \?$/, '50'],
  // The time of the newest row known, and how far a reading goes back.
  [/created_ms >= LEAST\(\?$/, '9000000000000'],
  [/SIGNED\)\) - \?$/, '120000'],
  [/(_ms|generation|version|status|mac_key|number|count|\bid\b u\.number|age) (=|<|>|<=|>=) \?$/, '1'],
  [/(role_name|\bname) = \?$/, "'USER'"],
  [/email_key = \?$/, "'anna.adler-20@example.org'"],
  [/username_key = \?$/, "'anna'"],
  [/term (=|>=) \?$/, "'anna'"],
  [/term < \?$/, "'annb'"],
  [/LOCATE\(\?$/, "'anna'"],
  [/event = \?$/, "'login'"],
];
// A value of the kind that stands there, so that the optimizer sees what it
// would see.
function filled(sql) {
  const parts = sql.split('?');
  return parts.slice(1).reduce((text, part) => {
    const before = `${text}?`;
    const sample = samples.find(([pattern]) => pattern.test(before))?.[1] ?? id;
    return text + sample + part;
  }, parts[0]);
}

const list = (await run(join(build, 'bin/statements'), [])).trimEnd().split('\n')
  .map((line) => line.split('\t'));

// What is wrong with a row of EXPLAIN.
function objections([, , table, type, , key, , , rows, extra]) {
  const found = [];
  if (Number(rows) > fewRows && type === 'ALL') found.push(`reads all of ${table}`);
  if (Number(rows) > fewRows && type === 'index') found.push(`reads all of ${table}'s ${key}`);
  if (Number(rows) > fewRows && /filesort|temporary/.test(extra)) found.push(`${table}: ${extra}`);
  return found;
}

test('there are as many statements as the model declares', () => {
  assert.ok(list.length > 50, `${list.length} statements`);
});

test('a plan that reads or sorts many rows is objected to', async () => {
  for (const sql of ["SELECT id FROM session WHERE last_ip = 'x'", 'SELECT COUNT(*) FROM user',
    'SELECT id FROM user WHERE status = 1 ORDER BY last_name LIMIT 50']) {
    assert.notDeepEqual((await service.sql(`EXPLAIN ${sql}`)).flatMap(objections), [], sql);
  }
});

for (const [name, text] of list) {
  const sql = text.replace(/^SET STATEMENT \S+ = \S+ FOR /, '');
  if (!/^(SELECT|UPDATE|DELETE|INSERT|WITH)\b/.test(sql)) continue;
  test(`the plan of ${name}`, { skip: exceptions[name] }, async () => {
    const rows = await service.sql(`EXPLAIN ${filled(sql).replace(/ RETURNING .*$/, '')}`);
    const found = rows.flatMap(objections);
    assert.deepEqual(found, [], filled(sql));
  });
}

// Last: it adds many rows of one user.
test('what lives of a user is found without what has ended', async () => {
  const [[user]] = await service.sql("SELECT HEX(id) FROM user WHERE email LIKE '%-20@%'");
  await service.sql(`INSERT INTO session (id, user_id, secret_hash, generation, mac_key, created_ms,
      rotated_ms, idle_expires_ms, expires_ms, created_ip, last_ip, user_agent, ended_ms)
    SELECT UNHEX(MD5(n.seq)), UNHEX('${user}'), REPEAT('x', 32), 1, 0, 1, 1, 1, 1, '', '', '', n.seq
    FROM seq_1_to_${people} n; ANALYZE TABLE session`);
  for (const wanted of ['session_idlest', 'session_list', 'session_end_all']) {
    const [, text] = list.find(([name]) => name === wanted);
    const rows = await service.sql(`EXPLAIN ${filled(text).replaceAll(id, `UNHEX('${user}')`)}`);
    for (const [, , , , , key, , , count] of rows) {
      assert.ok(Number(count) <= fewRows, `${wanted} reads ${count} rows by ${key}`);
    }
  }
});
