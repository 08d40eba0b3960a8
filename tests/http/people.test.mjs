// Finding people: pages that stay right while rows come and go, and searches
// that take every text as it is.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { fieldErrors, isOk, isProblem } from '../lib/oracle.mjs';
import { api, newEmail, newUsername } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const service = await useService();
const { get, call, registered, administrator, users } = api(service);
const root = await administrator();
const admin = users(root.accessToken);

// Letters only, so that no digit beside them begins a word.
const newWord = () => randomBytes(6).toString('hex').replaceAll(/\d/g, (digit) => 'ghijklmnop'[digit]);
const ids = (people) => people.map(({ id }) => id);

async function page(query) {
  const answer = await admin.list(query);
  isOk(answer);
  assert.deepEqual(Object.keys(answer.body), ['users', 'nextCursor']);
  return answer.body;
}

// All pages of a list; between: called before each further page.
async function walk(query, between = async () => {}) {
  const found = [];
  for (let cursor; cursor !== null;) {
    if (cursor !== undefined) await between();
    const { users: people, nextCursor } = await page({ ...query, ...cursor !== undefined && { cursor } });
    assert.ok(people.length <= Number(query.limit ?? 50));
    found.push(...people);
    cursor = nextCursor;
  }
  return found;
}

// Who is found by a text, by id, in any order.
const found = async (search, more = {}) => ids(await walk({ search, ...more })).sort();

// --- Pages ----------------------------------------------------------------

test('the newest come first, whatever the size of the page', async () => {
  const people = [];
  for (let i = 0; i < 7; i++) people.unshift((await registered()).user);
  for (const limit of [1, 2, 3, 7, 200]) {
    const all = await walk({ limit });
    assert.deepEqual(all.slice(0, 7), people, `limit ${limit}`);
    assert.equal(all.at(-1).email, 'admin@example.org');
    assert.equal(new Set(ids(all)).size, all.length);
  }
  const { users: usual } = await page();
  assert.deepEqual(usual.slice(0, 7), people);
});

for (const query of [{}, { role: 'user' }, { status: 'active' }, { search: '@example.org' },
  { search: 'xample.org' }, { search: 'xample', role: 'USER', status: 'active' }]) {
  test(`${JSON.stringify(query)}: a list stays right while rows come and go`, async () => {
    const people = [];
    for (let i = 0; i < 4; i++) people.push((await registered()).user);
    const before = new Set(ids(await walk({ ...query, limit: 200 })));
    const gone = new Set();
    const shown = await walk({ ...query, limit: 3 }, async () => {
      const last = people.pop();
      if (last === undefined) return;
      await registered();
      gone.add(last.id);
      isOk(await admin.remove(last.id), 204);
    });
    assert.equal(new Set(ids(shown)).size, shown.length, 'nobody twice');
    const missed = [...before].filter((id) => !gone.has(id) && !ids(shown).includes(id));
    assert.deepEqual(missed, [], 'nobody who stayed is missing');
  });
}

test('a cursor is of its list, and nothing else is one', async () => {
  const word = newWord();
  const lists = [{}, { role: 'USER' }, { status: 'active' }, { search: word }, { search: word.slice(1) }];
  for (let i = 0; i < 3; i++) await registered({ username: `${word}${i}` });
  const cursors = [];
  for (const list of lists) cursors.push((await page({ ...list, limit: 1 })).nextCursor);
  for (const [i, list] of lists.entries()) {
    isOk(await admin.list({ ...list, cursor: cursors[i] }));
    for (const [j, cursor] of cursors.entries()) {
      if (i === j) continue;
      // Where a text has the other as its part, its words may go on there.
      const answer = await admin.list({ ...list, cursor });
      if (i < 3 || j < 3) isProblem(answer, 'validation_failed', 'cursor cursor_invalid');
    }
  }
  for (const cursor of ['x', 'AA', '====', `${cursors[0]}A`, cursors[0].slice(1), 'AQ', 'AQE',
    'AQQAAAAAAAAAAAAAAAAAAAAAAA', `AQ${'A'.repeat(400)}`, "' OR 1=1"]) {
    isProblem(await admin.list({ cursor }), 'validation_failed', 'cursor cursor_invalid');
  }
});

