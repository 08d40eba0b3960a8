// Instructions of one request of each hot endpoint, beside those recorded: a
// regression shows without a stopwatch.  make counts records them anew.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { environment, known, measure, requests, settings } from '../../bench/lib/hot.mjs';
import { startWorld } from '../../bench/lib/world.mjs';

// Signatures take a little more or less by chance.
const tolerance = 0.05;

const here = await environment();
const expected = known()[here];
const reason = `no counts are recorded for ${here}; make counts records them`;

if (expected === undefined) {
  test('instructions of a request', { skip: reason }, () => {});
} else {
  const world = await startWorld(settings);
  after(world.stop);
  for (const [name, list] of Object.entries(await requests(world))) {
    test(`a request of ${name} takes as many instructions as it did`, async () => {
      const found = await measure(world, name, list);
      for (const what of ['own', 'all']) {
        const [is, was] = [found[what], expected[name][what]];
        assert.ok(Math.abs(is - was) <= was * tolerance,
          `${what}: ${is} instead of ${was}; where that is meant: make counts`);
      }
    });
  }
}
