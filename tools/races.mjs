// make races: 10,000 rounds of 50 parallel refreshes of one token, then as
// many rotations of one session, on a private copy.
//
// usage: node tools/races.mjs
// ROUNDS (10000), PARALLEL (50) and BOUND_S (1800) come from the environment.
import { performance } from 'node:perf_hooks';
import { api } from '../tests/lib/people.mjs';
import { playRounds } from '../tests/lib/rounds.mjs';
import { sqlId, startService } from '../tests/lib/service.mjs';

const number = (name, fallback) => {
  const text = process.env[name] || String(fallback);
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new Error(`${name}=${text} is no number`);
};
const rounds = number('ROUNDS', 10_000);
const parallel = number('PARALLEL', 50);
const boundS = number('BOUND_S', 1800);
const reportEveryMs = 10_000;

const began = performance.now();
const secondsSince = (ms) => (performance.now() - ms) / 1000;

// Says now and then how far it is, and ends what takes too long.
function teller(what, total) {
  let next = performance.now() + reportEveryMs;
  return (done) => {
    if (secondsSince(began) > boundS) throw new Error(`stopped after BOUND_S=${boundS} s, at ${done}`);
    if (performance.now() < next) return;
    next += reportEveryMs;
    console.log(`  ${done} of ${total} ${what}`);
  };
}

function expect(found, wanted, what) {
  const [a, b] = [found, wanted].map((value) => JSON.stringify(value));
  if (a !== b) throw new Error(`${what}: ${a} and not ${b}`);
}

async function play(service, people, { count, each, what }) {
  const ann = await people.newcomer();
  const from = performance.now();
  const last = await playRounds(service, ann.refreshToken,
    { rounds: count, parallel: each, told: teller(what, count) });
  const seconds = secondsSince(from);
  expect(await service.sql('SELECT generation, concurrent_count, ended_ms FROM session' +
    ` WHERE user_id = ${sqlId(ann.user.id)}`),
  [[String(count + 1), String(count * (each - 1)), 'NULL']], 'rows of the session');
  expect((await people.refresh(last)).status, 200, 'the last token');
  const requests = count * each;
  console.log(`${count} ${what}: ${requests} refreshes, ${seconds.toFixed(0)} s, ` +
    `${(requests / seconds).toFixed(0)}/s; one row, generation ${count + 1}, ` +
    'nobody logged out, no second successor, no answer but 200');
}

const service = await startService();
let status = 0;
try {
  const people = api(service);
  await play(service, people,
    { count: rounds, each: parallel, what: `rounds of ${parallel} at once` });
  await play(service, people, { count: rounds, each: 1, what: 'rotations, one after the other' });
} catch (error) {
  console.error(`FAILED  ${error.message}; ${service.logEnd()}`);
  status = 1;
} finally {
  await service.stop();
}
process.exit(status);
