// One request of each hot endpoint, and how many instructions it takes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../tests/lib/service.mjs';
import { forge, layout, macKey } from '../../tests/lib/reftoken.mjs';
import { count } from './counts.mjs';
import { run } from './measure.mjs';

export const recorded = join(root, 'tests/bench/counts.json');
// The first requests open connections, prepare statements and verify.
const warmUp = 2;
// On a busy machine one request's end may be counted with its neighbour: the
// one in the middle of several is meant.
const counted = 7;

// One thread, and nothing that depends on the time between two requests.
export const settings = {
  LATCHKEY_SERVER_THREADS: '1',
  LATCHKEY_REVOCATION_STALENESS_MS: '60000',
};

// What decides the counts beside our own code.
export async function environment() {
  const compiler = (await run(process.env.CC ?? 'gcc', ['--version'])).split('\n')[0];
  const packages = ['libc6', 'libssl3', 'libmariadb3', 'libfcgi0ldbl', 'libjson-c5', 'valgrind'];
  const versions = await run('dpkg-query', ['-W', '-f', '${Package} ${Version}\n', ...packages]);
  return [compiler, process.arch, ...versions.trim().split('\n')].join(', ');
}

// A refresh token of each of the next generations.
function chain(world, token, length) {
  const key = macKey(world.service.state);
  return Array.from({ length }, (_, n) => forge(token, (bytes) =>
    bytes.writeBigUInt64BE(BigInt(n + 1), layout.generation[0]), key));
}

// Not login: how long its threads wait for their turn to hash is chance.
const repeat = (request) => Array.from({ length: warmUp + counted }, () => request);

export async function requests(world) {
  const { refreshToken } = await world.session(1);
  const get = (path) => repeat({ method: 'GET', path, token: world.token });
  return {
    weather: get('/api/weather'),
    me: get('/api/users/me'),
    gate: get('/auth/verify'),
    refresh: chain(world, refreshToken, warmUp + counted).map((token) => ({
      method: 'POST', path: '/api/auth/refresh', body: JSON.stringify({ refreshToken: token }),
    })),
  };
}

// { own, all }: instructions of our code, and with the libraries'.
export async function measure(world, name, list) {
  const { answers, counts } = await count(world.service, name, list);
  const good = answers.match(/^Status: 200/gm)?.length ?? 0;
  if (good !== list.length) throw new Error(`${name}: ${good} of ${list.length}; ${answers}`);
  const middle = (what) => counts.slice(warmUp).map((one) => one[what])
    .sort((a, b) => a - b)[(counted - 1) / 2];
  return { own: middle(`${name}.fcgi`), all: middle('') };
}

export const known = () => JSON.parse(readFileSync(recorded, 'utf8'));
