// A site of somebody's own: its lighttpd with deploy/lighttpd/gate.conf, files,
// a CGI program and a FastCGI application.
import { spawn } from 'node:child_process';
import {
  chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { readRecords, record, type } from './fcgi.mjs';
import { freePort, root, useService } from './service.mjs';
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
        : `Status: 200 OK\r\nContent-Type: text/plain\r\n\r\nThe site behind the gate\n${
          Object.entries(request.variables).map(([name, value]) => `${name}=${value}\n`).join('')
        }body=${request.body.length}\n`;
      socket.end(Buffer.concat([record(type.stdout, text), record(type.stdout),
        record(type.end, Buffer.alloc(8))]));
    });
  });
  return new Promise((done) => { server.listen(path, () => done(server)); });
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
  cpSync(join(root, 'deploy/lighttpd/gate.conf'), join(home, 'gate.conf'));
  for (const [to, from] of Object.entries(files)) cpSync(from, join(home, to));
  mkdirSync(join(home, 'log'));
  writeFileSync(join(home, 'main.conf'), `var.site = "${home}"
var.log = "${home}/log"
var.port = ${port}
var.gate = "${home}/gate.sock"
var.application = "${home}/application.sock"
var.latchkey_port = ${service.port}
include "${home}/lighttpd.conf"
include "${home}/gate.conf"
`);
  let server;
  if (program === undefined) {
    server = await application(join(home, 'application.sock'), asked);
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
  // Once it listens; a start that fails is told by its end.
  async function startGate(env = {}) {
    const gate = start('spawn-fcgi', ['-n', '-s', join(home, 'gate.sock'), '-M', '0600', '--',
      join(service.state, 'app/cgi-bin/gate.fcgi')], { STATE: service.state, ...sanitizers, ...env });
    await until('the gate listens or has failed', async () =>
      !children.has(gate) || await isListening({ path: join(home, 'gate.sock') }));
    return gate;
  }
  const gate = await startGate();
  if (program !== undefined) {
    start('spawn-fcgi', ['-n', '-s', join(home, 'application.sock'), '-M', '0600', '--', join(home, program)], sanitizers);
    await until('the application listens', () => isListening({ path: join(home, 'application.sock') }));
  }
  const web = start('lighttpd', ['-D', '-f', join(home, 'main.conf')]);

  async function stop() {
    server?.close();
    for (const child of children) {
      child.kill();
      await child.ended;
    }
    rmSync(home, { recursive: true });
  }
  const log = () => readFileSync(join(home, 'log/lighttpd.log'), 'utf8');
  await until('the site is served', async () =>
    !children.has(web) || await isListening({ host: '127.0.0.1', port }));
  if (!children.has(web)) throw new Error(`the site's lighttpd does not start: ${log()}`);
  // As the client of the tests wants it.
  return { ...service, port, base: `http://127.0.0.1:${port}`, asked, gate, startGate, stop, home, gateSocket: join(home, 'gate.sock') };
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
