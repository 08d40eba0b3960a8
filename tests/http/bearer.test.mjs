// How a token may be sent (RFC 6750), and how not.
import assert from 'node:assert/strict';
import test from 'node:test';
import { behaviour } from '../lib/front.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { exchange } from '../lib/raw.mjs';
import { useService } from '../lib/service.mjs';

const service = await useService();
const { get, post, newcomer, me, refresh } = api(service);
const { accessToken: token, refreshToken } = await newcomer();
const { accessToken: other } = await newcomer();

const paths = ['/api/users/me', '/api/weather'];

async function answersTo(headers, check) {
  for (const path of paths) check(await get(path, { headers }));
}
const withAuthorization = (authorization, check) => answersTo({ authorization }, check);
const isPlain = (answer) => isProblem(answer, 'authentication_required');

// Bytes that no client sends in a header, sent as they are.
const rawly = (...lines) => exchange(service, [
  'GET /api/weather HTTP/1.1', 'Host: latchkey', ...lines]);

test('the scheme is compared without case', async () => {
  for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR']) {
    await withAuthorization(`${scheme} ${token}`, isOk);
  }
});

test('J-118 another scheme is no bearer', async () => {
  for (const scheme of ['Token', 'JWT', 'Basic', 'Digest', 'Bear', 'Bearers', 'X-Bearer']) {
    await withAuthorization(`${scheme} ${token}`, isPlain);
  }
  await withAuthorization(token, isPlain);
});

test('no credentials, an empty header and other headers are none', async () => {
  await answersTo({}, isPlain);
  await withAuthorization('', isPlain);
  for (const name of ['x-authorization', 'x_authorization', 'proxy-authorization', 'cookie',
    'authorization-', 'http_authorization']) {
    await answersTo({ [name]: `Bearer ${token}` }, isPlain);
  }
});

test('J-116 two spaces, a tab or no token at all are no request', async () => {
  const isMalformed = (answer) => isProblem(answer, 'invalid_request');
  for (const form of [`Bearer  ${token}`, `Bearer\t${token}`, `Bearer \t${token}`, 'Bearer',
    'bearer']) {
    await withAuthorization(form, isMalformed);
  }
});

test('J-107 J-112 anything else behind the space is a bad token', async () => {
  const isInvalid = (answer) => isProblem(answer, 'invalid_token');
  for (const form of [`${token} ${token}`, `${token} x`, 'a b', '=', 'undefined', 'null',
    '[object Object]', '{"payload":"x"}']) {
    await withAuthorization(`Bearer ${form}`, isInvalid);
  }
});

test('J-119 two credentials in one header are no request, in whatever order', async () => {
  const isMalformed = (answer) => isProblem(answer, 'invalid_request');
  for (const form of [`Bearer ${token}, Bearer ${other}`, `Bearer ${token},Bearer ${token}`,
    `Bearer ${token},`, `,Bearer ${token}`, `Basic x, Bearer ${token}`, `Bearer ${token}, Basic x`]) {
    await withAuthorization(form, isMalformed);
  }
});

test('J-119 two Authorization headers are no request', async () => {
  for (const [first, second] of [[token, other], [token, token], ['x', token], [token, 'x']]) {
    const { status } = await rawly(`Authorization: Bearer ${first}`, `Authorization: Bearer ${second}`);
    assert.equal(status, 400);
  }
});

test('J-119 two credentials do not refresh either', async () => {
  isProblem(await post('/api/auth/refresh', { refreshToken },
    { headers: { authorization: `Bearer ${token}, Bearer ${token}` } }), 'invalid_request');
  isProblem(await post('/api/auth/logout', {},
    { headers: { authorization: `Bearer ${token}, Bearer ${token}` } }), 'invalid_request');
  isOk(await refresh(refreshToken));
});

test('J-122 a token in the query is not seen', async () => {
  for (const name of ['access_token', 'token', 'bearer_token', 'Authorization']) {
    for (const path of paths) isPlain(await get(`${path}?${name}=${token}`));
  }
});

test('J-112 white space around the header value is not part of it', async () => {
  const { status } = await rawly(`Authorization:  Bearer ${token} \t`);
  assert.equal(status, behaviour.trimsTabs ? 200 : 401);
});

test('J-112 control characters in the header reach nobody', async () => {
  for (const character of ['\0', '\n', '\r', '\x0b', '\x7f']) {
    const { status } = await rawly(`Authorization: Bearer ${token}${character}`,
      'X-Next: 1');
    const isLine = '\n\r'.includes(character) && behaviour.endsLinesLoosely;
    assert.ok(isLine ? status === 200 : [400, 401].includes(status),
      `${character.charCodeAt(0)}: ${status}`);
  }
});

test('J-112 a folded header is not the token', async () => {
  const [head, ...rest] = token.split('.');
  const { status } = await rawly(`Authorization: Bearer ${head}`, ` .${rest.join('.')}`);
  assert.ok([400, 401].includes(status), String(status));
});

test('J-112 look-alikes of the dot are none', async () => {
  for (const dot of ['\uff0e', '\u3002', '\u200b.', '%2e']) {
    const { status } = await rawly(Buffer.from(
      `Authorization: Bearer ${token.replaceAll('.', dot)}`).toString('latin1'));
    assert.equal(status, 401);
  }
});

// Web servers read 8 KiB of a header.
const { headTooLarge } = behaviour;
for (const [kib, expected] of [[3, 401], [6, 401], [16, headTooLarge], [64, headTooLarge],
  [1024, headTooLarge]]) {
  test(`J-127 J-215 a token of ${kib} KiB is refused`, async () => {
    const { status } = await rawly(`Authorization: Bearer ${'A'.repeat(kib * 1024)}`);
    assert.equal(status, expected);
  });
}

test('H-134 nobody strips a credential by naming it in Connection', async () => {
  for (const line of ['Connection: close, Authorization', 'Connection: Authorization']) {
    const { status } = await rawly(line, `Authorization: Bearer ${token}`);
    assert.ok([200, 400].includes(status), String(status));
  }
});

test('J-206 the same token from a hundred requests at once is fine', async () => {
  const answers = await Promise.all(Array.from({ length: 100 }, () => me(token)));
  for (const answer of answers) isOk(answer);
});