test('a limit is a number from 1 to 200, a status one of two words', async () => {
  for (const limit of ['0', '201', '-1', 'x', '', '1e1', '99999999999999999999']) {
    isProblem(await admin.list({ limit }), 'validation_failed');
  }
  for (const status of ['Active', '', 'deleted']) {
    const answer = await admin.list({ status });
    isProblem(answer, 'validation_failed');
    assert.match(fieldErrors(answer).join(), /^status /);
  }
});

// --- Searches -------------------------------------------------------------

test('somebody is found by every name, from the beginning of a word on or inside one', async () => {
  const [a, b, c, d] = [newWord(), newWord(), newWord(), newWord()];
  const { user } = await registered({ email: `${a}.x${b}@${c}.example`, username: `${d}_42`,
    firstName: `Anna-${a}`, lastName: `O'${b} ${c}` });
  await registered();
  const texts = [`${a}.`, `.x${b}`, `x${b}@`, `@${c}`, `@${c}.example`, `${c}.exam`, d, `_42`, `${d}_4`, a,
    `anna-${a} o'${b}`, `${a} o'`, `'${b}`, ` ${c}`, a.slice(1), b, `${b}@`, d.slice(2), `nna-${a}`,
    `${a}.x${b}@${c}.example`];
  for (const text of texts) {
    for (const search of [text, text.toUpperCase()]) {
      if (search === '_42') continue;
      assert.deepEqual(await found(search), [user.id], search);
    }
  }
  assert.ok((await found('_42')).includes(user.id));
});

test('H-082 what has a meaning elsewhere has none here', async () => {
  const word = newWord();
  const names = ['%', '_', '\\', '*', '?', "'", '"', '--', '%%', '\\%', '[a-z]', '.*', '+', '(', ')', '|', ';', '😀'];
  const people = {};
  for (const name of names) people[name] = (await registered({ firstName: `${word}${name}z` })).user.id;
  const plain = (await registered({ firstName: `${word}az` })).user.id;
  for (const name of names) {
    assert.deepEqual(await found(`${word}${name}z`), [people[name]], name);
    assert.deepEqual(await found(`${word.slice(1)}${name}`),
      name === '%' ? [people['%'], people['%%']].sort() : name === '\\' ? [people['\\'], people['\\%']].sort()
        : [people[name]], name);
  }
  for (const search of [`${word}%z%`, `${word}_`, `${word}%%%%`, `%${word}`, `${word}\\`]) {
    assert.ok(!(await found(search)).includes(plain), search);
  }
  assert.equal((await found(word)).length, names.length + 1);
});

test('letters beyond ASCII are compared as they are', async () => {
  const word = newWord();
  const { user } = await registered({ firstName: `Ä${word}` });
  assert.deepEqual(await found(`Ä${word.toUpperCase()}`), [user.id]);
  for (const search of [`ä${word}`, `A${word}`, `A\u0308${word}`]) assert.deepEqual(await found(search), []);
});

test('no search goes across from one field to another', async () => {
  const word = newWord();
  await registered({ email: `x@${word}.example`, username: `u${word}` });
  for (const between of ['', ' ', '\u00ff']) {
    assert.deepEqual(await found(`${word}.example${between}u${word}`), []);
  }
});

test('the words come in order, each user once, then who has it inside', async () => {
  const word = newWord();
  const people = [];
  for (const [i, username] of [`${word}b.${word}`, `${word}a`, `x${word}`, `y-${word}aa`, `z${word}`].entries()) {
    people.push((await registered({ username, email: newEmail(`p${i}`) })).user.id);
  }
  const [b, a, x, y, z] = people;
  for (const limit of [1, 2, 3, 4, 5, 50]) {
    assert.deepEqual(ids(await walk({ search: word, limit })), [b, a, y, z, x], `limit ${limit}`);
  }
});

