// make soak: the memory of the endpoints before and after an hour of load.
//
// usage: node bench/soak.mjs
// TIME (3600, seconds) comes from the environment.  Prints what each endpoint
// holds idle: at first; after a minute's load, which is when connections and
// threads have come; after half of the time, when as many revocations expire as
// come, if that is half an hour; and after all of it.  Each time once before the
// revocations in force are forgotten, all together, and once after that.  Writes
// BUILD/soak.json.
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { build, root } from '../tests/lib/service.mjs';
import { anonymousOf, pssOf, sum } from './lib/footprint.mjs';
import { describe } from './lib/machine.mjs';
import { chains, load, wrk } from './lib/measure.mjs';
import { write } from './lib/report.mjs';
import { startWorld } from './lib/world.mjs';

const timeMs = Number(process.env.TIME || 3600) * 1000;
const turnMs = 5000;
const warmMs = 60_000;
// Threads leave and memory is given back within 30 seconds without a request;
// the revocations go after a minute (revocation.max_offline_s), at the next look.
const quietMs = 35_000;
const forgottenMs = 85_000;

// An hour's lines would be more than a look at the log's end can read.
const world = await startWorld({ LATCHKEY_LOG_LEVEL: 'warn' }, resolve(root, process.env.SERVED ?? 'build'));
const { port } = world.service;

const told = { requests: 0, disturbed: [] };

// The memory is what counts: where other work takes the processors, a part of
// a turn may meet its deadline; that is told, and the load goes on.
async function part(measured) {
  try {
    told.requests += (await measured).count;
  } catch (error) {
    told.disturbed.push(error.message);
  }
}

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
  ].map(part));
}

// Each process that verifies keeps the revocations in force in memory.
const inForce = async () => Number(await world.service.sql(
  'SELECT COUNT(*) FROM revocation WHERE expires_ms > UNIX_TIMESTAMP(NOW(3)) * 1000'));

async function look() {
  await pause(quietMs);
  const remembering = pssOf(world.service);
  await pause(forgottenMs - quietMs);
  return {
    remembering,
    kib: pssOf(world.service),
    anonymous: anonymousOf(world.service),
    revocations: await inForce(),
  };
}

async function loadFor(ms) {
  const until = Date.now() + ms;
  while (Date.now() < until) await turn();
  return look();
}

const pad = (text, width) => String(text).padStart(width);
const row = (name, ...values) =>
  console.log(name.padEnd(16) + values.map((value) => pad(value, 12)).join(''));

try {
  const idle = await look();
  const processes = world.service.pids();
  const looks = {
    idle,
    warm: await loadFor(Math.min(warmMs, timeMs)),
    half: await loadFor(timeMs / 2 - warmMs),
    after: await loadFor(timeMs / 2),
  };
  const all = Object.values(looks);
  row('endpoint', ...Object.keys(looks).map((name) => `${name} KiB`));
  for (const name of Object.keys(idle.kib).sort()) row(name, ...all.map(({ kib }) => kib[name]));
  row('remembering', ...all.map(({ remembering }) => sum(remembering)));
  row('all', ...all.map(({ kib }) => sum(kib)));
  row('files apart', ...all.map(({ anonymous }) => sum(anonymous)));
  row('revocations', ...all.map(({ revocations }) => revocations));
  const same = JSON.stringify(processes) === JSON.stringify(world.service.pids());
  console.log(same ? 'no endpoint was started anew' : 'an endpoint was started anew');
  console.log(`${told.requests} requests answered`);
  if (told.disturbed.length > 0) {
    console.log(`${told.disturbed.length} measurements were disturbed, the first by: ${told.disturbed[0]}`);
  }
  write(join(build, 'soak.json'),
    { machine: await describe(), seconds: timeMs / 1000, ...looks, same, ...told });
} finally {
  await world.stop();
}
