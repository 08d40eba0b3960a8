// On what, of what and when it was measured.
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { run } from './measure.mjs';

const version = async (program, args, pattern) =>
  pattern.exec(await run(program, args).catch(() => ''))?.[1] ?? 'unknown';

export async function describe() {
  return {
    date: new Date().toISOString(),
    commit: (await run('git', ['rev-parse', '--short', 'HEAD']).catch(() => 'unknown')).trim(),
    processors: cpus().length,
    processor: cpus()[0].model.trim(),
    memory_gib: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    // Of the last minute: what else used the processors before it began.
    load_before: Number(loadavg()[0].toFixed(1)),
    compiler: await version(process.env.CC ?? 'gcc', ['--version'], /^(.*)$/m),
    lighttpd: await version('lighttpd', ['-v'], /lighttpd\/(\S+)/),
    mariadb: await version('mariadbd', ['--version'], /Ver (\S+)/),
  };
}

// Of all processors since the machine began: the time they had, and how much of
// it its host gave to others while somebody here waited (proc(5), stat).
export function processorsUsed() {
  const [, ...times] = /^cpu .*/.exec(readFileSync('/proc/stat', 'utf8'))[0].split(/ +/).map(Number);
  const stolen = 7;
  return { all: times.slice(0, stolen + 1).reduce((sum, each) => sum + each), stolen: times[stolen] };
}

// Since then, as a share of the time.
export function takenByOthers(then) {
  const now = processorsUsed();
  return Number(((now.stolen - then.stolen) / (now.all - then.all)).toFixed(3));
}
