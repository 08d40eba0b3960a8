// The token inspector, the wire, the drawing and the attacks of the demo page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useBrowser } from '../lib/browser.mjs';
import { useDemo } from '../lib/demo.mjs';
import { decode } from '../lib/jwt.mjs';
import { api } from '../lib/people.mjs';
import { run, sqlId, useService } from '../lib/service.mjs';

const browser = await useBrowser();
const service = await useService();
const { registered } = api(service);
const demo = useDemo(browser, service);
const { says, logIn, requests } = demo;

const modes = ['token', 'cookie'];
const claim = (page, list, name) => page.locator(`#${list} > div`)
  .filter({ has: page.locator(`code:text-is("${name}")`) });
const exchange = (page, text) => page.locator('#wire > li').filter({ hasText: text }).first();

test('both tokens are shown, explained, and checked with the published keys', async () => {
  const page = await demo.open();
  await logIn(await registered());
  await says('#token-signature', 'Valid: ES256');
  const { payload } = decode(await demo.token());
  assert.equal(await claim(page, 'refresh-fields', 'session').locator('dd').textContent(), payload.sid);
  assert.equal(await page.locator('#refresh-generation').textContent(), 'generation 1');

  // An explanation comes by pointer and by keyboard, and goes by Escape.
  const ver = claim(page, 'token-payload', 'ver');
  const tip = ver.getByRole('tooltip');
  assert.equal(await tip.isVisible(), false);
  await ver.locator('.claim').hover();
  await tip.waitFor();
  await page.mouse.move(0, 0);
  await tip.waitFor({ state: 'hidden' });
  await claim(page, 'token-payload', 'sid').locator('.claim').focus();
  await page.keyboard.press('Tab');
  await tip.waitFor();
  await page.keyboard.press('Escape');
  await tip.waitFor({ state: 'hidden' });

  const { access, keys } = await page.evaluate(async () => {
    const token = document.getElementById('token-raw').textContent;
    const { parseAccessToken } = await import('/page/token.js');
    const { verify } = await import('/page/verify.js');
    const [head, , signature] = token.split('.');
    const forged = [head, btoa(JSON.stringify({ roles: ['ADMIN'] })).replaceAll('=', ''), signature].join('.');
    const other = { header: { alg: 'HS256' } };
    const unknown = { header: { alg: 'ES256', kid: 'x' } };
    return {
      access: await Promise.all([token, forged].map((text) => verify(parseAccessToken(text)))),
      keys: await Promise.all([other, unknown].map((text) => verify(text))),
    };
  });
  assert.deepEqual(access, ['valid', 'invalid']);
  assert.deepEqual(keys, ['secret', 'unknown']);
});

// By keys that the page makes itself: one service has one algorithm.
test('the browser checks RS256 and EdDSA as well', async () => {
  const page = await demo.open();
  const results = await page.evaluate(async () => {
    const { verify } = await import('/page/verify.js');
    const kinds = {
      RS256: [{ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }],
      EdDSA: [{ name: 'Ed25519' }],
    };
    const seen = [];
    for (const [alg, [kind]] of Object.entries(kinds)) {
      const { privateKey, publicKey } = await crypto.subtle.generateKey(kind, true, ['sign', 'verify']);
      const signed = new TextEncoder().encode('head.payload');
      const signature = new Uint8Array(await crypto.subtle.sign(kind, privateKey, signed));
      const { kty, n, e, crv, x } = await crypto.subtle.exportKey('jwk', publicKey);
      const keyOf = () => ({ kty, n, e, crv, x, alg });
      const token = { header: { alg }, signature, signed };
      seen.push(await verify(token, keyOf));
      seen.push(await verify({ ...token, signed: signed.slice(1) }, keyOf));
    }
    return seen;
  });
  assert.deepEqual(results, ['valid', 'invalid', 'valid', 'invalid']);
});

