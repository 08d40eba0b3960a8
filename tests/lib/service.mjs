// A private copy of Latchkey: its own STATE, port, database and keys, started
// and stopped by tools/service as a person would do it.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import {
  existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { after, afterEach } from 'node:test';
import { fileURLToPath } from 'node:url';
import { seedDatabase } from './database.mjs';
import { front, startFront } from './front.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const build = resolve(root, process.env.BUILD ?? 'build');
export const isSanitized = build.endsWith('/asan');

const tool = join(root, 'tools/service');
// A STATE's path must be short, because of the unix sockets in it.
const longestTmpdir = 40;
// Below the ports that the system gives to outgoing connections.
const firstPort = 18_200;
const ports = 14_000;

const running = new Set();

function stopAll() {
  for (const { environment, server } of running) {
    server?.kill();
    spawnSync(tool, ['stop'], { env: environment });
  }
  running.clear();
}

// However this process ends, its copies end with it.  Where the runner was
// killed nobody hears what a test says, and there is no "exit" to come.
process.on('exit', stopAll);
process.on('uncaughtExceptionMonitor', ({ code }) => { if (code === 'EPIPE') stopAll(); });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

function isFree(port) {
  return new Promise((answer) => {
    const server = createServer();
    server.once('error', () => answer(false));
    server.listen(port, '127.0.0.1', () => server.close(() => answer(true)));
  });
}

// Whether a port is ours until this process ends.  A service binds it seconds
// later, so its being free is not enough: the claim is a socket without a file,
// which the kernel takes away with its owner.
function claim(port) {
  return new Promise((answer) => {
    const socket = createServer();
    socket.once('error', () => answer(false));
    socket.listen(`\0latchkey-test-port-${port}`, () => {
      socket.unref();
      answer(true);
    });
  });
}

// Test files run side by side: each begins to look at another place.
let next = process.pid * 37;
export async function freePort() {
  for (;;) {
    const port = firstPort + next++ % ports;
    if (await claim(port) && await isFree(port)) return port;
  }
}

// Settings of whoever runs the tests must not reach the copies.
export function cleanEnvironment(more = {}) {
  const ours = ([name]) => !name.startsWith('LATCHKEY_') && name !== 'STATE' && name !== 'PORT';
  return { ...Object.fromEntries(Object.entries(process.env).filter(ours)), BUILD: build, ...more };
}

export function makeState() {
  const parent = tmpdir().length > longestTmpdir ? '/tmp' : tmpdir();
  return mkdtempSync(join(parent, 'lk-'));
}

// Run a program to its end: { status, stdout, stderr }, whatever the status.
export function run(program, args, { env = cleanEnvironment(), input = '', ...rest } = {}) {
  return new Promise((done) => {
    const child = execFile(program, args, { env, cwd: root, ...rest }, (error, stdout, stderr) => {
      done({ status: error === null ? 0 : error.code ?? error.signal, stdout, stderr });
    });
    // A program that refuses to start reads no input.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

export const serviceTool = (verb, env) => run(tool, [verb], { env });

const sanitizerReport = /ERROR: \w+Sanitizer|SUMMARY: \w+Sanitizer|runtime error:/;
// lighttpd's word for an endpoint that died, other than by KILL or TERM.
const crash = /child signalled: (?!9\b|15\b)\d+/;

function readLogs(state) {
  const dir = join(state, 'log');
  return readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), 'utf8')]);
}

function checkLogs(state, secrets) {
  for (const [name, text] of readLogs(state)) {
    assert.doesNotMatch(text, sanitizerReport, `${name} holds a sanitizer's report`);
    assert.doesNotMatch(text, crash, 'an endpoint crashed');
    for (const secret of secrets) {
      assert.ok(!text.includes(secret), `${name} holds a secret: ${secret}`);
    }
  }
}

// All processes: [pid, command line].
function processes() {
  const found = [];
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      found.push([Number(pid), readFileSync(`/proc/${pid}/cmdline`, 'utf8')]);
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}

function parentOf(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[1]);
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

// The processes that STATE's lighttpd keeps: { login: pid, ... }.  A request by
// CGI is a process of the same program, of another server.
function endpointPids(state) {
  const programs = join(state, 'app/cgi-bin/');
  const lighttpd = Number(readFileSync(join(state, 'run/lighttpd.pid'), 'utf8').split(' ')[0]);
  return Object.fromEntries(processes()
    .map(([pid, line]) => [pid, line.split('\0')[0]])
    .filter(([pid, program]) => program.startsWith(programs) && parentOf(pid) === lighttpd)
    .map(([pid, program]) => [basename(program, '.fcgi'), pid]));
}

// What runs and names STATE; nothing should, once it is stopped.
export const leftOvers = (state) => processes().map(([, line]) => line)
  .filter((line) => line.includes(state));

