// A token that a process has verified before is judged anew in all that can
// change: its time, its session, its user's version, its key.
import assert from 'node:assert/strict';
import test from 'node:test';
import { decode } from '../lib/jwt.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';
import { clockReads } from '../lib/wait.mjs';

const ttlS = 3;
const service = await useService({ env: { LATCHKEY_TOKEN_ACCESS_TTL_S: String(ttlS) } });
const { newcomer, session, weather, logout } = api(service);

const used = async (person) => {
  for (let i = 0; i < 3; i++) isOk(await weather(person.accessToken));
  return person;
};
const isRefused = async ({ accessToken }) => isProblem(await weather(accessToken), 'invalid_token');

test('one that was used dies at its second', async () => {
  const ann = await used(await newcomer());
  await clockReads(decode(ann.accessToken).payload.exp);
  await isRefused(ann);
});

test('one that was used dies with its session, and no other does', async () => {
  const ann = await newcomer();
  const other = await used(await session(ann));
  const first = await used(await session(ann));
  isOk(await logout(first.accessToken), 204);
  await isRefused(first);
  await used(other);
});

test('one that was used dies with its user\'s version', async () => {
  const ann = await used(await newcomer());
  const { status } = await service.ctl(['user', 'disable', '--email', ann.email]);
  assert.equal(status, 0);
  await isRefused(ann);
});

test('tokens of many people at once are never mixed up', async () => {
  const people = await Promise.all(Array.from({ length: 8 }, () => newcomer()));
  const { me } = api(service);
  const fresh = await Promise.all(people.map((person) => session(person)));
  for (let i = 0; i < 3; i++) {
    const answers = await Promise.all(fresh.map(({ accessToken }) => me(accessToken)));
    assert.deepEqual(answers.map(({ body }) => body.email), people.map(({ email }) => email));
  }
});

test('another token of the same session is verified by itself', async () => {
  const ann = await used(await newcomer());
  const [header, payload, signature] = ann.accessToken.split('.');
  const changed = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
  await isRefused({ accessToken: [header, payload, changed].join('.') });
  assert.deepEqual(await service.sql(
    `SELECT COUNT(*) FROM revocation WHERE subject_id = ${sqlId(ann.sessionId)}`), [['0']]);
  await used(ann);
});