test('a rotation shows what it changed, in every tab', async () => {
  const person = await registered();
  const page = await demo.open();
  await logIn(person);
  const other = await demo.openTab();
  await says('#session-user', person.email, other);
  await demo.idle(other);
  // The other tab's resume rotated once; this tab saw it.
  const resumed = await demo.token(other);
  await page.locator('#token-raw').filter({ hasText: resumed }).waitFor({ state: 'attached' });
  const before = decode(await demo.token()).payload;
  await page.locator('#refresh').click();
  await says('#session-note', 'Refreshed');
  const after = decode(await demo.token()).payload;
  await says('#rotation-changes', `${before.jti} ${after.jti}`);
  for (const tab of [page, other]) await says('#rotation-same', 'session, secret, iss, aud, sub, sid', tab);
  const [[generation]] = await service.sql(`SELECT generation FROM session WHERE id = ${sqlId(after.sid)}`);
  for (const tab of [page, other]) await says('#refresh-generation', `generation ${generation}`, tab);
});

test('a refresh is reported once its tokens are shown', async () => {
  const page = await demo.open();
  await logIn(await registered());
  const first = await demo.token();
  await page.evaluate(async () => {
    const { Latchkey } = await import('/latchkey.js');
    const read = Latchkey.prototype.readRefreshToken;
    Latchkey.prototype.readRefreshToken = async function readLate() {
      await new Promise((resolve) => { window.letRead = resolve; });
      return read.call(this);
    };
  });
  await page.locator('#refresh').click();
  await page.waitForFunction(() => window.letRead !== undefined);
  assert.equal(await demo.token(), first);
  assert.doesNotMatch(await page.locator('#session-note').textContent(), /Refreshed/);
  await page.evaluate(() => window.letRead());
  await says('#session-note', 'Refreshed');
  assert.notEqual(await demo.token(), first);
});