// An id as the database has it.
export const sqlId = (id) => `UNHEX('${id.replaceAll('-', '')}')`;

// A copy that is stopped again, its database as empty as MariaDB makes it.
async function makeSeed() {
  const service = await startService({ isPlain: true, isFirst: true });
  await service.sql('DROP DATABASE latchkey; CREATE DATABASE latchkey');
  return service.stop({ keeps: true });
}

// env: LATCHKEY_* settings.  isPlain: no other web server in front of it.
// isFirst: it makes its database itself, as a person's first start does.
export async function startService({ env = {}, isPlain = false, isFirst = false } = {}) {
  const state = makeState();
  const isElsewhere = 'LATCHKEY_DB_HOST' in env || 'LATCHKEY_DB_SOCKET' in env;
  if (!isFirst && !isElsewhere) await seedDatabase(root, state, makeSeed);
  const inner = await freePort();
  const port = front === 'lighttpd' || isPlain ? inner : await freePort();
  const base = `http://127.0.0.1:${port}`;
  // No latchkey.conf of the project's directory is meant for the tests.
  writeFileSync(join(state, 'latchkey.conf'), '# The settings are in the environment.\n');
  const environment = cleanEnvironment({
    STATE: state, PORT: String(inner),
    // What lighttpd's port would make of it.
    ...port !== inner && { LATCHKEY_HTTP_PUBLIC_URL: base },
    ...env,
  });
  const call = async (verb) => {
    const { status, stdout, stderr } = await serviceTool(verb, environment);
    assert.equal(status, 0, `tools/service ${verb}: ${stdout}${stderr}`);
  };
  const copy = { environment };
  running.add(copy);
  await call('start');
  if (port !== inner) copy.server = await startFront({
    root, build, state, port, gatePort: await freePort(),
  });
  const owner = statSync(state);
  const service = {
    base,
    state,
    port,
    environment,
    // The web server in front, where it is not lighttpd.
    front: copy.server,
    // As whom the endpoints run: { uid, gid }.
    owner: { uid: owner.uid, gid: owner.gid },
    // What must never turn up in a log; the client adds to it.
    secrets: new Set(),
    // Connections that would keep lighttpd from stopping at once.
    agents: new Set(),
    stop,
    dbStop: () => call('db-stop'),
    dbStart: () => call('db-start'),
    ctl: (args, options) => run(join(state, 'app/bin/latchkeyctl'), args,
      { env: environment, ...options }),
    // Rows as arrays of texts; the statement comes from the test alone.
    sql,
    pids: () => endpointPids(state),
    databasePid,
    logText: () => readLogs(state).map(([, text]) => text).join(''),
    // What a person would look at first.
    logEnd: () => readLogs(state).filter(([name]) => !name.startsWith('mariadb'))
      .map(([name, text]) => [`--- ${name}`, ...text.trimEnd().split('\n').slice(-15)].join('\n'))
      .join('\n'),
    // The endpoints' log, line by line.
    log: () => readFileSync(join(state, 'log/latchkey.log'), 'utf8').split('\n').slice(0, -1)
      .map((line) => JSON.parse(line)),
  };

  async function stop({ keeps = false } = {}) {
    if (!running.has(copy)) return state;
    for (const agent of service.agents) agent.destroy();
    await copy.server?.stop();
    await call('stop');
    running.delete(copy);
    try {
      assert.deepEqual(leftOvers(state), [], 'nothing runs any more');
      checkLogs(state, service.secrets);
    } finally {
      if (!keeps) rmSync(state, { recursive: true });
    }
    return state;
  }

  // Not there while it starts.
  function databasePid() {
    const file = join(state, 'run/mariadbd.pid');
    return existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
  }

  async function sql(statement, { user = 'latchkey_admin' } = {}) {
    const file = user === 'latchkey' ? 'db-password' : 'db-admin-password';
    const password = readFileSync(join(state, file), 'utf8').trim();
    const { status, stdout, stderr } = await run('mariadb', [
      '--no-defaults', '--batch', '--raw', '--skip-column-names',
      `--socket=${state}/run/mariadb.sock`, `--user=${user}`, 'latchkey',
    ], { env: cleanEnvironment({ MYSQL_PWD: password }), input: statement });
    assert.equal(status, 0, stderr);
    return stdout.split('\n').slice(0, -1).map((line) => line.split('\t'));
  }

  return service;
}

// One copy for a whole file.  Where a test fails, the log's end is shown.
export async function useService(options) {
  const service = await startService(options);
  let hasFailed = false;
  afterEach((t) => { hasFailed ||= t.passed === false; });
  after(async () => {
    if (hasFailed) console.error(service.logEnd());
    await service.stop();
  });
  return service;
}
