// On what, of what and when it was measured.
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
