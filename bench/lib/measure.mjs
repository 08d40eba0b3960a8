// One measurement after another, and what to make of several of them.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, cleanEnvironment } from '../../tests/lib/service.mjs';

// Run a program: what it prints.  A measurement that fails fails the run.
export function run(program, args, { input = '', ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args.map(String), { env: cleanEnvironment(), ...options });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => { out += chunk; });
    child.stderr.on('data', (chunk) => { err += chunk; });
    child.on('error', reject);
    child.on('close', (status) => (status === 0 ? resolve(out)
      : reject(new Error(`${program}: status ${status}; ${err.slice(0, 500)}`))));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

const tool = (name, args, options) =>
  run(join(build, 'bin', name), args, options).then((text) => JSON.parse(text));

// By a program of bench/: { count, rate, p50_us, p99_us, ... }.
export const load = (port, connections, ms, lines) =>
  tool('load', [port, connections, ms], { input: lines.join('\n') });
export const chains = (port, connections, ms, logins) =>
  tool('load', [port, connections, ms, 'chain'], { input: logins.join('\n') });
export const raw = ({ socket, passwordFile }, connections, ms) =>
  tool('raw', [socket, passwordFile, connections, ms]);
export const hash = (how, ms) => tool('hash', [19456, 2, ms, how]);

const units = { us: 1, ms: 1000, s: 1_000_000, m: 60_000_000 };
function microseconds(text) {
  const match = /^([\d.]+)(us|ms|s|m)$/.exec(text);
  if (match === null) throw new Error(`wrk tells no latency but ${text}`);
  const [, number, unit] = match;
  return Math.round(Number(number) * units[unit]);
}

// By wrk, of one address with one token, or none.
export async function wrk(port, path, { token, connections = 32, ms = 1000 } = {}) {
  const text = await run('wrk', ['-t1', `-c${connections}`, `-d${ms / 1000}s`, '--latency',
    ...(token === undefined ? [] : ['-H', `Authorization: Bearer ${token}`]),
    `http://127.0.0.1:${port}${path}`]);
  const of = (pattern) => pattern.exec(text)?.[1];
  if (/Non-2xx|Socket errors/.test(text)) throw new Error(`wrk ${path}: ${text}`);
  const count = Number(of(/(\d+) requests in/) ?? 0);
  if (count === 0) throw new Error(`wrk ${path}: no answer within ${ms} ms`);
  const rate = Number(of(/Requests\/sec:\s+([\d.]+)/));
  return {
    rate,
    count,
    p50_us: microseconds(of(/^ +50% +(\S+)$/m)),
    p99_us: microseconds(of(/^ +99% +(\S+)$/m)),
  };
}

// Processor time in microseconds that processes have had so far (proc(5),
// stat: fields 14 and 15, in hundredths of a second).
const tickUs = 10_000;
export function processorUs(pids) {
  return pids.reduce((sum, pid) => {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return sum + (Number(fields[11]) + Number(fields[12])) * tickUs;
  }, 0);
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
