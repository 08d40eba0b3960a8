// What the endpoints cost where nobody asks them anything.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { run } from './measure.mjs';
import { build, root, startService } from '../../tests/lib/service.mjs';
import { until } from '../../tests/lib/wait.mjs';

// What people run: without the programs that only measure.
const served = resolve(root, process.env.SERVED ?? 'build');

const kib = (pid, name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm')
  .exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]);
const each = (service, name) => Object.fromEntries(
  Object.entries(service.pids()).map(([program, pid]) => [program, kib(pid, name)]));

// The share of memory that is a process's own, in KiB (proc(5), smaps_rollup);
// and without what it shares with other copies of Latchkey, or may.
export const pssOf = (service) => each(service, 'Pss');
export const anonymousOf = (service) => each(service, 'Pss_Anon');
export const pssOfProcess = (pid) => kib(pid, 'Pss');

export const sum = (record) => Object.values(record).reduce((a, b) => a + b, 0);

const programs = (dir) => readdirSync(dir).filter((name) => name.endsWith('.fcgi'));

function sizes(service) {
  const dir = join(service.state, 'app/cgi-bin');
  return Object.fromEntries(programs(dir).map((name) =>
    [name.replace('.fcgi', ''), statSync(join(dir, name)).size]));
}

// Milliseconds from the start of a program to its first answer, whatever it
// is: of each started alone, the best of a few; and of all started together.
const tries = 5;

async function readyMs(service, names) {
  const text = await run(join(build, 'bin/ready'),
    names.map((name) => join(service.state, 'app/cgi-bin', `${name}.fcgi`)),
    { env: { ...process.env, STATE: service.state }, ...service.owner });
  return JSON.parse(text).all_us / 1000;
}

async function best(service, names) {
  const list = [];
  for (let i = 0; i < tries; i++) list.push(await readyMs(service, names));
  return Number(Math.min(...list).toFixed(1));
}

export const readyTogether = (service) => best(service, Object.keys(service.pids()));

async function readiness(service, names) {
  const alone = {};
  for (const name of names) alone[name] = await best(service, [name]);
  return { ready_ms: alone, all_ready_ms: await readyTogether(service) };
}

export async function footprint() {
  const service = await startService({ env: { BUILD: served } });
  try {
    await until('all endpoints are there',
      () => Object.keys(service.pids()).length === Object.keys(sizes(service)).length);
    const kib = pssOf(service);
    return {
      pss_kib: kib,
      pss_total_kib: sum(kib),
      program_bytes: sizes(service),
      ...await readiness(service, Object.keys(kib)),
    };
  } finally {
    await service.stop();
  }
}
