// The examples for other people's programs, where they belong: behind the gate
// of a site, or with nothing but our public keys.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { connect } from '../lib/http.mjs';
import { compact, decode, keyList, signingKey } from '../lib/jwt.mjs';
import { api } from '../lib/people.mjs';
import { exchange } from '../lib/raw.mjs';
import { build, cleanEnvironment, isSanitized, root, run } from '../lib/service.mjs';
import { useSite } from '../lib/site.mjs';

const example = (name) => join(root, 'examples', name);
const { service, site } = await useSite({
  env: { LATCHKEY_TOKEN_TYP: 'JWT' },
  files: {
    'cgi-bin/cgi.sh': example('cgi.sh'),
    'cgi-bin/page.php': example('page.php'),
    'cgi-bin/resource': join(build, 'examples/resource-server'),
    app: join(build, 'examples/app'),
  },
  program: 'app',
});
const { newcomer, refresh, administrator } = api(service);
const { call } = connect(site);
const get = (path, token, headers = {}) => call('GET', path, { token, headers, by: 'lighttpd' });
const ann = await newcomer();
const boss = await administrator();

// --- Behind the gate ------------------------------------------------------

const greetings = {
  '/cgi-bin/cgi.sh': (person, roles) => `Hello, ${person.user.id}\nYour roles: ${roles}\n`,
  '/cgi-bin/page.php': (person, roles) => new RegExp(
    `<h1>Hello, ${person.user.id}</h1>\\s+<ul>\\s+${roles.split(',').map((role) => `<li>${role}</li>`).join('\\s+')}\\s+</ul>`),
  '/application/': (person, roles) =>
    `${roles.includes('ADMIN') ? 'At your service' : 'Hello'}, ${person.user.id}\n`,
};
for (const [path, greeting] of Object.entries(greetings)) {
  test(`${path} greets whoever the gate lets through`, async () => {
    for (const person of [ann, boss]) {
      const answer = await get(path, person.accessToken);
      assert.equal(answer.status, 200, answer.text);
      const expected = greeting(person, person.user.roles.join());
      if (typeof expected === 'string') assert.equal(answer.text, expected);
      else assert.match(answer.text, expected);
      assert.equal(answer.headers['cache-control'], 'no-store');
    }
    for (const token of [undefined, 'x.y.z', `${ann.accessToken}A`]) {
      const answer = await get(path, token, { 'remote-user': 'boss' });
      assert.equal(answer.status, 401);
      assert.doesNotMatch(answer.text, /Hello|service/);
    }
  });
}

// open-cgi is the same directory without the gate.
for (const name of ['cgi.sh', 'page.php']) {
  test(`${name} greets nobody where the gate was not asked`, async () => {
    for (const headers of [{}, { 'remote-user': 'boss' }, { remote_user: 'boss', auth_roles: 'ADMIN' }]) {
      const answer = await get(`/open-cgi/${name}`, ann.accessToken, headers);
      assert.equal(answer.status, 403);
      assert.equal(answer.text, 'Nobody asked the gate.\n');
    }
  });
}

test('the application greets nobody where the gate was not asked', async () => {
  const cgi = { GATEWAY_INTERFACE: 'CGI/1.1', REQUEST_METHOD: 'GET', HTTP_REMOTE_USER: 'boss' };
  for (const user of [{}, { REMOTE_USER: '' }]) {
    const { stdout } = await run(join(build, 'examples/app'), [], { env: { ...cgi, ...user } });
    assert.match(stdout, /^Status: 403 Forbidden\r\n[^]*\r\n\r\nNobody asked the gate\.\n$/);
  }
  // A name that only begins like the role is another.
  for (const roles of ['ADMINISTRATOR', 'XADMIN', 'USER,ADMIN2', '', 'admin']) {
    const { stdout } = await run(join(build, 'examples/app'), [],
      { env: { ...cgi, REMOTE_USER: 'ann', AUTH_ROLES: roles } });
    assert.match(stdout, /Hello, ann\n$/);
  }
});

// --- resource-server ------------------------------------------------------

// The web server of the site says what it needs to know.
const pems = join(site.home, 'pems');
mkdirSync(pems);
const sanitizers = isSanitized ? `export ASAN_OPTIONS=${process.env.ASAN_OPTIONS ?? ''}` : '';
writeFileSync(join(site.home, 'cgi-bin/resource-server'), `#!/bin/sh
export ISSUER=${site.base} AUDIENCE=latchkey KEYS=${pems}
${sanitizers}
exec ${site.home}/cgi-bin/resource
`, { mode: 0o755 });
const fetchKeys = (base = service.base) => run(example('jwks-to-pem.sh'), [base, pems],
  { env: cleanEnvironment() });
const ask = (token, headers) => get('/open-cgi/resource-server', token, headers);

async function isKnown({ accessToken, user }) {
  const answer = await ask(accessToken);
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(answer.body, { sub: user.id, roles: user.roles });
}

function isUnknown(answer, what) {
  assert.equal(answer.status, 401, `${what}: ${answer.text}`);
  assert.deepEqual(answer.body ?? JSON.parse(answer.text), { error: 'invalid_token' });
}

