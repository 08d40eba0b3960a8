// Apache's mod_auth_openidc, which knows nothing of us, in front of files of
// its own: it asks at /oauth/introspect, or checks tokens by our keys.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  chmodSync, chownSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { cgi } from '../lib/cgi.mjs';
import { newClient } from '../lib/clients.mjs';
import { launch } from '../lib/front.mjs';
import { decode, signingKey } from '../lib/jwt.mjs';
import { isOk } from '../lib/oracle.mjs';
import { newEmail, newPassword } from '../lib/people.mjs';
import { freePort, root, useService } from '../lib/service.mjs';
import { until } from '../lib/wait.mjs';

// Its end is registered first, because it looks into STATE.
let apache;
after(async () => {
  if (apache === undefined || apache.exitCode !== null) return;
  apache.kill('SIGTERM');
  await once(apache, 'exit');
});
// The module speaks to nothing but https.
const service = await useService({ env: { TLS: '1' }, isPlain: true });
const url = `https://localhost:${service.port}`;
const key = signingKey(service.state);
const [id, secret] = await newClient(service, 'apache');

// One Apache with two sites, each by a recipe as it stands.
async function useApache() {
  const dir = join(service.state, 'run/openidc');
  const ports = { asking: await freePort(), checking: await freePort() };
  mkdirSync(join(dir, 'www/private'), { recursive: true });
  writeFileSync(join(dir, 'www/private/page.txt'), 'Behind the module\n');
  const modules = ['mpm_event', 'mime', 'authn_core', 'authz_core', 'authz_user', 'headers', 'auth_openidc'];
  const recipes = { asking: 'oauth-by-introspection', checking: 'oauth-by-keys' };
  const site = ([mode, recipe]) => `
Listen 127.0.0.1:${ports[mode]}
<VirtualHost 127.0.0.1:${ports[mode]}>
	DocumentRoot ${dir}/www
	OIDCCABundlePath ${service.state}/tls/certificate.pem
	Include ${dir}/${recipe}.conf
	Header set X-Remote-User "expr=%{REMOTE_USER}"
</VirtualHost>`;
  writeFileSync(join(dir, 'httpd.conf'), `
ServerRoot ${dir}
ServerName 127.0.0.1
DefaultRuntimeDir ${dir}
PidFile ${dir}/httpd.pid
ErrorLog ${service.state}/log/openidc.log
${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
TypesConfig /dev/null
Define LATCHKEY_URL ${url}
Define LATCHKEY_CLIENT_ID ${id}
Define LATCHKEY_CLIENT_SECRET ${secret}
${Object.entries(recipes).map(site).join('')}
`);
  for (const recipe of Object.values(recipes)) {
    cpSync(join(root, 'deploy/apache', `${recipe}.conf`), join(dir, `${recipe}.conf`));
  }
  // Apache runs as the endpoints do, and reads the secret.
  const { uid, gid } = service.owner;
  for (const name of ['', ...readdirSync(dir)]) chownSync(join(dir, name), uid, gid);
  chmodSync(join(dir, 'httpd.conf'), 0o600);
  const log = join(service.state, 'log/openidc-start.log');
  apache = launch(service.owner, log, ['apache2', '-D', 'FOREGROUND', '-f', join(dir, 'httpd.conf')]);
  await until('Apache answers', async () => {
    assert.equal(apache.exitCode, null, readFileSync(log, 'utf8'));
    return fetch(`http://127.0.0.1:${ports.checking}/`).then(() => true, () => false);
  });
  return ports;
}
const ports = await useApache();

async function page(mode, token, headers = {}) {
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  const answer = await fetch(`http://127.0.0.1:${ports[mode]}/private/page.txt`, { headers });
  return { status: answer.status, user: answer.headers.get('x-remote-user'), text: await answer.text() };
}

async function isServed(mode, { accessToken, user }) {
  assert.deepEqual(await page(mode, accessToken),
    { status: 200, user: user.id, text: 'Behind the module\n' });
}

async function isRefused(mode, token, headers) {
  const { status, text } = await page(mode, token, headers);
  assert.ok([401, 403].includes(status), `${mode}: ${status} ${text}`);
  assert.doesNotMatch(text, /Behind the module/);
}

// By plain CGI: only the module has to trust the certificate.
const post = (name, json, more) => cgi(service, name, 'POST', `/api/auth/${name}`, { json, ...more });

async function newcomer() {
  const person = { email: newEmail(), password: newPassword() };
  isOk({ ...await post('register', person) }, 201);
  const { body } = await post('login', person);
  for (const token of [body.accessToken, body.refreshToken]) service.secrets.add(token);
  return { ...person, ...body };
}

for (const mode of ['asking', 'checking']) {
  test(`${mode}: an access token opens the page, as its user`, async () => {
    await isServed(mode, await newcomer());
  });

  test(`${mode}: nothing else does`, async () => {
    const ann = await newcomer();
    const { payload } = decode(ann.accessToken);
    // The module lets a token pass in the second of its end.
    const ago = Object.fromEntries(['iat', 'nbf', 'exp'].map((name) => [name, payload[name] - 3600]));
    const [head, , signature] = ann.accessToken.split('.');
    const body = Buffer.from(JSON.stringify({ ...payload, roles: ['ADMIN'] })).toString('base64url');
    for (const token of [undefined, 'x', 'x.y.z', ann.refreshToken, `${head}.${body}.${signature}`,
      key.sign({ ...payload, ...ago }), key.sign({ ...payload, aud: 'other' }),
      key.sign({ ...payload, iss: 'https://other.example' }), key.sign({ ...payload, token_use: 'id' })]) {
      await isRefused(mode, token);
    }
    await isRefused(mode, undefined, { 'OIDC_CLAIM_sub': ann.user.id, 'X-Remote-User': ann.user.id });
    await isServed(mode, ann);
  });

  test(`${mode}: a new key is followed`, async () => {
    const { status, stderr } = await service.ctl(['key', 'rotate', '--now']);
    assert.equal(status, 0, stderr);
    await isServed(mode, await newcomer());
  });
}

test('a logout counts at once where Apache asks, and not where it checks', async () => {
  const ann = await newcomer();
  await isServed('asking', ann);
  await isServed('checking', ann);
  isOk(await post('logout', {}, { token: ann.accessToken }), 204);
  await isRefused('asking', ann.accessToken);
  await isServed('checking', ann);
});

test('while the database is away nobody passes where Apache asks', async () => {
  const ann = await newcomer();
  await isServed('asking', ann);
  await service.dbStop();
  await isRefused('asking', ann.accessToken);
  await isServed('checking', ann);
  await service.dbStart();
  await until('it passes again', async () => (await page('asking', ann.accessToken)).status === 200);
});

test('a client that is deleted learns nothing more', async () => {
  const ann = await newcomer();
  await isServed('asking', ann);
  assert.equal((await service.ctl(['client', 'delete', 'apache'])).status, 0);
  await isRefused('asking', ann.accessToken);
});
