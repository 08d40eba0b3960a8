// latchkeyctl doctor: each thing that can be wrong is made wrong and told.
import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { useService } from '../lib/service.mjs';

const service = await useService();

async function doctor(...args) {
  const { status, stdout, stderr } = await service.ctl(['doctor', '--json', ...args]);
  const { findings } = JSON.parse(stdout);
  const wrong = findings.filter(({ finding }) => finding === 'WRONG');
  assert.equal(status, wrong.length > 0 ? 1 : 0, stdout + stderr);
  return { findings, wrong, of: (about) => findings.find((row) => row.about === about) };
}

async function isWrong(about, message, ...args) {
  const { wrong } = await doctor(...args);
  assert.deepEqual(wrong.map((row) => row.about), [about]);
  assert.match(wrong[0].message, message);
}

// A web server in front of ours that does something wrong.
const fronts = [];
after(() => fronts.forEach((front) => front.close()));
async function front(change) {
  const server = createServer((incoming, outgoing) => {
    const options = { port: service.port, host: '127.0.0.1', path: incoming.url, headers: incoming.headers };
    change.request?.(options, incoming);
    request(options, (answer) => {
      const headers = { ...answer.headers };
      change.answer?.(headers);
      outgoing.writeHead(answer.statusCode, headers);
      answer.pipe(outgoing);
    }).end();
  });
  fronts.push(server);
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return `http://127.0.0.1:${server.address().port}/`;
}

test('where nothing is wrong it says so, and exits 0', async () => {
  const { wrong, findings } = await doctor('--guarded', '/private/');
  assert.deepEqual(wrong, []);
  assert.deepEqual(findings.map(({ about }) => about), ['settings', 'key files', 'token key', 'refresh key',
    'sockets', 'database', 'schema', 'clock', 'web server', 'endpoints', 'tokens', 'gate']);
  const { status, stdout } = await service.ctl(['doctor']);
  assert.equal(status, 0);
  for (const line of stdout.trimEnd().split('\n')) assert.match(line, /^ok {5}[a-z ]+ {2,}\S/);
});

test('whoever registers can be an administrator', async () => {
  const env = { ...service.environment, LATCHKEY_REGISTRATION_ROLES: 'USER,ADMIN' };
  const { status, stdout } = await service.ctl(['doctor'], { env });
  assert.equal(status, 1);
  assert.match(stdout, /^WRONG +settings +.*registration\.roles/m);
});

test('a front that keeps the Authorization header to itself', async () => {
  const url = await front({ request: ({ headers }) => { delete headers.authorization; } });
  await isWrong('tokens', /Authorization is lost on the way/, '--url', url);
});

test('somebody else who answers', async () => {
  const url = await front({ answer: (headers) => { delete headers['x-request-id']; } });
  await isWrong('web server', /not by Latchkey/, '--url', url);
});

test('nobody who answers', async () => {
  await isWrong('web server', /nobody answers/, '--url', 'http://127.0.0.1:1');
});

test('a web server whose clock is off', async () => {
  const url = await front({ answer: (headers) => { headers.date = 'Sun, 22 Nov 2026 10:00:00 GMT'; } });
  await isWrong('clock', /differs from the web server's/, '--url', url);
});

test('a path that is served without a token, in whatever spelling', async () => {
  await isWrong('gate', /^\/ is served to somebody without a token/, '--guarded', '/');
  const careless = await front({ request: (options, { url }) => {
    if (url.startsWith('//private')) options.path = '/';
  } });
  await isWrong('gate', /^\/\/private\/ is served/, '--guarded', '/private/', '--url', careless);
});

test('a directory of sockets that others may enter', async () => {
  chmodSync(join(service.state, 'run'), 0o755);
  await isWrong('sockets', /others may enter .*; chmod o-rwx/);
  chmodSync(join(service.state, 'run'), 0o700);
});

test('a key file that others may read', async () => {
  const list = join(service.state, 'keys/keys.list');
  const id = /^refresh (\S+)/m.exec(readFileSync(list, 'utf8'))[1];
  const file = join(service.state, `keys/refresh-${id}.hmac`);
  chmodSync(file, 0o644);
  await isWrong('key files', /accessible to others; chmod 600/);
  chmodSync(file, 0o600);
});

test('a key that has signed for more than a year is worth a note, and no failure', async () => {
  const list = join(service.state, 'keys/keys.list');
  const before = readFileSync(list, 'utf8');
  const old = Math.floor(Date.now() / 1000) - 400 * 86_400;
  writeFileSync(list, before.replaceAll(/\b1[0-9]{9}\b/g, String(old)));
  const { wrong, of } = await doctor();
  writeFileSync(list, before);
  assert.deepEqual(wrong, []);
  assert.equal(of('token key').finding, 'note');
  assert.match(of('token key').message, /400 days; latchkeyctl key rotate$/);
  assert.match(of('refresh key').message, /latchkeyctl key rotate --refresh$/);
});

test('a proxy that is not trusted: everybody comes from this host', async () => {
  const add = (ip) => service.sql('INSERT INTO audit (at_ms, event, ip, user_agent, request_id)' +
    ` SELECT 1, 'login_ok', '${ip}', '', '' FROM seq_1_to_30`);
  const ask = () => doctor('--url', 'http://127.0.0.2:1');
  await add('127.0.0.1');
  assert.equal((await doctor()).of('addresses'), undefined);
  assert.match((await ask()).of('addresses').message, /does not trust the proxy/);
  await add('203.0.113.7');
  assert.equal((await ask()).of('addresses').finding, 'ok');
});

test('a schema that is behind', async () => {
  const [[version]] = await service.sql('SELECT MAX(version) FROM schema_migration');
  await service.sql(`UPDATE schema_migration SET version = 0 WHERE version = ${version}`);
  const { wrong } = await doctor();
  await service.sql(`UPDATE schema_migration SET version = ${version} WHERE version = 0`);
  assert.deepEqual(wrong.map(({ about }) => about), ['schema', 'endpoints']);
  assert.match(wrong[0].message, /latchkeyctl migrate/);
});

test('no database', async () => {
  await service.dbStop();
  const { wrong } = await doctor();
  await service.dbStart();
  assert.deepEqual(wrong.map(({ about }) => about), ['database', 'endpoints']);
});

test('an address or a path that is none', async () => {
  for (const args of [['--url', 'ftp://x'], ['--url', 'x'], ['--guarded', 'x'], ['--url', 'file:///etc/passwd']]) {
    assert.equal((await service.ctl(['doctor', ...args])).status, 2, args.join(' '));
  }
});
