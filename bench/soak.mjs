// make soak: the memory of the endpoints before and after an hour of load.
//
// usage: node bench/soak.mjs
// TIME (3600, seconds) comes from the environment.  Prints what each endpoint
// holds idle, after the load, and writes BUILD/soak.json.
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { build, root } from '../tests/lib/service.mjs';
import { pssOf, sum } from './lib/footprint.mjs';
import { describe } from './lib/machine.mjs';
import { chains, load, wrk } from './lib/measure.mjs';
import { write } from './lib/report.mjs';
import { startWorld } from './lib/world.mjs';

const timeMs = Number(process.env.TIME || 3600) * 1000;
const turnMs = 5000;
// Threads leave and memory is given back after ten seconds without a request.
const quietMs = 25_000;

const world = await startWorld({}, resolve(root, process.env.SERVED ?? 'build'));
const { port } = world.service;

// Everything that people do, in turn; each with a fresh session.
async function turn() {
  const { accessToken: token } = await world.session(1);
  await Promise.all([
    wrk(port, '/api/weather', { token, ms: turnMs, connections: 8 }),
    wrk(port, '/api/users/me', { token, ms: turnMs, connections: 8 }),
    wrk(port, '/auth/verify', { token, ms: turnMs, connections: 8 }),
    chains(port, 8, turnMs, world.logins),
    load(port, 2, turnMs, world.logins),
    load(port, 2, turnMs, [
      `GET /api/auth/sessions ${token} -`, `GET /api/tasks ${token} -`,
      'GET /.well-known/jwks.json - -', 'GET /readyz - -',
    ]),
  ]);
}

try {
  await pause(quietMs);
  const before = pssOf(world.service);
  const processes = world.service.pids();
  const until = Date.now() + timeMs;
  while (Date.now() < until) await turn();
  await pause(quietMs);
  const after = pssOf(world.service);
  console.log('endpoint          idle KiB  after KiB');
  for (const name of Object.keys(before).sort()) {
    console.log(`${name.padEnd(16)}  ${String(before[name]).padStart(8)}  ${String(after[name]).padStart(9)}`);
  }
  console.log(`all               ${String(sum(before)).padStart(8)}  ${String(sum(after)).padStart(9)}`);
  const same = JSON.stringify(processes) === JSON.stringify(world.service.pids());
  console.log(same ? 'no endpoint was started anew' : 'an endpoint was started anew');
  write(join(build, 'soak.json'), { machine: await describe(), seconds: timeMs / 1000, before, after, same });
} finally {
  await world.stop();
}
