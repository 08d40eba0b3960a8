// The page over https, and the certificate that TLS=1 makes.
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connect } from 'node:tls';
import { newProfile, useBrowser, watch } from '../lib/browser.mjs';
import { newEmail, newPassword } from '../lib/people.mjs';
import { run, useService } from '../lib/service.mjs';

const browser = await useBrowser();
const service = await useService({ env: { TLS: '1' } });
const base = `https://localhost:${service.port}`;
const certificate = join(service.state, 'tls/certificate.pem');

const context = await newProfile(browser, { ignoreHTTPSErrors: true });
after(() => context.close());
const complaints = [];
const page = await context.newPage();
watch(page, complaints, base);
await page.goto(`${base}/`);

const says = (id, text) => page.locator(id).filter({ hasText: text }).waitFor();
const click = (name) => page.getByRole('button', { name }).click();

test('register, log in by cookies, call, refresh, log out', async () => {
  const person = { email: newEmail(), password: newPassword() };
  await page.evaluate((body) => fetch('/api/auth/register', {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  }), person);
  await page.getByLabel('E-mail or user name').fill(person.email);
  await page.locator('#login-password').fill(person.password);
  await page.getByLabel('In cookies').check();
  await page.locator('#login button').click();
  await says('#session-note', 'Logged in');
  const cookies = await context.cookies();
  assert.deepEqual(cookies.map(({ name }) => name).sort(),
    ['__Host-latchkey-access', '__Host-latchkey-refresh']);
  for (const { secure, httpOnly, sameSite, path, domain, value } of cookies) {
    assert.deepEqual({ secure, httpOnly, sameSite, path, domain },
      { secure: true, httpOnly: true, sameSite: 'Strict', path: '/', domain: 'localhost' });
    service.secrets.add(value);
  }
  await click('Get the weather');
  await says('#weather-note', 'Let in');
  await click('Refresh');
  await says('#session-note', 'Refreshed');
  const renewed = await context.cookies();
  assert.ok(renewed.every(({ value }) => cookies.every((old) => old.value !== value)));
  await page.locator('#logout').click();
  await says('#login-note', 'Logged out');
  assert.deepEqual(await context.cookies(), []);
  assert.deepEqual(complaints, []);
});

test('the public address is https', async () => {
  const { stdout } = await service.ctl(['config', 'show']);
  assert.match(stdout, new RegExp(`^http.public_url = ${base}$`, 'm'));
});

test('the certificate is this machine\'s own, and its key nobody else\'s', async () => {
  for (const name of ['certificate.pem', 'key.pem']) {
    assert.equal(statSync(join(service.state, 'tls', name)).mode & 0o777, 0o600);
  }
  const { stdout } = await run('openssl', ['x509', '-noout', '-subject', '-ext', 'subjectAltName',
    '-in', certificate]);
  assert.match(stdout, /CN = localhost/);
  assert.match(stdout, /DNS:localhost, IP Address:127\.0\.0\.1/);
});

// The version that is agreed on, or the reason why none is.
const agreed = (minVersion, maxVersion) => new Promise((done) => {
  const socket = connect({
    port: service.port, rejectUnauthorized: false, minVersion, maxVersion,
    // Otherwise this side would refuse the old versions already.
    ciphers: 'DEFAULT:@SECLEVEL=0',
  }, () => {
    done(socket.getProtocol());
    socket.destroy();
  });
  socket.on('error', (error) => done(error.code));
});

test('versions of TLS before 1.2 are refused', async () => {
  assert.equal(await agreed('TLSv1.2', 'TLSv1.3'), 'TLSv1.3');
  assert.equal(await agreed('TLSv1.2', 'TLSv1.2'), 'TLSv1.2');
  assert.equal(await agreed('TLSv1', 'TLSv1.1'), 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
});

test('plain http gets no answer on that port', async () => {
  await assert.rejects(fetch(`http://localhost:${service.port}/`));
});
