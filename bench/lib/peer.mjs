// The peer (bench/peer), with the same people in the same MariaDB.
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { build, freePort } from '../../tests/lib/service.mjs';
import { until } from '../../tests/lib/wait.mjs';
import { refreshesOf } from './world.mjs';

// Children included: the processes that serve.
function family(pid) {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean));
  return [pid, ...children.map(Number)];
}

async function logIn(port, body) {
  const answer = await fetch(`http://127.0.0.1:${port}/api/auth/login`, { method: 'POST',
    headers: { 'content-type': 'application/json' }, body });
  if (!answer.ok) throw new Error(`the peer answers a login with ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

const isThere = (port) => fetch(`http://127.0.0.1:${port}/`).then(() => true, () => false);

// What it has in common with a world, and pids, readyMs and stop.
export async function startPeer({ service, socket, passwordFile, credentials, logins }, processes) {
  await service.sql(`
    CREATE TABLE peer_user (id UUID PRIMARY KEY, email VARCHAR(254) NOT NULL UNIQUE,
      roles VARCHAR(255) NOT NULL, password_hash VARCHAR(255) NOT NULL) ENGINE=InnoDB;
    CREATE TABLE peer_session (id UUID PRIMARY KEY, user_id UUID NOT NULL, hash BINARY(32) NOT NULL,
      expires_ms BIGINT NOT NULL, KEY user_id (user_id)) ENGINE=InnoDB;
    INSERT INTO peer_user
    SELECT UUID(), email, 'USER', password_hash FROM user WHERE email_key LIKE 'bench-%'`);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keyFile = join(service.state, 'peer.pem');
  writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const port = await freePort();
  const began = performance.now();
  const child = spawn(process.execPath, ['server.mjs', port, processes, socket, passwordFile, keyFile],
    { cwd: join(build, 'peer'), stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = new Promise((resolve) => { child.on('exit', resolve); });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  try {
    await until('the peer listens', () => child.exitCode !== null || isThere(port));
    const readyMs = Math.round(performance.now() - began);
    return {
      service: { port },
      readyMs,
      pids: () => family(child.pid),
      token: (await logIn(port, credentials(0))).accessToken,
      logins,
      refreshes: refreshesOf((n) => logIn(port, credentials(n))),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
