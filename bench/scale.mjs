// make bench-scale: the same service with more and more people and sessions.
//
// usage: node bench/scale.mjs
// SIZES (10000,1000000,10000000) comes from the environment.  Prints a table
// and writes BUILD/scale.json.
import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { encode, macKey } from '../tests/lib/reftoken.mjs';
import { api } from '../tests/lib/people.mjs';
import { build, startService } from '../tests/lib/service.mjs';
import { emailOf, fill, sealed } from './lib/fill.mjs';
import { describe } from './lib/machine.mjs';
import { chains, load, run } from './lib/measure.mjs';
import { write } from './lib/report.mjs';

const sizes = (process.env.SIZES || '10000,1000000,10000000').split(',').map(Number);
const turnMs = 3000;
// Short, so that ten thousand sessions last.
const refreshMs = 1500;
const connections = 8;
const samples = 20_000;
const lookUps = 2000;
const purged = 1000;
const mostGrowth = 1.5;

const service = await startService({ env: { LATCHKEY_LIMIT_ENABLED: 'no' } });
const key = macKey(service.state);
const { registered, session } = api(service);

// As root one may give the server a third of the machine's memory, and a longer
// log; the data outgrow what it has for a demonstration.
const gib = 2 ** 30;
async function enlarge() {
  const share = Math.floor(totalmem() / 3 / gib);
  const larger = `SET GLOBAL innodb_buffer_pool_size = ${share * gib}, GLOBAL innodb_log_file_size = ${gib}`;
  try {
    await run('mariadb', ['--no-defaults', '-u', 'root',
      `--socket=${join(service.state, 'run/mariadb.sock')}`, '-e', larger]);
    return `${share} GiB`;
  } catch {
    return '128 MiB';
  }
}

const timed = async (action) => {
  const from = performance.now();
  await action();
  return performance.now() - from;
};

// Sessions far apart, each refreshed once, none of those of a smaller size.
function refreshes(from, to) {
  const count = Math.min(samples, to - from);
  const step = Math.floor((to - from) / count);
  return Array.from({ length: count }, (_, i) => {
    const token = encode(sealed(from + i * step, 1, key));
    return `POST /api/auth/refresh - ${JSON.stringify({ refreshToken: token })}`;
  }).sort(() => Math.random() - 0.5);
}

const look = (n) => `SELECT id FROM user WHERE email_key = '${emailOf(n)}'`;

// Logged in anew for each size: an access token does not last while millions
// are loaded.
async function measure(from, size, { administrator, ann, bob }) {
  const [admin, anns] = await Promise.all([administrator, ann].map(async (person) =>
    (await session(person)).accessToken));
  // Threads, connections and statements are there for the smallest size, too.
  const logins = Array.from({ length: connections }, () =>
    `POST /api/auth/login - ${JSON.stringify({ email: bob.email, password: bob.password })}`);
  await chains(service.port, connections, turnMs, logins);
  const refresh = await load(service.port, connections, refreshMs, refreshes(from, size - purged));
  const lookMs = await timed(() => service.sql(Array.from({ length: lookUps },
    (_, i) => look(1 + i * 7919 % size)).join(';')));
  const search = await load(service.port, 1, turnMs, Array.from({ length: 200 },
    (_, i) => `GET /api/users?search=${encodeURIComponent(emailOf(1 + i * 7919 % size))} ${admin} -`));
  const sessions = await load(service.port, 1, turnMs, [`GET /api/auth/sessions ${anns} -`]);
  await service.sql(`UPDATE session SET ended_ms = 1 WHERE user_agent = 'bench' ORDER BY id DESC LIMIT ${purged}`);
  const purgeMs = await timed(async () => {
    const { status, stderr } = await service.ctl(['purge']);
    if (status !== 0) throw new Error(stderr);
  });
  return {
    size,
    refresh,
    login_look_up_us: Math.round(lookMs * 1000 / lookUps),
    search,
    sessions,
    purge_ms: Math.round(purgeMs),
  };
}

const pad = (text, width) => String(text).padStart(width);
function print({ size, refresh, login_look_up_us: look, search, sessions, purge_ms: purge, fill_s: filled }) {
  console.log([pad(size, 9), pad(refresh.rate.toFixed(0), 10), pad((refresh.p99_us / 1000).toFixed(1), 14),
    pad(look, 11), pad(search.p50_us, 10), pad(sessions.p50_us, 12), pad(purge, 9), pad(filled, 8)].join('  '));
}

const report = { machine: await describe(), pool: await enlarge(), sizes: [] };
try {
  const people = {
    administrator: { email: 'admin@example.org',
      password: readFileSync(join(service.state, 'demo-admin'), 'utf8').trim() },
    ann: await registered(),
    bob: await registered(),
  };
  console.log('   people   refresh/s  refresh p99 ms  look-up us   search us   sessions us  purge ms  fill s');
  let filled = 0;
  for (const size of sizes) {
    const began = performance.now();
    await fill(service, { from: filled + 1, to: size, mac: key.id, more: size <= 10_000 });
    const fillS = Math.round((performance.now() - began) / 1000);
    const found = { ...await measure(filled + 1, size, people), fill_s: fillS };
    filled = size;
    report.sizes.push(found);
    print(found);
  }
  const growth = report.sizes.at(-1).refresh.p99_us / report.sizes[0].refresh.p99_us;
  report.refresh_p99_growth = growth;
  console.log(`p99 of refresh grows by ${growth.toFixed(2)} (at most ${mostGrowth})`);
  write(join(build, 'scale.json'), report);
} finally {
  await service.stop();
}
