// Fifty refreshes of one token at once, again and again; and one session that
// is refreshed for a long time.  make races does more of both.
import assert from 'node:assert/strict';
import test from 'node:test';
import { isOk } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { playRounds } from '../lib/rounds.mjs';
import { isSanitized, sqlId, useService } from '../lib/service.mjs';

const rounds = isSanitized ? 20 : 200;
const parallel = 50;
const rotations = isSanitized ? 200 : 2000;

const service = await useService();
const { newcomer, refresh, weather } = api(service);

test(`${rounds} rounds of ${parallel}: one successor each, nobody logged out, no 5xx`, async () => {
  const ann = await newcomer();
  const last = await playRounds(service, ann.refreshToken, { rounds, parallel });
  assert.deepEqual(await service.sql('SELECT generation, concurrent_count, ended_ms FROM session' +
    ` WHERE id = ${sqlId(ann.sessionId)}`),
  [[String(rounds + 1), String(rounds * (parallel - 1)), 'NULL']]);
  const { body } = await refresh(last);
  isOk(await weather(body.accessToken));
});

test(`${rotations} rotations of one session leave one row`, async () => {
  const ann = await newcomer();
  const last = await playRounds(service, ann.refreshToken, { rounds: rotations, parallel: 1 });
  assert.deepEqual(await service.sql('SELECT COUNT(*), MAX(generation) FROM session' +
    ` WHERE user_id = ${sqlId(ann.user.id)}`), [['1', String(rotations + 1)]]);
  isOk(await refresh(last));
});
