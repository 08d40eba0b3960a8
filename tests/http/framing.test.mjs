// Section H of the attack catalogue: where a request begins and ends.
import assert from 'node:assert/strict';
import test from 'node:test';
import { behaviour } from '../lib/front.mjs';
import { isOk } from '../lib/oracle.mjs';
import { api, newEmail, newPassword } from '../lib/people.mjs';
import { exchange } from '../lib/raw.mjs';
import { useService } from '../lib/service.mjs';

const service = await useService();
const { newcomer, refresh, get } = api(service);

const head = (path = '/api/auth/register') => [
  `POST ${path} HTTP/1.1`, 'Host: latchkey', 'Content-Type: application/json'];
const registration = (email) => JSON.stringify({ email, password: newPassword() });
const isMade = async (email) => (await service.sql(
  `SELECT COUNT(*) FROM user WHERE email = '${email}'`))[0][0] !== '0';

// Framing that is refused before anybody looks at the body.
async function isRefused(...lines) {
  const email = newEmail();
  const { status } = await exchange(service, [...head(), ...lines], registration(email));
  assert.ok([0, 400, 411, 413, 501].includes(status), `${lines}: ${status}`);
  assert.equal(await isMade(email), false);
}

test('the same with a right length is made', async () => {
  const email = newEmail();
  const body = registration(email);
  const { status } = await exchange(service, [...head(), `Content-Length: ${body.length}`], body);
  assert.equal(status, 201);
  assert.equal(await isMade(email), true);
});

test('H-121 a body that breaks off registers nobody', async () => {
  await isRefused('Content-Length: 500');
});

test('H-121 a body that breaks off refreshes nothing', async () => {
  const { refreshToken } = await newcomer();
  const body = JSON.stringify({ refreshToken });
  const { status } = await exchange(service,
    [...head('/api/auth/refresh'), `Content-Length: ${body.length + 1}`], body);
  assert.ok([0, 400].includes(status), String(status));
  isOk(await refresh(refreshToken));
});

for (const length of ['-1', '+4', '4,4', '0x10', '4 4', 'x', '', '9223372036854775808', '1e2']) {
  test(`H-116 Content-Length: ${length} is refused`, () => isRefused(`Content-Length: ${length}`));
}

test('H-116 no length at all is refused', () => isRefused());

test('H-116 two lengths are refused', async () => {
  await isRefused('Content-Length: 4', 'Content-Length: 5');
  await isRefused('Content-Length: 80', 'Content-Length: 80');
});

test('H-118 what follows the body is another request, never part of this one', async () => {
  const { status, text } = await exchange(service,
    ['GET /healthz HTTP/1.1', 'Host: latchkey'], '{"x":1}');
  assert.equal(status, 200);
  assert.equal(text, '{"status":"alive"}');
});

test('H-119 Transfer-Encoding in odd forms is refused', async () => {
  await isRefused('Transfer-Encoding: chunked', 'Content-Length: 10');
  await isRefused('Transfer-Encoding: identity');
  await isRefused('Transfer-Encoding: xchunked');
  await isRefused('Transfer-Encoding: gzip, chunked');
});

const chunked = (chunks) => exchange(service, [...head(), 'Transfer-Encoding: chunked'], chunks);

test('H-119 a body in chunks is a body', async () => {
  const email = newEmail();
  const body = registration(email);
  const half = body.length >> 1;
  const size = (n) => n.toString(16);
  const { status } = await chunked(`${size(half)}\r\n${body.slice(0, half)}\r\n` +
    `${size(body.length - half)}\r\n${body.slice(half)}\r\n0\r\n\r\n`);
  assert.equal(status, behaviour.countsChunks ? 201 : 400);
  assert.equal(await isMade(email), behaviour.countsChunks);
});

test('H-119 chunks of no size, or of too many digits, are refused', async () => {
  for (const size of ['x', '-1', '11111111111111111', 'ffffffffffffffff', '']) {
    const email = newEmail();
    const { status } = await chunked(`${size}\r\n${registration(email)}\r\n0\r\n\r\n`);
    assert.ok([0, 400, 413].includes(status), `${size}: ${status}`);
    assert.equal(await isMade(email), false);
  }
});

