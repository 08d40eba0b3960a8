// Settings: what is not understood, or not safe, stops the start with a line
// that says what and where.
import assert from 'node:assert/strict';
import { chmodSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import test, { after } from 'node:test';
import {
  build, cleanEnvironment, freePort, leftOvers, makeState, root, run, serviceTool,
} from '../lib/service.mjs';
import { until } from '../lib/wait.mjs';

const state = makeState();
after(() => rmSync(state, { recursive: true }));
const file = join(state, 'test.conf');

const ctl = (args, env = {}) => run(join(build, 'bin/latchkeyctl'), args,
  { env: cleanEnvironment({ STATE: state, ...env }) });
const show = (env) => ctl(['config', 'show'], env);

// One line, beginning with who says it, and naming what is wrong.
function isOneLine(stderr, ...needles) {
  assert.match(stderr, /^[^\n]+\n$/, 'exactly one line');
  for (const needle of needles) assert.ok(stderr.includes(needle), `${needle}: ${stderr}`);
}

async function isRefused(env, ...needles) {
  const { status, stderr, stdout } = await show(env);
  assert.equal(status, 1, stdout);
  isOneLine(stderr, 'latchkeyctl: ', ...needles);
  assert.equal(stdout, '');
}

// The same text as a file.
async function isRefusedInFile(text, ...needles) {
  writeFileSync(file, text);
  await isRefused({ LATCHKEY_CONFIG: file }, ...needles);
}

async function settings(env) {
  const { status, stdout, stderr } = await show(env);
  assert.equal(status, 0, stderr);
  return Object.fromEntries(stdout.split('\n').slice(0, -1).map((line) => line.split(/ = ?/)));
}

const variable = (name) => `LATCHKEY_${name.toUpperCase().replaceAll('.', '_')}`;

// name: [default, least, below least]
const numbers = {
  'token.access_ttl_s': ['900', '1', '0'],
  'token.refresh_idle_s': ['604800', '1', '0'],
  'token.leeway_s': ['0', '0', '-1'],
  'session.max_age_s': ['2592000', '1', '0'],
  'session.max_per_user': ['50', '1', '0'],
  'refresh.grace_s': ['30', '0', '-1'],
  'password.min_length': ['8', '8', '7'],
  'revocation.staleness_ms': ['1000', '0', '-1'],
  'revocation.max_offline_s': ['60', '0', '-1'],
  'db.pool': ['2', '1', '0'],
};
for (const [name, [fallback, least, below]] of Object.entries(numbers)) {
  test(`${name} is ${fallback}, and at least ${least}`, async () => {
    assert.equal((await settings())[name], fallback);
    assert.equal((await settings({ [variable(name)]: least }))[name], least);
    for (const value of [below, '', 'x', '1.5', '1e3', '0x10', '5 5', '99999999999999999999', '+5']) {
      await isRefused({ [variable(name)]: value }, variable(name));
    }
    await isRefusedInFile(`# a comment\n\n${name} = ${below}\n`, `${file}:3:`, name);
  });
}

const texts = {
  'token.alg': ['HS256', 'RS256', 'EdDSA', 'ES256'],
  'token.typ': ['JWT', 'at+jwt'],
  'token.audience': ['api'],
  'token.issuer': ['https://id.example.org'],
  'registration.roles': ['USER,EDITOR', 'EDITOR'],
  'refresh.require_access_token': ['yes', 'no'],
  'limit.enabled': ['no', 'yes'],
  'cors.origins': ['https://app.example.org, http://localhost:5173'],
  'gate.login_url': ['/gate/login.html', '/', '/login?from=gate', 'https://login.example.org',
    'https://login.example.org:8443/a/b?c=d'],
  'db.socket': ['/run/mysqld/mysqld.sock'],
  'keys.dir': ['/etc/latchkey/keys'],
};
for (const [name, values] of Object.entries(texts)) {
  test(`${name} is accepted`, async () => {
    for (const value of values) assert.equal((await settings({ [variable(name)]: value }))[name], value);
  });
}

const nonsense = {
  'token.alg': ['none', 'HS512', 'es256', '', 'ES256 '],
  'token.typ': ['jwt', ''],
  'token.audience': [''],
  'http.public_url': ['', 'example.org', 'ftp://example.org', 'https://example.org/path', 'https://'],
  'registration.roles': ['', 'user', 'USER;ADMIN', 'US ER', ','],
  'refresh.require_access_token': ['true', '1', 'Yes', ''],
  'cors.origins': ['*', 'example.org', 'https://example.org/', 'null'],
  'gate.login_url': ['login.html', '//evil', '/\\evil', '/..', '/a b', 'http://example.org/', 'https://', 'https:/a',
    'https://a b/', 'https://user@example.org/', 'https://example.org/<b>', 'javascript:alert(1)', '/%0d%0aX'],
  'log.level': ['verbose'],
  'db.tls': ['yes', 'on'],
};
for (const [name, values] of Object.entries(nonsense)) {
  test(`${name} does not take everything`, async () => {
    for (const value of values) {
      const { status, stderr } = await show({ [variable(name)]: value });
      assert.equal(status, 1, JSON.stringify(value));
      isOneLine(stderr);
      assert.ok(stderr.includes(name) || stderr.includes(variable(name)), stderr);
    }
  });
}

test('an unknown variable is named', async () => {
  for (const name of ['LATCHKEY_TOKEN_ACCES_TTL_S', 'LATCHKEY_', 'LATCHKEY_token_alg', 'LATCHKEY_X']) {
    await isRefused({ [name]: '1' }, name);
  }
});

test('an unknown name in the file is told with its line', async () => {
  await isRefusedInFile('token.alg = ES256\n\n  token.algorithm = ES256\n',
    `${file}:3:`, 'token.algorithm');
  await isRefusedInFile('Token.Alg = ES256\n', `${file}:1:`, 'Token.Alg');
});

test('a name twice in the file is told with its line', async () => {
  await isRefusedInFile('db.pool = 2\ntoken.alg = ES256\ndb.pool = 3\n', `${file}:3:`, 'db.pool');
});

test('a line that is no setting is told', async () => {
  for (const line of ['token.alg', '[token]', 'token.alg: ES256', '= x']) {
    await isRefusedInFile(`\n${line}\n`, `${file}:2:`);
  }
});

test('a file that is not there is told', async () => {
  await isRefused({ LATCHKEY_CONFIG: join(state, 'absent.conf') }, 'absent.conf');
});

test('a file that others may write, or that is a link, is not trusted', async () => {
  writeFileSync(file, 'db.pool = 2\n');
  chmodSync(file, 0o666);
  await isRefused({ LATCHKEY_CONFIG: file }, file);
  chmodSync(file, 0o644);
  const link = join(state, 'link.conf');
  symlinkSync(file, link);
  await isRefused({ LATCHKEY_CONFIG: link }, link);
});

test('the environment wins over the file, the file over the defaults', async () => {
  writeFileSync(file, '# comment\n  db.pool = 5  \n\ttoken.alg=RS256\n#token.alg = HS256\n');
  const inFile = await settings({ LATCHKEY_CONFIG: file });
  assert.equal(inFile['db.pool'], '5');
  assert.equal(inFile['token.alg'], 'RS256');
  assert.equal(inFile['token.access_ttl_s'], '900');
  assert.equal((await settings({ LATCHKEY_CONFIG: file, LATCHKEY_DB_POOL: '7' }))['db.pool'], '7');
});

test('a socket and a host exclude each other', async () => {
  await isRefused({ LATCHKEY_DB_SOCKET: '/x', LATCHKEY_DB_HOST: 'db.example.org' },
    'db.socket', 'db.host');
});

test('N46 argon2 is never weaker than the known table', async () => {
  const check = (memory, passes) => ctl(['config', 'check'], {
    LATCHKEY_PASSWORD_ARGON2_MEMORY_KIB: memory, LATCHKEY_PASSWORD_ARGON2_PASSES: passes,
  });
  const table = { 1: '47104', 2: '19456', 3: '12288', 4: '9216', 5: '7168' };
  for (const [passes, memory] of Object.entries(table)) {
    assert.equal((await check(memory, passes)).status, 0, `${memory} ${passes}`);
    const { status, stderr } = await check(String(memory - 1), passes);
    assert.equal(status, 1, `${memory - 1} ${passes}`);
    isOneLine(stderr);
    assert.match(stderr, /argon2/i);
  }
});

test('config check says that eight characters are few without a second factor', async () => {
  assert.match((await ctl(['config', 'check'])).stdout, /password\.min_length.*15/);
  assert.doesNotMatch((await ctl(['config', 'check'], { LATCHKEY_PASSWORD_MIN_LENGTH: '15' })).stdout,
    /min_length/);
});

test('config check says that anybody may become an administrator', async () => {
  const isSaid = /registration\.roles/;
  for (const roles of ['USER', 'USER,EDITOR']) {
    assert.doesNotMatch((await ctl(['config', 'check'], { LATCHKEY_REGISTRATION_ROLES: roles })).stdout, isSaid);
  }
  assert.match((await ctl(['config', 'check'], { LATCHKEY_REGISTRATION_ROLES: 'USER, ADMIN' })).stdout, isSaid);
});

test('latchkey.conf.example is current, and works as it is', async () => {
  const example = join(root, 'latchkey.conf.example');
  const { stdout } = await ctl(['config', 'example']);
  assert.ok(stdout === readFileSync(example, 'utf8'), 'run make latchkey.conf.example');
  writeFileSync(file, stdout, { mode: 0o644 });
  assert.equal((await show({ LATCHKEY_CONFIG: file })).status, 0);
});

test('every line of the example can be uncommented', async () => {
  const { stdout } = await ctl(['config', 'example']);
  writeFileSync(file, stdout.replaceAll(/^#([a-z0-9_]+\.[a-z0-9_.]+ =)/gm, '$1'));
  assert.deepEqual(await settings({ LATCHKEY_CONFIG: file }), await settings());
});

test('what config show prints can be read again', async () => {
  writeFileSync(file, (await show({ LATCHKEY_DB_POOL: '3' })).stdout);
  assert.equal((await settings({ LATCHKEY_CONFIG: file }))['db.pool'], '3');
});

test('latchkeyctl tells a wrong call from a failure', async () => {
  for (const args of [[], ['config'], ['config', 'eat'], ['user', 'add', '--mail', 'x'], ['--version']]) {
    const { status, stderr } = await ctl(args);
    assert.equal(status, 2, args.join(' '));
    isOneLine(stderr, 'latchkeyctl: ');
  }
});

test('an endpoint refuses to start, too', async () => {
  const { status, stderr } = await run(join(build, 'cgi-bin/weather.fcgi'), [],
    { env: cleanEnvironment({ STATE: state, LATCHKEY_TOKEN_ALGO: 'x' }) });
  assert.equal(status, 1);
  isOneLine(stderr, 'LATCHKEY_TOKEN_ALGO');
});

// What a person sees who types make start.
async function startIsRefused(env, ...needles) {
  const copy = makeState();
  try {
    writeFileSync(join(copy, 'latchkey.conf'), env.conf ?? '');
    const port = String(env.PORT ?? await freePort());
    const { status, stderr } = await serviceTool('start',
      cleanEnvironment({ STATE: copy, PORT: port, ...env.settings }));
    assert.equal(status, 1);
    isOneLine(stderr, ...needles);
    await until('nothing runs any more', () => leftOvers(copy).length === 0);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

test('make start: an unknown variable', () => startIsRefused(
  { settings: { LATCHKEY_TOKN_ALG: 'ES256' } }, 'LATCHKEY_TOKN_ALG'));

test('make start: an unknown name in STATE/latchkey.conf', () => startIsRefused(
  { conf: '\ntoken.algo = ES256\n' }, 'latchkey.conf:2:', 'token.algo'));

test('make start: a value out of range', () => startIsRefused(
  { settings: { LATCHKEY_PASSWORD_MIN_LENGTH: '7' } }, 'LATCHKEY_PASSWORD_MIN_LENGTH'));

test('make start: hashes that are too weak', () => startIsRefused(
  { settings: { LATCHKEY_PASSWORD_ARGON2_PASSES: '1' } }, 'argon2'));

test('make start: a database that is not there', () => startIsRefused(
  { settings: { LATCHKEY_DB_SOCKET: '/nonexistent/mariadb.sock' } }, 'database'));

test('make start: a port that is taken', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((ready) => { server.once('listening', ready); });
  const { port } = server.address();
  await startIsRefused({ PORT: port }, String(port), 'taken');
  server.close();
});

test('make start: a port that is none', async () => {
  for (const port of ['0', '65536', 'http', '-1', '80 80']) {
    await startIsRefused({ PORT: port }, 'PORT');
  }
});
