// Keys rotate while people work, and nobody notices.
import assert from 'node:assert/strict';
import test from 'node:test';
import { decode as decodeToken } from '../lib/jwt.mjs';
import { keyring } from '../lib/keys.mjs';
import { isOk } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';
import { until } from '../lib/wait.mjs';

const clients = 8;
const service = await useService();
const { rotate } = keyring(service);

// Somebody who refreshes and looks at the weather, over and over, on a
// connection of his own.
async function work(seen, isOver) {
  const { newcomer, refresh, weather, me } = api(service);
  let pair = await newcomer();
  let rounds = 0;
  for (; !isOver(); rounds++) {
    const answer = await refresh(pair.refreshToken);
    isOk(answer);
    const last = pair;
    pair = answer.body;
    seen.add(decodeToken(pair.accessToken).header.kid);
    isOk(await weather(pair.accessToken));
    isOk(await weather(last.accessToken));
    isOk(await me(pair.accessToken));
  }
  return rounds;
}

test('rotations under load lose no request', async () => {
  const seen = new Set();
  let isOver = false;
  const workers = Promise.all(Array.from({ length: clients }, () => work(seen, () => isOver)));
  const turn = async (...wish) => {
    const id = await rotate(...wish);
    await until('everybody works with the new key', () => seen.has(id));
  };
  const turns = (async () => {
    await until('all work', () => seen.size > 0);
    await turn([], 1);
    await rotate(['--refresh', '--now']);
    for (let i = 0; i < 5; i++) await turn(['--now']);
    await turn([], 1);
    await rotate(['--refresh'], 1);
    await turn([], 1);
  })().finally(() => { isOver = true; });
  const rounds = await workers;
  await turns;
  assert.equal(seen.size, 9);
  for (const count of rounds) assert.ok(count > 10, `${count} rounds`);
});
