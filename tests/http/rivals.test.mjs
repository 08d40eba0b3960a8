// Two administrators at the same instant: one of them always remains.
import assert from 'node:assert/strict';
import test from 'node:test';
import { allWays, playRivals } from '../lib/rivals.mjs';
import { useService } from '../lib/service.mjs';

const rounds = 20;
const service = await useService();

test('administrators who remove each other or themselves leave one, in every round', async () => {
  const heard = await playRivals(service, rounds, { by: allWays });
  assert.ok(heard.last_admin > 0);
  assert.equal(Object.values(heard).reduce((a, b) => a + b), rounds);
});
