// make admin-races: two administrators take the role from each other, or from
// themselves, at the same instant, round after round, on a private copy; one
// administrator always remains.
//
// usage: node tools/admin-races.mjs
// ROUNDS (1000) and BOUND_S (1800) come from the environment.
import { performance } from 'node:perf_hooks';
import { playRivals } from '../tests/lib/rivals.mjs';
import { startService } from '../tests/lib/service.mjs';

const number = (name, fallback) => {
  const text = process.env[name] || String(fallback);
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new Error(`${name}=${text} is no number`);
};
const rounds = number('ROUNDS', 1000);
const boundS = number('BOUND_S', 1800);
const reportEveryMs = 10_000;

const began = performance.now();
const seconds = () => (performance.now() - began) / 1000;
let next = began + reportEveryMs;

function told(done) {
  if (seconds() > boundS) throw new Error(`stopped after BOUND_S=${boundS} s, at ${done}`);
  if (performance.now() < next) return;
  next += reportEveryMs;
  console.log(`  ${done} of ${rounds} rounds`);
}

const service = await startService();
let status = 0;
try {
  const heard = await playRivals(service, rounds, { told });
  const words = Object.entries(heard).map(([code, times]) => `${times} times ${code}`);
  console.log(`${rounds} rounds, ${seconds().toFixed(0)} s: one administrator left in each; ` +
    `the other one was answered ${words.join(', ')}`);
} catch (error) {
  console.error(`FAILED  ${error.message}; ${service.logEnd()}`);
  status = 1;
} finally {
  await service.stop();
}
process.exit(status);
