// Tasks: a resource of one's own, and of nobody else.
import assert from 'node:assert/strict';
import test from 'node:test';
import { fieldErrors, isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const service = await useService();
const { call, get, newcomer } = api(service);

const members = ['id', 'title', 'notes', 'due', 'done', 'createdAt', 'updatedAt'];
const nobodys = '01a20000-0000-7000-8000-000000000000';

// The calls of somebody: answers as they come, and those that must succeed.
function tasksOf({ accessToken: token }) {
  const one = (method) => (id, json) => call(method, `/api/tasks/${id}`, { token, json });
  const calls = {
    post: (json) => call('POST', '/api/tasks', { token, json }),
    read: one('GET'), put: one('PUT'), patch: one('PATCH'), remove: one('DELETE'),
    ask: (query = '') => get(`/api/tasks${query}`, { token }),
  };
  calls.add = async (fields) => {
    const answer = await calls.post(typeof fields === 'string' ? { title: fields } : fields);
    isOk(answer, 201);
    return answer.body;
  };
  calls.list = async (query) => {
    const answer = await calls.ask(query);
    isOk(answer);
    assert.deepEqual(Object.keys(answer.body), ['tasks', 'nextCursor']);
    return answer.body;
  };
  // Every page to the last, as titles.
  calls.walk = async (query) => {
    const pages = [];
    for (let cursor = ''; cursor !== null;) {
      const page = await calls.list(`?${query}${cursor && `&cursor=${cursor}`}`);
      pages.push(page.tasks.map(({ title }) => title));
      cursor = page.nextCursor;
    }
    return pages;
  };
  return calls;
}
const newOwner = async () => {
  const person = await newcomer();
  return { ...person, ...tasksOf(person) };
};
const ann = await newOwner();

test('a task is added, and has an address', async () => {
  const answer = await ann.post({ title: 'Water the plants' });
  isOk(answer, 201);
  const { body } = answer;
  assert.deepEqual(Object.keys(body), members);
  assert.deepEqual({ ...body, id: 0, createdAt: 0, updatedAt: 0 }, { id: 0, title: 'Water the plants',
    notes: null, due: null, done: false, createdAt: 0, updatedAt: 0 });
  assert.equal(answer.headers.location, `/api/tasks/${body.id}`);
  assert.ok(Math.abs(Date.parse(body.createdAt) - Date.now()) < 5000);
  assert.equal(body.createdAt, body.updatedAt);
  const read = await get(answer.headers.location, { token: ann.accessToken });
  isOk(read);
  assert.deepEqual(read.body, body);
});

test('PUT replaces all of it, PATCH what it names, and null clears', async () => {
  const { id, createdAt } = await ann.add({ title: 'a', notes: 'b', due: '2027-01-02T03:04:05Z', done: true });
  const is = async (answer, expected) => {
    isOk(answer);
    const { body } = answer;
    const { title, notes, due, done } = body;
    assert.deepEqual({ title, notes, due, done }, expected);
    assert.equal(body.id, id);
    assert.equal(body.createdAt, createdAt);
    assert.deepEqual((await ann.read(id)).body, body);
  };
  const due = '2027-01-02T03:04:05Z';
  await is(await ann.patch(id, {}), { title: 'a', notes: 'b', due, done: true });
  await is(await ann.patch(id, { title: 'c' }), { title: 'c', notes: 'b', due, done: true });
  await is(await ann.patch(id, { notes: null }), { title: 'c', notes: null, due, done: true });
  await is(await ann.patch(id, { notes: '', done: false }), { title: 'c', notes: '', due, done: false });
  await is(await ann.patch(id, { due: null }), { title: 'c', notes: '', due: null, done: false });
  // A title can't be cleared, and what is neither true nor false is no change.
  await is(await ann.patch(id, { title: null, done: null }),
    { title: 'c', notes: '', due: null, done: false });
  await is(await ann.put(id, { title: 'd', notes: 'e', due, done: true }),
    { title: 'd', notes: 'e', due, done: true });
  await is(await ann.put(id, { title: 'f' }), { title: 'f', notes: null, due: null, done: false });
  isProblem(await ann.put(id, { notes: 'g' }), 'validation_failed', 'title required');
  await is(await ann.read(id), { title: 'f', notes: null, due: null, done: false });
});

test('a deleted task is gone', async () => {
  const { id } = await ann.add('gone');
  isOk(await ann.remove(id), 204);
  for (const method of ['read', 'put', 'patch', 'remove']) {
    isProblem(await ann[method](id, method === 'read' ? undefined : { title: 'x' }), 'not_found');
  }
});

test('texts come back as they were sent, whatever they hold', async () => {
  const texts = ['<img src=x onerror=alert(1)>', "'; DROP TABLE task; --", '"\\', '% _ \\%', '😀 é e\u0301',
    'שלום \u202e', '👩‍👩‍👧', '\u{10ffff}\uffff', ' spaces ', 'x'.repeat(200), '😀'.repeat(200)];
  for (const title of texts) {
    const notes = `${title}\n\t\u2028\u0001${title}`;
    const { id } = await ann.add({ title, notes });
    const { body } = await ann.read(id);
    assert.deepEqual({ title: body.title, notes: body.notes }, { title, notes });
    isOk(await ann.remove(id), 204);
  }
  for (const title of ['', '   ', '\t', 'a\nb', 'a\u2029b', 'a\u007f', '\u0085', 'x'.repeat(201)]) {
    isProblem(await ann.post({ title }), 'validation_failed');
  }
  isOk(await ann.post({ title: 'n', notes: '😀'.repeat(4000) }), 201);
  isProblem(await ann.post({ title: 'n', notes: 'n'.repeat(4001) }), 'validation_failed', 'notes too_long');
});

test('due is a moment: RFC 3339, shown in UTC', async () => {
  const shown = {
    '2027-01-02T03:04:05Z': '2027-01-02T03:04:05Z',
    '2027-01-02t03:04:05+05:30': '2027-01-01T21:34:05Z',
    '2027-01-02T03:04:05.5Z': '2027-01-02T03:04:05.500Z',
    '2027-01-02T03:04:05.000999Z': '2027-01-02T03:04:05Z',
    '1969-12-31T23:59:59.25Z': '1969-12-31T23:59:59.250Z',
    '0000-01-01T00:00:00Z': '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999Z': '9999-12-31T23:59:59.999Z',
  };
  const { id } = await ann.add('due');
  for (const [due, expected] of Object.entries(shown)) {
    assert.equal((await ann.patch(id, { due })).body.due, expected);
    assert.equal((await ann.read(id)).body.due, expected);
  }
  for (const due of ['', '2027-01-02', '2027-02-29T00:00:00Z', '2027-01-02T24:00:00Z', '1798859045',
    '2027-01-02T03:04:05', '2027-01-02 03:04:05Z', '9999-12-31T23:59:59-00:01', '2027-01-02T03:04:60Z']) {
    const answer = await ann.patch(id, { due });
    isProblem(answer, 'validation_failed');
    assert.deepEqual(fieldErrors(answer), [`due ${due === '' ? 'too_short' : 'due_invalid'}`]);
  }
});

test('the list: newest first, in pages, by whether they are done', async () => {
  const bob = await newOwner();
  assert.deepEqual(await bob.list(), { tasks: [], nextCursor: null });
  for (let i = 0; i < 7; i++) await bob.add({ title: `t${i}`, done: i % 3 === 0 });
  const all = ['t6', 't5', 't4', 't3', 't2', 't1', 't0'];
  assert.deepEqual(await bob.walk(''), [all]);
  assert.deepEqual(await bob.walk('limit=7'), [all]);
  assert.deepEqual(await bob.walk('limit=3'), [all.slice(0, 3), all.slice(3, 6), all.slice(6)]);
  assert.deepEqual(await bob.walk('limit=1'), all.map((title) => [title]));
  assert.deepEqual(await bob.walk('done=true&limit=2'), [['t6', 't3'], ['t0']]);
  assert.deepEqual(await bob.walk('done=false'), [['t5', 't4', 't2', 't1']]);
  for (const task of (await bob.list()).tasks) assert.deepEqual(Object.keys(task), members);
});

test('pages stay right while rows come and go', async () => {
  const bob = await newOwner();
  const made = [];
  for (let i = 0; i < 6; i++) made.push(await bob.add(`t${i}`));
  const first = await bob.list('?limit=2');
  assert.deepEqual(first.tasks.map(({ title }) => title), ['t5', 't4']);
  // The row the cursor names, and one on each side of it.
  for (const i of [5, 4, 3]) isOk(await bob.remove(made[i].id), 204);
  await bob.add('new');
  const second = await bob.list(`?limit=2&cursor=${first.nextCursor}`);
  assert.deepEqual(second.tasks.map(({ title }) => title), ['t2', 't1']);
});

test('a page of long tasks ends early, and the next goes on', async () => {
  const bob = await newOwner();
  const notes = '\u0001'.repeat(4000);
  const titles = Array.from({ length: 20 }, (_, i) => `long ${i}`);
  for (const title of titles) await bob.add({ title, notes });
  const pages = await bob.walk('limit=200');
  assert.deepEqual(pages.flat(), titles.reverse());
  assert.ok(pages.length > 1 && pages.every((page) => page.length > 1), `${pages.length} pages`);
});

test('a cursor is one of this list, and of nobody in particular', async () => {
  const bob = await newOwner();
  for (const title of ['b0', 'b1', 'b2']) await bob.add(title);
  const { nextCursor } = await bob.list('?limit=1');
  // It grants nothing: with hers, ann sees her own.
  const { tasks } = await ann.list(`?cursor=${nextCursor}`);
  assert.ok(tasks.every(({ title }) => !title.startsWith('b')));
  const bytes = Buffer.from(nextCursor, 'base64url');
  const forged = [nextCursor.slice(1), `${nextCursor}A`, `${nextCursor}=`, nextCursor.slice(0, -2), 'x',
    Buffer.from([bytes[0] + 1, ...bytes.subarray(1)]).toString('base64url'), 'A'.repeat(512)];
  for (const cursor of forged) {
    const answer = await bob.ask(`?cursor=${encodeURIComponent(cursor)}`);
    isProblem(answer, 'validation_failed', 'cursor cursor_invalid');
  }
  const at = (...key) => bob.ask(`?cursor=${Buffer.from([bytes[0], ...key]).toString('base64url')}`);
  for (const key of [[], Array(15).fill(1), Array(17).fill(1), Array(300).fill(1)]) {
    isProblem(await at(...key), 'validation_failed', 'cursor cursor_invalid');
  }
  // Other ids point somewhere, too.
  assert.equal((await at(...Array(16).fill(0xff))).body.tasks.length, 3);
  assert.equal((await at(...Array(16).fill(0))).body.tasks.length, 0);
});

test('H-068 another\'s task is none, for every method', async () => {
  const bob = await newOwner();
  const { id } = await ann.add({ title: 'mine', notes: 'private' });
  const whole = { title: 'stolen', notes: 'x', due: null, done: true };
  const without = await bob.read(nobodys);
  for (const answer of [await bob.read(id), await bob.put(id, whole), await bob.patch(id, whole),
    await bob.patch(id, {}), await bob.remove(id)]) {
    isProblem(answer, 'not_found');
    // Not a byte tells that there is such a task.
    assert.deepEqual({ ...answer.body, requestId: 0 }, { ...without.body, requestId: 0 });
  }
  assert.deepEqual((await bob.list()).tasks, []);
  const { body } = await ann.read(id);
  assert.equal(body.title, 'mine');
  assert.equal(body.notes, 'private');
});

test('H-083 the owner is the token\'s subject, whatever the body or the query says', async () => {
  const bob = await newOwner();
  const hers = { owner: ann.user.id, ownerId: ann.user.id, owner_id: ann.user.id, userId: ann.user.id,
    user_id: ann.user.id, user: { id: ann.user.id }, sub: ann.user.id };
  const before = (await ann.list()).tasks.length;
  const { id } = await bob.add({ title: 'for ann', ...hers, id: nobodys });
  assert.notEqual(id, nobodys);
  isOk(await bob.patch(id, hers));
  isOk(await bob.put(id, { title: 'still his', ...hers }));
  isProblem(await ann.read(id), 'not_found');
  assert.equal((await ann.list()).tasks.length, before);
  const query = new URLSearchParams(hers);
  assert.deepEqual((await bob.list(`?${query}`)).tasks.map((task) => task.id), [id]);
});

test('H-077 the id is the path\'s, never the body\'s', async () => {
  const [one, other] = [await ann.add('one'), await ann.add('other')];
  const answer = await ann.put(one.id, { title: 'changed', id: other.id });
  isOk(answer);
  assert.equal(answer.body.id, one.id);
  assert.equal((await ann.read(other.id)).body.title, 'other');
});

test('what the service says of itself is not a member one may set', async () => {
  const then = '2001-01-01T00:00:00Z';
  const { id, createdAt } = await ann.add({ title: 'x', createdAt: then, updatedAt: then, created_ms: 1 });
  assert.notEqual(createdAt, then);
  const { body } = await ann.patch(id, { createdAt: then, updatedAt: then });
  assert.equal(body.createdAt, createdAt);
  assert.notEqual(body.updatedAt, then);
});

test('one may have ten thousand tasks and not one more, also at once', async () => {
  const bob = await newOwner();
  const owner = sqlId(bob.user.id);
  await service.sql('INSERT INTO task (id, user_id, title, created_ms, updated_ms)' +
    ` SELECT UNHEX(REPLACE(UUID(), '-', '')), ${owner}, 'many', 1, 1 FROM seq_1_to_9998`);
  const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => bob.post({ title: `last ${i}` })));
  assert.equal(answers.filter(({ status }) => status === 201).length, 2);
  for (const answer of answers.filter(({ status }) => status !== 201)) isProblem(answer, 'task_limit');
  const [[count]] = await service.sql(`SELECT COUNT(*) FROM task WHERE user_id = ${owner}`);
  assert.equal(count, '10000');
  const { tasks: [{ id }] } = await bob.list('?limit=1');
  isOk(await bob.remove(id), 204);
  isOk(await bob.post({ title: 'room again' }), 201);
  isOk(await ann.post({ title: 'others have room' }), 201);
});

test('the tasks of a deleted account go with it', async () => {
  const bob = await newOwner();
  await bob.add('left behind');
  const { status, stderr } = await service.ctl(['user', 'delete', '--email', bob.email]);
  assert.equal(status, 0, stderr);
  isProblem(await bob.ask(), 'invalid_token');
  const [[count]] = await service.sql("SELECT COUNT(*) FROM task WHERE title = 'left behind'");
  assert.equal(count, '0');
});