test('H-119 chunks that break off register nobody', async () => {
  const email = newEmail();
  const body = registration(email);
  const { status } = await chunked(`${body.length.toString(16)}\r\n${body}\r\n`);
  assert.ok([0, 400].includes(status), String(status));
  assert.equal(await isMade(email), false);
});

test('H-115 chunks beyond 64 KiB are too many', async () => {
  const { status } = await chunked(`20000\r\n${' '.repeat(0x20000)}\r\n0\r\n\r\n`);
  assert.equal(status, behaviour.countsChunks ? 413 : 400);
});

test('H-113 two content types are refused', async () => {
  const email = newEmail();
  const body = registration(email);
  const { status } = await exchange(service,
    [...head(), 'Content-Type: text/plain', `Content-Length: ${body.length}`], body);
  const expected = behaviour.takesFirstType ? [201] : [400, 415];
  assert.ok(expected.includes(status), String(status));
  assert.equal(await isMade(email), status === 201);
});

test('H-122 a GET with a body is refused or answered without it', async () => {
  const { status } = await exchange(service,
    ['GET /healthz HTTP/1.1', 'Host: latchkey', 'Content-Length: 2'], '{}');
  assert.ok([200, 400].includes(status), String(status));
});

test('H-131 bytes that no header may have are refused, 8-bit ones are harmless', async () => {
  for (const [line, expected] of [['X-A: a\0b', [400]], ['X A: b', [400]], [': b', [400]],
    ['X-A: \xff\xfe', [200]], ['X-A', [behaviour.skipsLinesWithoutColon ? 200 : 400]]]) {
    const { status } = await exchange(service, ['GET /healthz HTTP/1.1', 'Host: latchkey', line]);
    assert.ok(expected.includes(status), `${JSON.stringify(line)}: ${status}`);
  }
});

test('H-136 a thousand cookies are nobody', async () => {
  const cookie = Array.from({ length: 1000 }, (_, i) => `c${i}=`).join(';');
  const { status } = await exchange(service, ['GET /api/users/me HTTP/1.1', 'Host: latchkey',
    `Cookie: ${cookie.slice(0, 7000)}`, 'Cookie: =; ;;; "a"="b"; $Version=1']);
  assert.equal(status, 401);
});

test('requests without a host, of other versions, or that are none', async () => {
  const lines = [['GET /healthz HTTP/1.1'], ['GET /healthz HTTP/9.9', 'Host: x'], ['GET /healthz'],
    ['GET  /healthz HTTP/1.1', 'Host: x'], ['\x16\x03\x01'], ['GET http:// HTTP/1.1', 'Host: x']];
  for (const line of lines) {
    const { status } = await exchange(service, line);
    const isMended = status === 200 && behaviour.mendsRequestLines && /^GET +(\/|http:).* HTTP/.test(line);
    assert.ok(isMended || [0, 400, 505].includes(status) || Number.isNaN(status), `${line}: ${status}`);
  }
});

test('H-160 paths that climb or hide lead nowhere', async () => {
  for (const path of ['/../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2fetc/passwd', '/..%5c',
    '/%c0%ae%c0%ae/', '/.%00/', '//etc/passwd', '/./.././etc/passwd', '/.git/HEAD', '/.env',
    '/latchkey.conf', '/lighttpd.conf', '/keys/keys.list', '/index.html~', '/index.html.bak',
    '/run/mariadb.sock', '/app.sql', '/core', '/cgi-bin/login.fcgi', '/bin/latchkeyctl',
    '/demo-admin']) {
    const { status, text } = await exchange(service, [`GET ${path} HTTP/1.1`, 'Host: latchkey']);
    assert.ok([400, 403, 404].includes(status), `${path}: ${status}`);
    assert.doesNotMatch(text, /root:|lighttpd\/|\/tmp\//);
  }
});

test('H-155 H-167 the page says how it may be used, and no version', async () => {
  const page = await get('/', { by: 'server' });
  assert.equal(page.status, 200);
  assert.match(page.headers['content-security-policy'], /default-src 'self'/);
  assert.doesNotMatch(page.headers['content-security-policy'], /unsafe/);
  assert.equal(page.headers['x-content-type-options'], 'nosniff');
  assert.equal(page.headers.server, behaviour.server);
});

test('after all this the service works', async () => {
  await newcomer();
});