for (const mode of modes) {
  test(`the wire shows each exchange, hides secrets, and copies curl that works, ${mode} mode`, async () => {
    const person = await registered();
    const page = await demo.open({ permissions: ['clipboard-read', 'clipboard-write'] });
    await logIn(person, mode);
    await page.locator('#session').getByRole('button', { name: 'Who am I?' }).click();
    await says('#session-note', 'That is what');

    const login = exchange(page, '/api/auth/login');
    await login.locator('summary').click();
    const sent = login.locator('pre').first();
    assert.match(await sent.textContent(), /"password": "•••"/);
    await page.locator('#wire-mask').uncheck();
    await says('#wire', `"password": "${person.password}"`);
    await page.locator('#wire-mask').check();
    assert.doesNotMatch(await page.locator('#wire').textContent(), new RegExp(person.password));

    const copied = async (text) => {
      const row = exchange(page, text);
      if (await row.locator('details[open]').count() === 0) await row.locator('summary').click();
      await row.getByRole('button', { name: 'Copy as curl' }).click();
      await row.getByRole('button', { name: 'Copied' }).waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    const paste = async (text) => run('bash', ['-c', text], { input: `${person.password}\n` });

    const first = await paste(await copied('/api/auth/login'));
    assert.equal(JSON.parse(first.stdout).user.email, person.email);
    const second = await paste(await copied('/api/users/me'));
    assert.equal(JSON.parse(second.stdout).email, person.email, second.stderr);
    const secrets = JSON.parse(first.stdout);
    for (const name of ['accessToken', 'refreshToken']) if (secrets[name]) service.secrets.add(secrets[name]);
  });
}

test('curl as copied quotes whatever is in a value', async () => {
  const page = await demo.open();
  const text = await page.evaluate(async () => {
    const { asCurl } = await import('/page/curl.js');
    return asCurl({
      method: 'POST', url: new URL('/api/auth/login?x=$(id)\'"', location.href), credentials: 'none',
      headers: [['content-type', 'application/json']], body: JSON.stringify({ email: 'it\'s "$HOME" `id` \\ ü\n', password: 'x' }),
    }, null);
  });
  const { stdout, status } = await run('bash', ['-c', text.replace('curl ', 'printf "%s\\n" ')]);
  assert.equal(status, 0);
  assert.match(stdout, /it's \\"\$HOME\\" `id` \\\\ ü\\n/);
  assert.equal(JSON.parse((await run('bash', ['-c', text])).stdout).code, 'invalid_credentials');
});

test('no answer and an error of the server are told in the wire and the drawing', async () => {
  const page = await demo.open();
  await logIn(await registered());
  await demo.away(async () => {
    await page.locator('#whoami').click();
    await says('#session-note', 'The server does not answer');
  });
  assert.equal((await requests())[0], 'GET /api/users/me no answer');
  await says('#flow .message.bad', 'no answer');
  await demo.context.route('**/api/users/me', (route) => route.fulfill({
    status: 503, contentType: 'application/problem+json',
    body: JSON.stringify({ title: 'The service is busy', status: 503, detail: 'Try again shortly.', code: 'overloaded' }),
  }));
  await page.locator('#whoami').click();
  await says('#session-note', 'The service is busy. Try again shortly.');
  assert.equal((await requests())[0], 'GET /api/users/me 503 overloaded');
  await says('#flow .message.bad', '503 overloaded');
  await demo.context.unroute('**/api/users/me');
  await demo.context.route('**/api/users/me', (route) => route.fulfill({ status: 502, body: '<html>' }));
  await page.locator('#whoami').click();
  await says('#session-note', 'The server answered 502 without an explanation.');
  demo.complaints.splice(0, 2);
});

test('the drawing follows the flow, for the eye and for the ear', async () => {
  const page = await demo.open();
  const done = () => page.locator('#flow-steps li').filter({ hasText: 'Done.' }).count();
  assert.equal(await done(), 0);
  await logIn(await registered());
  await page.locator('#weather').click();
  await says('#weather-note', 'Let in');
  assert.equal(await done(), 4);
  assert.match(await page.locator('#flow-steps [aria-current=step]').textContent(), /^From the protected address to this page/);
  await page.locator('#refresh').click();
  await says('#session-note', 'Refreshed');
  await page.locator('#logout').click();
  await says('#login-note', 'Logged out');
  await page.locator('#weather').click();
  await says('#flow .message.latest', '401 invalid_token');
  assert.equal(await done(), 9);
  assert.equal(await page.locator('#flow .message.good').count(), 9);
});

for (const mode of modes) {
  test(`all five attacks are held, and leave the session and the database alone, ${mode} mode`, async () => {
    const people = async () => (await service.sql('SELECT COUNT(*) FROM user'))[0][0];
    const person = await registered();
    const page = await demo.open();
    await logIn(person, mode);
    const before = await people();
    await page.locator('#attack-all').click();
    for (const name of ['replay', 'afterLogout', 'tamper', 'race', 'climb']) {
      await says(`#attack-${name}-outcome .badge`, 'It held.');
    }
    await says('#attack-replay-outcome', '401 refresh_token_reused');
    await says('#attack-climb-outcome', '403 forbidden');
    assert.equal(await page.locator('#attack-race-outcome .steps .good').count(), 5);
    await demo.idle();
    assert.equal(await people(), before);
    await page.locator('#weather').click();
    await says('#weather-note', 'Let in');
    // One alone, again.
    await page.locator('#attack-tamper').click();
    await says('#attack-tamper-outcome', 'It held.');
  });
}

test('where the service gives way, an attack says so', async () => {
  const page = await demo.open();
  await demo.context.route('**/api/users', (route) => route.fulfill({ status: 200, body: '{}' }));
  await page.locator('#attack-climb').click();
  await says('#attack-climb-outcome', 'Not as expected.');
});

test('where nobody may register, the attacks say so', async () => {
  const page = await demo.open();
  await demo.context.route('**/api/auth/register', (route) => route.fulfill({
    status: 403, contentType: 'application/problem+json',
    body: JSON.stringify({ title: 'Registration is closed', status: 403, detail: 'Ask.', code: 'registration_disabled' }),
  }));
  await page.locator('#attack-all').click();
  await says('#attacks-note', 'No account to attack could be made: Registration is closed');
});
