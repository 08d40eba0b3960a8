// Section N of the attack catalogue: key files that nobody should sign with.
import assert from 'node:assert/strict';
import {
  createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes,
} from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, beforeEach } from 'node:test';
import {
  build, cleanEnvironment, freePort, leftOvers, makeState, run, serviceTool,
} from '../lib/service.mjs';
import { until } from '../lib/wait.mjs';

const state = makeState();
const keys = join(state, 'keys');
after(() => rmSync(state, { recursive: true }));
beforeEach(() => {
  rmSync(keys, { recursive: true, force: true });
  mkdirSync(keys, { mode: 0o700 });
});

const ctl = (...args) => run(join(build, 'bin/latchkeyctl'), args,
  { env: cleanEnvironment({ STATE: state }) });

// Members of a public key in the order of RFC 7638.
function thumbprint(key) {
  const { crv, e, kty, n, x, y } = createPublicKey(key).export({ format: 'jwk' });
  return createHash('sha256').update(JSON.stringify({ crv, e, kty, n, x, y })).digest('base64url');
}

const pem = (type, options, encoding = {}) => generateKeyPairSync(type, {
  ...options, privateKeyEncoding: { type: 'pkcs8', format: 'pem', ...encoding },
}).privateKey;

function put(name, bytes, mode = 0o600) {
  const path = join(keys, name);
  writeFileSync(path, bytes);
  chmodSync(path, mode);
  return path;
}

async function isRefused(path, why) {
  const { status, stderr } = await ctl('key', 'init');
  assert.equal(status, 1, `${path} was taken`);
  assert.match(stderr, /^latchkeyctl: [^\n]+\n$/, 'exactly one line');
  assert.ok(stderr.includes(path), stderr);
  assert.match(stderr, why);
}

const good = {
  'EC P-256': pem('ec', { namedCurve: 'P-256' }),
  'Ed25519': pem('ed25519'),
  'RSA 2048': pem('rsa', { modulusLength: 2048 }),
};
for (const [name, text] of Object.entries(good)) {
  test(`a key of one's own is taken in: ${name}`, async () => {
    const kid = thumbprint(createPrivateKey(text));
    put(`token-${kid}.pem`, text);
    const { status, stderr } = await ctl('key', 'init');
    assert.equal(status, 0, stderr);
    assert.match((await ctl('key', 'list')).stdout, new RegExp(`^token +${kid} `, 'm'));
  });
}

test('a key under another name than its thumbprint is not taken in', async () => {
  const path = put('token-mine.pem', good['EC P-256']);
  await isRefused(path, /thumbprint/);
});

const secrets = {
  'J-221 nothing': ['', /shorter/],
  'J-221 31 random bytes': [randomBytes(31), /shorter/],
  'J-223 a newline behind': [`${randomBytes(24).toString('base64')}\n`, /newline/],
  'J-223 CR LF behind': [`${randomBytes(24).toString('base64')}\r\n`, /newline/],
  'J-223 a BOM before': [`\ufeff${randomBytes(24).toString('base64')}`, /byte order mark/],
  'J-032 zeros': [Buffer.alloc(32), /repeats/],
  'J-032 one letter': ['a'.repeat(64), /repeats/],
  'J-032 digits in a row': ['0123456789'.repeat(4), /repeats|counts/],
  'J-032 secret': ['secret'.repeat(8), /./],
  'J-032 your-256-bit-secret': ['your-256-bit-secret-goes-here-ok', /./],
  'J-032 a sample of a walk-through': ['JWTAuthenticationHIGHsecuredPasswordVVVp1OH7Xzyr', /./],
  'J-032 another': ['ThisIsTheSecretKeyForMyApplication1234567890', /./],
  'J-032 and another': ['mysupersecret_secretkey!123_for#MartinezApi!', /./],
  'J-032 words': ['the quick brown fox jumps over the lazy dog', /./],
  'a PEM file': [good['EC P-256'], /./],
};
for (const [name, [bytes, why]] of Object.entries(secrets)) {
  for (const kind of ['token', 'refresh']) {
    test(`${name} is no secret for ${kind} keys`, async () => {
      await isRefused(put(`${kind}-0a1b2c3d.hmac`, bytes), why);
    });
  }
}

