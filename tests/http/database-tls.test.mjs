// A database over the network: nobody listens, and nobody else answers.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { freePort, root, startService, useService } from '../lib/service.mjs';

const service = await useService();
const { state, owner: { uid, gid } } = service;
const settings = join(state, 'app/mariadb.cnf');
const usual = readFileSync(settings, 'utf8');
const port = await freePort();
const passwordOf = (name) => readFileSync(join(state, name), 'utf8').trim();

function give(dir) {
  for (const name of ['', ...readdirSync(dir)]) chownSync(join(dir, name), uid, gid);
  return join(dir, 'certificate.pem');
}

// Each vouches for itself alone.
const right = join(state, 'right');
const other = join(state, 'other');
const elsewhere = join(state, 'elsewhere');
for (const dir of [right, other]) execFileSync(join(root, 'tools/certificate'), [dir], { stdio: 'pipe' });
mkdirSync(elsewhere);
execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
  '-subj', '/CN=db.example.org', '-addext', 'subjectAltName=DNS:db.example.org',
  '-keyout', 'key.pem', '-out', 'certificate.pem'], { cwd: elsewhere, stdio: 'pipe' });
const authority = Object.fromEntries(Object.entries({ right, other, elsewhere })
  .map(([name, dir]) => [name, give(dir)]));

// "careless" may also come without TLS.
const users = join(state, 'users.sql');
writeFileSync(users, [
  ['latchkey', 'db-password', ' REQUIRE SSL'],
  ['latchkey_admin', 'db-admin-password', ' REQUIRE SSL'],
  ['careless', 'db-password', ''],
].map(([name, file, how]) => `
  CREATE USER IF NOT EXISTS ${name}@127.0.0.1 IDENTIFIED BY '${passwordOf(file)}'${how};
  GRANT ALL PRIVILEGES ON latchkey.* TO ${name}@127.0.0.1;`).join(''), { mode: 0o600 });
chownSync(users, uid, gid);

// dir: of the server's certificate; null: it has none.
let shown;
async function listen(dir) {
  if (shown === dir) return;
  shown = dir;
  await service.dbStop();
  writeFileSync(settings, [usual, 'skip-networking = 0', 'bind-address = 127.0.0.1',
    `port = ${port}`, `init-file = ${users}`,
    ...(dir === null ? [] : [`ssl-cert = ${dir}/certificate.pem`, `ssl-key = ${dir}/key.pem`]),
    ''].join('\n'));
  await service.dbStart();
}

const far = (tls, ca, user = 'latchkey') => ({
  LATCHKEY_DB_HOST: '127.0.0.1',
  LATCHKEY_DB_PORT: String(port),
  LATCHKEY_DB_TLS: tls,
  LATCHKEY_DB_USER: user,
  LATCHKEY_DB_PASSWORD_FILE: join(state, 'db-password'),
  ...ca !== undefined && { LATCHKEY_DB_TLS_CA: authority[ca] },
});

const ask = (...how) => service.ctl(['role', 'list'],
  { env: { ...service.environment, ...far(...how) } });

async function isAnswered(...how) {
  const { status, stdout, stderr } = await ask(...how);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /ADMIN/);
}

async function isRefused(message, ...how) {
  const { status, stdout, stderr } = await ask(...how);
  assert.notEqual(status, 0);
  assert.equal(stdout, '');
  assert.match(stderr, message);
}

test('a server that can prove who it is', async () => {
  await listen(right);
  await isAnswered('verify', 'right');
  await isAnswered('on');
});

test('a server of another authority is refused, unless nobody asks', async () => {
  await listen(right);
  await isRefused(/TLS|SSL|certificate/i, 'verify', 'other');
  await isAnswered('on', 'other');
});

test('who must use TLS is refused without', async () => {
  await listen(right);
  await isRefused(/Access denied/, 'off');
  await isAnswered('off', undefined, 'careless');
});

test('endpoints and migrations use it, or are out of service', async () => {
  await listen(right);
  const second = await startService({ env: {
    ...far('verify', 'right', 'careless'),
    LATCHKEY_DB_ADMIN_USER: 'latchkey_admin',
    LATCHKEY_DB_ADMIN_PASSWORD_FILE: join(state, 'db-admin-password'),
  } });
  const { newcomer, refresh } = api(second);
  const ann = await newcomer();
  const fresh = await refresh(ann.refreshToken);
  isOk(fresh);
  const where = `email = '${ann.user.email}'`;
  assert.deepEqual(await service.sql(`SELECT COUNT(*) FROM user WHERE ${where}`), [['1']]);
  await listen(null);
  isProblem(await refresh(fresh.body.refreshToken), 'unavailable');
  await second.stop();
});

test('a certificate for another name is refused, unless nobody asks', async () => {
  await listen(elsewhere);
  await isRefused(/TLS|SSL|certificate/i, 'verify', 'elsewhere');
  await isAnswered('on');
});

test('a server that has no TLS is refused, unless it may do without', async () => {
  await listen(null);
  await isRefused(/TLS|SSL/i, 'on', undefined, 'careless');
  await isRefused(/TLS|SSL/i, 'verify', 'right', 'careless');
  await isAnswered('off', undefined, 'careless');
});