test('filters go with a search and with each other', async () => {
  const word = newWord();
  const [ann, bob, cid] = await Promise.all(['ann', 'bob', 'cid'].map(async (name) =>
    (await registered({ username: `${word}-${name}` })).user.id));
  isOk(await admin.setRoles(bob, ['ADMIN', 'USER']));
  isOk(await admin.change(cid, { status: 'disabled' }));
  const cases = [
    [{}, [ann, bob, cid]], [{ role: 'USER' }, [ann, bob, cid]], [{ role: 'admin' }, [bob]], [{ role: 'NONE' }, []], [{ role: 'Ä' }, []], [{ role: '%' }, []],
    [{ status: 'active' }, [ann, bob]], [{ status: 'disabled' }, [cid]],
    [{ status: 'disabled', role: 'USER' }, [cid]], [{ status: 'disabled', role: 'ADMIN' }, []],
    [{ status: 'active', role: 'ADMIN' }, [bob]],
  ];
  for (const [filter, expected] of cases) {
    for (const search of [word, word.slice(1)]) {
      for (const limit of [1, 50]) {
        assert.deepEqual(await found(search, { ...filter, limit }), expected.toSorted(), JSON.stringify(filter));
      }
    }
    const listed = ids(await walk({ ...filter, limit: 3 })).filter((id) => [ann, bob, cid].includes(id));
    assert.deepEqual(listed.sort(), expected.toSorted(), JSON.stringify(filter));
  }
  isOk(await admin.setRoles(bob, ['USER']));
});

test('who changes his name is found by the new one alone, and who left by none', async () => {
  const [before, after] = [newWord(), newWord()];
  const { user } = await registered({ username: before, firstName: before });
  isOk(await admin.change(user.id, { username: after, firstName: null }));
  assert.deepEqual([await found(before), await found(before.slice(1))], [[], []]);
  assert.deepEqual([await found(after), await found(after.slice(1))], [[user.id], [user.id]]);
  isOk(await admin.change(user.id, { age: 40 }));
  assert.deepEqual(await found(after), [user.id]);
  isOk(await admin.remove(user.id), 204);
  assert.deepEqual([await found(after), await found(after.slice(1))], [[], []]);
});

test('long texts are found whole, and longer ones by nobody', async () => {
  const label = newWord().padEnd(60, 'x');
  const email = `${'l'.repeat(60)}@${label}.${'d'.repeat(60)}.${'e'.repeat(60)}.ex`;
  const { user } = await registered({ email, firstName: '王'.repeat(100), lastName: `王${'朝'.repeat(99)}` });
  assert.deepEqual(await found(email), [user.id]);
  assert.deepEqual(await found(`${'王'.repeat(100)} 王${'朝'.repeat(99)}`), [user.id]);
  assert.deepEqual(await found('朝'.repeat(99)), [user.id]);
  assert.deepEqual(await found('朝'.repeat(100)), []);
  isProblem(await admin.list({ search: 'x'.repeat(255) }), 'validation_failed', 'search too_long');
  assert.ok((await found('')).length > 10, 'an empty text is none');
});

test('who has more words than are kept is found by all of them', async () => {
  const word = newWord();
  const { user } = await registered({ firstName: `${'a-'.repeat(40)}${word}`, lastName: '1a'.repeat(40) });
  for (const search of [word, word.slice(1), `-${word}`]) assert.deepEqual(await found(search), [user.id]);
});

