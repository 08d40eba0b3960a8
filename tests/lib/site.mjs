// A site of somebody's own: its web server with the recipe in deploy/, files, a
// CGI program, a FastCGI application and one that speaks HTTP.
import { spawn } from 'node:child_process';
import {
  chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync,
} from 'node:fs';
import { createServer } from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { readRecords, record, type } from './fcgi.mjs';
import { front } from './front.mjs';
import { freePort, root, useService } from './service.mjs';
import { siteServers } from './site-servers.mjs';
import { until } from './wait.mjs';

// A FastCGI application: says what it was told, to nobody without a user.
function application(path, asked) {
  const server = net.createServer((socket) => {
    let bytes = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      const request = readRecords(bytes);
      if (!request.isComplete) return;
      asked.push(request);
      const { REMOTE_USER: user } = request.variables;
      const text = user === undefined ? 'Status: 500 No User\r\n\r\nnobody'
        : `Status: 200 OK\r\nContent-Type: text/plain\r\nCache-Control: public\r\n\r\nThe site behind the gate\n${
          Object.entries(request.variables).map(([name, value]) => `${name}=${value}\n`).join('')
        }body=${request.body.length}\n`;
      socket.end(Buffer.concat([record(type.stdout, text), record(type.stdout),
        record(type.end, Buffer.alloc(8))]));
    });
  });
  return new Promise((done) => { server.listen(path, () => done(server)); });
}

// The same over HTTP, to nobody without a subject in the header.
function webApplication(asked) {
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const { headers } = request;
      asked.push({ variables: headers });
      if (!headers['x-auth-subject']) {
        response.writeHead(500).end('nobody');
        return;
      }
      const identity = { REMOTE_USER: 'subject', AUTH_SUB: 'subject', AUTH_SESSION: 'session',
        AUTH_ROLES: 'roles', AUTH_EMAIL: 'email' };
      const lines = [
        ...Object.entries(identity).map(([name, header]) => `${name}=${headers[`x-auth-${header}`]}`),
        ...Object.entries(headers).map(([name, value]) =>
          `HTTP_${name.toUpperCase().replaceAll('-', '_')}=${value}`),
        `body=${Buffer.concat(chunks).length}`,
      ];
      response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'public' });
      response.end(`The site behind the gate\n${lines.join('\n')}\n`);
    });
  });
  return new Promise((done) => { server.listen(0, '127.0.0.1', () => done(server)); });
}

function giveTo(directory, { uid, gid }) {
  chownSync(directory, uid, gid);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) giveTo(path, { uid, gid });
    else chownSync(path, uid, gid);
  }
}

const isListening = (where) => new Promise((answer) => {
  const socket = net.connect(where, () => { socket.destroy(); answer(true); });
  socket.on('error', () => answer(false));
});

// It has a gate of its own, started as docs/GATE.md says.  files: by their path
// in the site, copied there; program: the application, in place of ours.
async function startSite(service, port, { files = {}, program }) {
  const home = mkdtempSync(join(tmpdir(), 'lk-site-'));
  const asked = [];
  const identity = process.getuid() === 0 ? service.owner : {};
  cpSync(join(root, 'tests/site'), home, { recursive: true });
  for (const [to, from] of Object.entries(files)) cpSync(from, join(home, to));
  mkdirSync(join(home, 'log'));
  const web = await webApplication(asked);
  const plan = { home, port, latchkeyPort: service.port, webPort: web.address().port,
    gatePort: await freePort() };
  const server = siteServers[front];
  const [served, ...args] = server.prepare(plan);
  let fastcgi;
  if (program === undefined) {
    fastcgi = await application(join(home, 'application.sock'), asked);
    chmodSync(join(home, 'application.sock'), 0o777);
  }
  if (process.getuid() === 0) giveTo(home, service.owner);

  const children = new Set();
  // A program that runs until the end, or until it is killed.
  function start(program, args, env = {}) {
    const child = spawn(program, args, {
      env: { PATH: `${process.env.PATH}:/usr/sbin`, ...env }, stdio: 'ignore', ...identity,
    });
    child.ended = new Promise((done) => { child.on('exit', () => { children.delete(child); done(); }); });
    children.add(child);
    return child;
  }
  process.on('exit', () => { for (const child of children) child.kill(); });

  const sanitizers = Object.fromEntries(Object.entries(process.env)
    .filter(([name]) => name.endsWith('SAN_OPTIONS')));
  const gateAddress = server.address(plan);
  // Once it listens; a start that fails is told by its end.
  async function startGate(env = {}) {
    const gate = start('spawn-fcgi', ['-n', ...server.gate(plan), '--',
      join(service.state, 'app/cgi-bin/gate.fcgi')], { STATE: service.state, ...sanitizers, ...env });
    await until('the gate listens or has failed', async () =>
      !children.has(gate) || await isListening(gateAddress));
    return gate;
  }
  const gate = await startGate();
  if (program !== undefined) {
    start('spawn-fcgi', ['-n', '-s', join(home, 'application.sock'), '-M', '0600', '--', join(home, program)], sanitizers);
    await until('the application listens', () => isListening({ path: join(home, 'application.sock') }));
  }
  const running = start(served, args);

  async function stop() {
    fastcgi?.close();
    web.close();
    web.closeAllConnections();
    for (const child of children) {
      child.kill();
      await child.ended;
    }
    rmSync(home, { recursive: true });
  }
  const log = () => readdirSync(join(home, 'log'))
    .map((name) => readFileSync(join(home, 'log', name), 'utf8')).join('');
  await until('the site is served', async () =>
    !children.has(running) || await isListening({ host: '127.0.0.1', port }));
  if (!children.has(running)) throw new Error(`the site's ${served} does not start: ${log()}`);
  // As the client of the tests wants it.
  return { ...service, port, base: `http://127.0.0.1:${port}`, asked, gate, gateAddress, startGate,
    stop, home, guarded: server.guarded, programs: server.programs, misspelt: server.misspelt };
}

// A copy of the service and a site in front of it, which is its public address.
// The site's end is registered first: its gate is one of the copy's programs.
export async function useSite({ env = {}, ...made } = {}) {
  let site;
  after(() => site?.stop());
  const port = await freePort();
  const service = await useService({ env: {
    LATCHKEY_HTTP_PUBLIC_URL: `http://127.0.0.1:${port}`, ...env,
  } });
  site = await startSite(service, port, made);
  return { service, site };
}
