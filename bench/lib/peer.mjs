// The peer (bench/peer), with people of its own in the same MariaDB.
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { build, freePort } from '../../tests/lib/service.mjs';

const password = 'correct horse battery staple';
const people = 64;
const email = (n) => `bench-${n}@example.org`;
const dir = join(build, 'peer');

async function addPeople(service) {
  const { default: argon2 } = await import(pathToFileURL(join(dir, 'node_modules/argon2/argon2.cjs')));
  // As Latchkey does by default.
  const hash = await argon2.hash(password, { memoryCost: 19456, timeCost: 2, parallelism: 1 });
  await service.sql(`
    CREATE TABLE peer_user (id UUID PRIMARY KEY, email VARCHAR(254) NOT NULL UNIQUE,
      roles VARCHAR(255) NOT NULL, password_hash VARCHAR(255) NOT NULL) ENGINE=InnoDB;
    CREATE TABLE peer_session (id UUID PRIMARY KEY, user_id UUID NOT NULL, hash BINARY(32) NOT NULL,
      expires_ms BIGINT NOT NULL, KEY user_id (user_id)) ENGINE=InnoDB;
    INSERT INTO peer_user SELECT UUID(), CONCAT('bench-', seq, '@example.org'), 'USER', '${hash}'
    FROM seq_0_to_${people - 1}`);
}

// Children included: the processes that serve.
function family(pid) {
  const tasks = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean));
  return [pid, ...tasks.map(Number)];
}

async function post(port, path, body) {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST',
    headers: { 'content-type': 'application/json' }, body });
  if (!answer.ok) throw new Error(`the peer answers ${path} with ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

async function isThere(port) {
  try {
    await fetch(`http://127.0.0.1:${port}/`);
    return true;
  } catch {
    return false;
  }
}

export async function startPeer({ service, socket, passwordFile }, processes = 2) {
  await addPeople(service);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keyFile = join(service.state, 'peer.pem');
  writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const port = await freePort();
  const began = performance.now();
  const child = spawn(process.execPath, ['server.mjs', port, processes, socket, passwordFile, keyFile],
    { cwd: dir, stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = new Promise((resolve) => { child.on('exit', resolve); });
  while (!await isThere(port)) {
    if (child.exitCode !== null) throw new Error(`the peer ended with status ${child.exitCode}`);
    await pause(1);
  }
  const readyMs = Math.round(performance.now() - began);
  const credentials = (n) => JSON.stringify({ email: email(n), password });
  return {
    port,
    readyMs,
    pids: () => family(child.pid),
    token: async () => (await post(port, '/api/auth/login', credentials(0))).accessToken,
    logins: Array.from({ length: people }, (_, n) => `POST /api/auth/login - ${credentials(n)}`),
    refreshes: (count) => Promise.all(Array.from({ length: count }, async (_, n) => {
      const { refreshToken } = await post(port, '/api/auth/login', credentials(n));
      return `POST /api/auth/refresh - ${JSON.stringify({ refreshToken })}`;
    })),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