test('200 of the longest users fit pages that go on', async () => {
  const word = newWord();
  const long = (i) => ({ email: `${word}${String(i).padEnd(40, 'x')}@${'d'.repeat(60)}.${'e'.repeat(60)}.${'f'.repeat(60)}.ex`,
    firstName: '𠀀'.repeat(100), lastName: '𠀀'.repeat(100) });
  const [{ user }] = [await registered(long(0))];
  // The rows of one more person, 150 times.
  const copy = (table, columns, values) => `INSERT INTO ${table} (${columns}) SELECT ${values} FROM ${table} t,` +
    ` seq_1_to_150 s WHERE t.${table === 'user' ? 'id' : 'user_id'} = ${sqlId(user.id)}`;
  const id = "UNHEX(CONCAT('01a2ffffffff7000', LPAD(HEX(s.seq), 16, '0')))";
  await service.sql([
    copy('user', 'id, email, email_key, password_hash, first_name, last_name, created_ms',
      `${id}, email, CONCAT(s.seq, email_key), password_hash, first_name, last_name, created_ms`),
    copy('user_role', 'user_id, role_name', `${id}, role_name`),
    copy('user_search', 'user_id, text', `${id}, text`),
    copy('user_term', 'user_id, term', `${id}, term`),
  ].join(';\n'));
  for (const query of [{}, { search: word }, { search: word.slice(1) }]) {
    const answer = await admin.list({ ...query, limit: 200 });
    isOk(answer);
    assert.ok(answer.body.users.length < 151 && answer.body.nextCursor !== null);
    const all = await walk({ ...query, limit: 200 });
    assert.equal(new Set(ids(all)).size, all.length);
    assert.equal(all.filter(({ email }) => email.startsWith(word)).length, 151);
  }
  await service.sql("DELETE FROM user WHERE id > UNHEX('01a2ffffffff70000000000000000000')");
});

// --- Many -----------------------------------------------------------------

test('no page looks at all of many users, and all pages find everybody', async () => {
  const word = newWord();
  const { user } = await registered({ username: `${word}q` });
  const isOut = (await walk({ status: 'disabled', role: 'USER' })).length;
  // 12,000 others with the same word; the last 1,500 are active.
  const id = "UNHEX(CONCAT('01a000000000700', LPAD(HEX(s.seq), 17, '0')))";
  const many = 'FROM seq_1_to_12000 s';
  await service.sql(['START TRANSACTION',
    'INSERT INTO user (id, email, email_key, password_hash, status, created_ms)' +
      ` SELECT ${id}, CONCAT(s.seq, '@x.example'), CONCAT(s.seq, '@x.example'), 'x', s.seq > 10500, 0 ${many}`,
    `INSERT INTO user_role (user_id, role_name) SELECT ${id}, 'USER' ${many}`,
    `INSERT INTO user_search (user_id, text) SELECT ${id}, CONCAT(s.seq, '@x.example') ${many}`,
    `INSERT INTO user_term (user_id, term) SELECT ${id}, 'x.example' ${many}`, 'COMMIT'].join(';\n'));
  const count = async (query) => {
    const all = ids(await walk({ ...query, limit: 200 }));
    assert.equal(new Set(all).size, all.length);
    return all.length;
  };
  assert.equal(await count({ search: 'x.exam', status: 'active' }), 1500);
  assert.equal(await count({ search: 'exam', role: 'ADMIN', status: 'active' }),
    (await found('exam', { role: 'ADMIN' })).length);
  assert.equal(await count({ status: 'disabled', role: 'USER' }), 10_500 + isOut);
  // One page does not come as far: her number is lower than all of theirs,
  // and of those with the word the active ones are the last.
  const first = await page({ search: word.slice(1) });
  assert.deepEqual(first.users, []);
  assert.notEqual(first.nextCursor, null);
  assert.deepEqual(await found(word.slice(1)), [user.id]);
  const short = await page({ search: 'x.exam', status: 'active', limit: 200 });
  assert.deepEqual(short.users, []);
  assert.notEqual(short.nextCursor, null);
  await service.sql("DELETE FROM user WHERE id < UNHEX('01a00000000080000000000000000000')");
});

test('users of a schema without searches are found after latchkeyctl migrate', async () => {
  const word = newWord();
  const { user } = await registered({ username: word });
  await service.sql(['DELETE FROM user_search', 'DELETE FROM user_term',
    'INSERT INTO user_unindexed SELECT id FROM user'].join(';\n'));
  assert.deepEqual(await found(word), []);
  // A change in between is no obstacle.
  isOk(await admin.change(user.id, { firstName: 'Between' }));
  const { status, stdout, stderr } = await service.ctl(['migrate']);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^made \d+ users findable$/m);
  assert.deepEqual([await found(word), await found(word.slice(1))], [[user.id], [user.id]]);
  assert.deepEqual(await service.sql('SELECT COUNT(*) FROM user_unindexed'), [['0']]);
  assert.doesNotMatch((await service.ctl(['migrate'])).stdout, /findable/);
});
