// What the endpoints cost where nobody asks them anything.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { run } from './measure.mjs';
import { build, root, startService } from '../../tests/lib/service.mjs';

// What people run: without the programs that only measure.
const served = resolve(root, process.env.SERVED ?? 'build');

// The share of memory that is a process's own, in KiB (proc(5), smaps_rollup).
export function pss(pid) {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]);
}

export const pssOf = (service) =>
  Object.fromEntries(Object.entries(service.pids()).map(([name, pid]) => [name, pss(pid)]));

export const sum = (record) => Object.values(record).reduce((a, b) => a + b, 0);

const programs = (dir) => readdirSync(dir).filter((name) => name.endsWith('.fcgi'));

function sizes(service) {
  const dir = join(service.state, 'app/cgi-bin');
  return Object.fromEntries(programs(dir).map((name) =>
    [name.replace('.fcgi', ''), statSync(join(dir, name)).size]));
}

// Milliseconds from the start of each program to its first answer, whatever it
// is: one after the other, the best of a few; and of all at the same time.
const tries = 3;
const request = ['REQUEST_METHOD=GET', 'SCRIPT_NAME=/nothing', 'PATH_INFO=', 'QUERY_STRING=',
  'REMOTE_ADDR=127.0.0.1', '', ''].join('\n');

async function readyMs(service, name) {
  const from = performance.now();
  await run(join(build, 'bin/drive'), [join(service.state, 'app/cgi-bin', `${name}.fcgi`)],
    { input: request, env: { ...process.env, STATE: service.state }, ...service.owner });
  return Math.round(performance.now() - from);
}

async function readiness(service, names) {
  const alone = {};
  for (const name of names) {
    const list = [];
    for (let i = 0; i < tries; i++) list.push(await readyMs(service, name));
    alone[name] = Math.min(...list);
  }
  const from = performance.now();
  await Promise.all(names.map((name) => readyMs(service, name)));
  return { ready_ms: alone, all_ready_ms: Math.round(performance.now() - from) };
}

export async function footprint() {
  const service = await startService({ env: { BUILD: served } });
  try {
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
