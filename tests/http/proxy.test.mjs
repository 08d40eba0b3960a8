// The address of a client behind a proxy: only who is trusted is believed.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { isOk } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { build, cleanEnvironment, run, startService, useService } from '../lib/service.mjs';

const service = await useService({ env: {
  LATCHKEY_HTTP_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8, ::1',
} });

// The address that the session of a login with this header has.
async function addressOf(behind, forwarded) {
  const { registered, login, get } = api(behind);
  const ann = await registered();
  const answer = await login({ email: ann.email, password: ann.password },
    forwarded === undefined ? {} : { headers: { 'x-forwarded-for': forwarded } });
  isOk(answer);
  const { body } = await get('/api/auth/sessions', { token: answer.body.accessToken });
  return body.sessions[0].createdByIp;
}

test('a trusted proxy is believed, as far as it can be followed', async () => {
  for (const [forwarded, address] of [
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8::7', '2001:db8::7'],
    // The last one that is not a proxy of ours: what stands before is hearsay.
    ['198.51.100.1, 203.0.113.7', '203.0.113.7'],
    ['203.0.113.7, 10.1.2.3', '203.0.113.7'],
    [undefined, '127.0.0.1'],
  ]) {
    assert.equal(await addressOf(service, forwarded), address, String(forwarded));
  }
});

test('H-013 what is no address leaves the connection its own', async () => {
  for (const forwarded of ['', 'a', 'unknown', '999.1.1.1', '<script>', 'x'.repeat(2000),
    Array(300).fill('a').join(', ')]) {
    assert.equal(await addressOf(service, forwarded), '127.0.0.1', forwarded.slice(0, 20));
  }
});

test('without the setting nobody is believed', async () => {
  const plain = await startService();
  try {
    assert.equal(await addressOf(plain, '203.0.113.7'), '127.0.0.1');
  } finally {
    await plain.stop();
  }
});

test('what is no address or network stops the start with a line', async () => {
  for (const value of ['x', '1.2.3', '1.2.3.4/33', '1.2.3.4/0', '::1/129', '1.2.3.4/', '"', '127.0.0.1"x',
    '1.2.3.4 5.6.7.8', '*', 'all']) {
    const { status, stderr } = await run(join(build, 'bin/latchkeyctl'), ['config', 'show'],
      { env: cleanEnvironment({ STATE: '/nonexistent', LATCHKEY_HTTP_TRUSTED_PROXIES: value }) });
    assert.equal(status, 1, value);
    assert.match(stderr, /^latchkeyctl: 'http.trusted_proxies' must list addresses like [^\n]+\n$/);
  }
});