const pems = {
  'J-224 RSA of 1024 bits': [pem('rsa', { modulusLength: 1024 }), /2048/],
  'J-224 RSA with exponent 3': [pem('rsa', { modulusLength: 2048, publicExponent: 3 }), /exponent/],
  'J-037 P-384': [pem('ec', { namedCurve: 'P-384' }), /P-256/],
  'J-037 secp256k1': [pem('ec', { namedCurve: 'secp256k1' }), /P-256/],
  'Ed448': [pem('ed448'), /./],
  'X25519': [pem('x25519'), /./],
  'DSA': [pem('dsa', { modulusLength: 2048, divisorLength: 256 }), /./],
  'J-229 one with a passphrase': [pem('ec', { namedCurve: 'P-256' },
    { cipher: 'aes-256-cbc', passphrase: 'x' }), /passphrase/],
  'one in the older form': [createPrivateKey(good['EC P-256']).export(
    { type: 'sec1', format: 'pem' }), /PKCS#8/],
  'J-229 one in the older form with a passphrase': [createPrivateKey(good['EC P-256']).export(
    { type: 'sec1', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'x' }), /./],
  'a public half alone': [createPublicKey(good['EC P-256']).export(
    { type: 'spki', format: 'pem' }), /./],
  'J-232 nothing': ['', /./],
  'garbage': ['garbage', /PEM/],
  'a key with text before': [`hello\n${good['EC P-256']}`, /PEM/],
  'two keys': [good['EC P-256'] + good.Ed25519, /more than one/],
  'a key cut off': [good['EC P-256'].slice(0, 100), /damaged/],
  'random bytes in armour': ['-----BEGIN PRIVATE KEY-----\n' +
    `${randomBytes(96).toString('base64')}\n-----END PRIVATE KEY-----\n`, /damaged/],
  'more than 64 KiB': ['-----BEGIN PRIVATE KEY-----\n'.padEnd(70_000, 'A'), /64 KiB/],
};
for (const [name, [text, why]] of Object.entries(pems)) {
  test(`${name} is no key`, async () => {
    await isRefused(put('token-mine.pem', text), why);
  });
}

const kid = thumbprint(createPrivateKey(good['EC P-256']));
for (const mode of [0o640, 0o604, 0o644, 0o660, 0o666, 0o610]) {
  test(`J-230 a key file with mode ${mode.toString(8)} is not read`, async () => {
    await isRefused(put(`token-${kid}.pem`, good['EC P-256'], mode), /chmod 600/);
  });
}

test('J-230 a link to a key is not followed', async () => {
  const real = join(state, 'real.pem');
  writeFileSync(real, good['EC P-256'], { mode: 0o600 });
  const path = join(keys, `token-${kid}.pem`);
  symlinkSync(real, path);
  await isRefused(path, /symbolic link/);
});

test('a directory or a pipe is no key', async () => {
  const path = join(keys, `token-${kid}.pem`);
  mkdirSync(path);
  await isRefused(path, /regular file/);
  rmSync(path, { recursive: true });
  assert.equal((await run('mkfifo', ['-m', '600', path])).status, 0);
  await isRefused(path, /regular file/);
});

test('J-230 a directory of keys that others may enter is not used', async () => {
  for (const mode of [0o755, 0o750, 0o701, 0o770, 0o777]) {
    chmodSync(keys, mode);
    await isRefused(keys, /chmod 700/);
  }
});

test('a directory of keys that is a link or a file is not used', async () => {
  rmSync(keys, { recursive: true });
  symlinkSync(state, keys);
  await isRefused(keys, /./);
  rmSync(keys);
  writeFileSync(keys, '');
  await isRefused(keys, /./);
});

test('key init twice makes one key of each kind', async () => {
  assert.equal((await ctl('key', 'init')).status, 0);
  const made = readdirSync(keys).sort();
  assert.equal((await ctl('key', 'init')).status, 0);
  assert.deepEqual(readdirSync(keys).sort(), made);
  assert.equal(made.filter((name) => /^(token-.*\.pem|refresh-.*\.hmac)$/.test(name)).length, 2);
});

test('J-232 a key of the list that has gone, or been changed, stops everything', async () => {
  assert.equal((await ctl('key', 'init')).status, 0);
  const name = readdirSync(keys).find((file) => file.endsWith('.pem'));
  const path = join(keys, name);
  const cases = [() => put(name, good.Ed25519), () => put(name, ''), () => rmSync(path)];
  for (const spoil of cases) {
    spoil();
    const { status, stderr } = await ctl('config', 'check');
    assert.equal(status, 1);
    assert.match(stderr, /^latchkeyctl: [^\n]+\n$/);
    assert.ok(stderr.includes(path), stderr);
  }
});

test('make start: an unsafe key stops it, and leaves nothing running', async () => {
  const copy = makeState();
  const dir = join(copy, 'keys');
  mkdirSync(dir, { mode: 0o700 });
  const path = join(dir, `token-${kid}.pem`);
  writeFileSync(path, good['EC P-256']);
  chmodSync(path, 0o644);
  const { status, stderr } = await serviceTool('start',
    cleanEnvironment({ STATE: copy, PORT: String(await freePort()) }));
  assert.equal(status, 1);
  assert.match(stderr, /^[^\n]+\n$/);
  assert.ok(stderr.includes(path) && stderr.includes('chmod 600'), stderr);
  await until('nothing runs any more', () => leftOvers(copy).length === 0);
  rmSync(copy, { recursive: true });
});