test('resource-server believes nobody as long as it has no key', async () => {
  isUnknown(await ask(ann.accessToken));
});

test('resource-server knows who asks by the keys that jwks-to-pem.sh has fetched', async () => {
  assert.deepEqual(await fetchKeys(), { status: 0, stdout: '', stderr: '' });
  await isKnown(ann);
  await isKnown(boss);
});

test('resource-server believes no token that was not made for it, or not by us', async () => {
  const key = signingKey(service.state);
  const { payload } = decode(ann.accessToken);
  const now = Math.floor(Date.now() / 1000);
  const own = (changed, header = {}) => key.sign({ ...payload, ...changed }, { typ: 'JWT', ...header });
  assert.equal((await ask(own({ x: 'x'.repeat(1000) }))).status, 200);
  const [head, body, signature] = ann.accessToken.split('.');
  const without = (name) => {
    const { [name]: _, ...rest } = payload;
    return key.sign(rest, { typ: 'JWT' });
  };
  const forgeries = {
    'nothing': '', 'no token': 'x', 'two points': '..', 'no signature': `${head}.${body}.`,
    'a changed claim': `${head}.${Buffer.from(JSON.stringify({ ...payload, roles: ['ADMIN'] })).toString('base64url')}.${signature}`,
    'alg none': compact({ alg: 'none', typ: 'JWT', kid: key.kid }, payload, 'none'),
    'alg None': compact({ alg: 'None', typ: 'JWT', kid: key.kid }, payload, 'none'),
    'the public key as a secret': compact({ alg: 'HS256', typ: 'JWT', kid: key.kid }, payload, 'HS256', key.pem),
    'an empty secret': compact({ alg: 'HS256', typ: 'JWT', kid: key.kid }, payload, 'HS256', ''),
    'another issuer': own({ iss: 'https://evil.example' }),
    'another audience': own({ aud: 'other' }), 'a list of audiences': own({ aud: ['latchkey'] }),
    'another use': own({ token_use: 'refresh' }), 'its end': own({ exp: now }), 'an hour ago': own({ exp: now - 3600 }),
    'not yet': own({ nbf: now + 3600 }), 'a text for a time': own({ exp: String(now + 60) }),
    'no subject': without('sub'), 'no end': without('exp'), 'no issuer': without('iss'),
    'no audience': without('aud'), 'no use': without('token_use'),
    'a refresh token': ann.refreshToken, 'a genuine one that is too long': own({ x: 'x'.repeat(3000) }),
    'a long one': 'x'.repeat(4097), 'a long one with points': `${'x'.repeat(3000)}.${'y'.repeat(3000)}.z`,
  };
  for (const [what, token] of Object.entries(forgeries)) isUnknown(await ask(token), what);
  isUnknown(await ask(undefined), 'nobody');
  isUnknown(await ask(undefined, { authorization: `Basic ${ann.accessToken}` }), 'Basic');
  isUnknown(await exchange(site, ['GET /open-cgi/resource-server HTTP/1.1', 'Host: site',
    `Authorization: Bearer ${ann.accessToken}`, `Authorization: Bearer ${ann.accessToken}`]), 'twice');
  await isKnown(ann);
});

test('resource-server accepts a token of an ended session, until it expires', async () => {
  const bob = await newcomer();
  await api(service).logout(bob.accessToken);
  await isKnown(bob);
});

test('jwks-to-pem.sh follows a new key and drops a retired one', async () => {
  const old = signingKey(service.state).kid;
  assert.equal((await service.ctl(['key', 'rotate', '--now'])).status, 0);
  const { body: fresh } = await refresh((await newcomer()).refreshToken);
  isUnknown(await ask(fresh.accessToken));
  assert.equal((await fetchKeys()).status, 0);
  assert.deepEqual(readdirSync(pems).sort(), keyList(service.state).filter(({ kind }) => kind === 'token')
    .map(({ kid }) => `${kid}.pem`).sort());
  await isKnown(fresh);
  await isKnown(ann);
  assert.equal((await service.ctl(['key', 'retire', old])).status, 0);
  assert.equal((await fetchKeys()).status, 0);
  await isKnown(fresh);
  isUnknown(await ask(ann.accessToken));
});

test('resource-server says in one line what it lacks, and so does jwks-to-pem.sh', async () => {
  const { status, stdout, stderr } = await run(join(build, 'examples/resource-server'), [],
    { env: { ISSUER: 'x', AUDIENCE: 'x' } });
  assert.deepEqual({ status, stdout }, { status: 1, stdout: '' });
  assert.match(stderr, /^resource-server: set ISSUER, AUDIENCE, and KEYS [^\n]+\n$/);
  const before = readdirSync(pems);
  const failed = await fetchKeys(`${service.base}/nothing`);
  assert.notEqual(failed.status, 0);
  assert.match(failed.stderr, /jwks-to-pem\.sh: no ES256 key at/);
  assert.deepEqual(readdirSync(pems), before);
});
