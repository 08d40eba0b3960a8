// What the endpoints cost where nobody asks them anything.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { root, startService } from '../../tests/lib/service.mjs';

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

export async function footprint() {
  const service = await startService({ env: { BUILD: served } });
  try {
    const kib = pssOf(service);
    return { pss_kib: kib, pss_total_kib: sum(kib), program_bytes: sizes(service) };
  } finally {
    await service.stop();
  }
}
