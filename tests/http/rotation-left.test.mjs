// Refreshes whose threads leave them, as no web server of ours sends them: on a
// connection that is kept, and with a body that does not end.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import test from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { begin, params, record, role, type, understand, usual } from '../lib/fcgi.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';
import { freeze, until } from '../lib/wait.mjs';

const service = await useService({ env: { LATCHKEY_SERVER_DEADLINE_MS: '20000' } });
const { newcomer, refresh } = api(service);
// Two are under way, one is to lead, and the others wait.
const requests = 7;
const threads = 8;
const keep = 1;
const none = record(type.stdin);

const many = async (count = requests) => (await Promise.all(Array.from({ length: count }, () => newcomer())))
  .map(({ refreshToken }) => refreshToken);

function asking(refreshToken, { flags = 0, end = none } = {}) {
  const body = JSON.stringify({ refreshToken });
  return Buffer.concat([begin(role.responder, { flags }), params({ ...usual,
    REQUEST_METHOD: 'POST', SCRIPT_NAME: '/api/auth/refresh',
    CONTENT_TYPE: 'application/json', CONTENT_LENGTH: String(body.length) }),
  record(type.stdin, body), end]);
}

// A connection to the endpoint: what it has said so far, answer by answer.
async function connect() {
  const socket = net.connect({ path: join(service.state, 'run/refresh.sock-0'), allowHalfOpen: true });
  let bytes = Buffer.alloc(0);
  let answer;
  socket.on('data', (chunk) => { bytes = Buffer.concat([bytes, chunk]); });
  await new Promise((resolve) => { socket.on('connect', resolve); });
  return {
    send: (request) => socket.write(request),
    async answer() {
      await until('it is answered', () => { answer = understand(bytes); return answer.end !== null; });
      bytes = bytes.subarray(bytes.length - answer.rest);
      return answer;
    },
    close: () => socket.destroy(),
  };
}

const openFiles = () => readdirSync(`/proc/${service.pids().refresh}/fd`).length;

// All of them are taken while the database stands still, so that they meet.
async function meet(list) {
  const pid = service.databasePid();
  const before = openFiles();
  const connections = [];
  await freeze(pid);
  try {
    for (const [i, request] of list.entries()) {
      connections.push(await connect());
      connections[i].send(request);
      await until(`${i + 1} are taken`, () => openFiles() >= before + i + 1);
    }
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  return connections;
}

// Connections to the database have come, and count no more.
isOk(await refresh((await many())[0]));

// No more are left than four for each thread; then threads wait with them, and
// what else comes waits in the socket.
test('what is left is bounded, and answered in the end', async () => {
  const tokens = await many(threads * 7);
  const pid = service.databasePid();
  const before = openFiles();
  const connections = [];
  await freeze(pid);
  try {
    for (const token of tokens) {
      connections.push(await connect());
      connections.at(-1).send(asking(token));
    }
    await until('many are taken', () => openFiles() > before + threads * 3);
    // Nothing tells that no more are taken: those would be by now.
    await pause(300);
    assert.ok(openFiles() <= before + threads * 5, `${openFiles() - before} are taken`);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  for (const connection of connections) {
    isOk(await connection.answer());
    connection.close();
  }
});

test('on a connection that is kept the next request is answered, too', async () => {
  const tokens = await many();
  const connections = await meet(tokens.map((token) => asking(token, { flags: keep })));
  for (const connection of connections) isOk(await connection.answer());
  for (const connection of connections) connection.send(asking('lkr_no', { flags: keep }));
  for (const connection of connections) {
    isProblem(await connection.answer(), 'refresh_token_invalid');
    connection.close();
  }
});

test('a body that does not end holds up nobody else', async () => {
  const tokens = await many();
  const whole = tokens.slice(0, 4);
  const endless = tokens.slice(4);
  const connections = await meet([...whole.map((token) => asking(token)),
    ...endless.map((token) => asking(token, { end: Buffer.alloc(0) }))]);
  for (const connection of connections.slice(0, 4)) isOk(await connection.answer());
  for (const connection of connections.slice(4)) {
    connection.send(none);
    isOk(await connection.answer());
    connection.close();
  }
});
