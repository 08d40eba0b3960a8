// H-211 and H-212: what the log holds, and what it never does.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { behaviour } from '../lib/front.mjs';
import { operations } from '../lib/operations.mjs';
import { isOk } from '../lib/oracle.mjs';
import { api, newEmail } from '../lib/people.mjs';
import { exchange } from '../lib/raw.mjs';
import { sqlId, useService } from '../lib/service.mjs';
import { until } from '../lib/wait.mjs';

const service = await useService();
const { call, register, login, refresh, logout, newcomer, me } = api(service);
const { accessToken, refreshToken } = await newcomer();

// Secrets that the client would not recognise as such are kept by hand.
const canary = (name) => {
  const secret = `canary-${name}-${randomBytes(6).toString('hex')}`;
  service.secrets.add(secret);
  return secret;
};

const json = (body) => ({ body, headers: { 'content-type': 'application/json' } });
const entriesOf = (id) => service.log().filter(({ request, status }) => status !== undefined &&
  request === id);

// A line is written when the answer is on its way.
const entryOf = ({ headers }) => until('the request is logged',
  () => entriesOf(headers['x-request-id'])[0]);

// service.log() parses every line; one that is broken or cut fails there.
const linesAreWhole = () => {
  for (const entry of service.log()) {
    assert.match(entry.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.match(entry.level, /^(error|warn|info|debug)$/);
    assert.ok(Number.isInteger(entry.pid));
  }
};

test('a request is one line, found by its id', async () => {
  const answer = await me(accessToken);
  const { ms, ...entry } = await entryOf(answer);
  assert.ok(Number.isInteger(ms));
  assert.equal(entry.method, 'GET');
  assert.equal(entry.path, '/api/users/me');
  assert.equal(entry.status, 200);
  assert.equal(entry.code, 'ok');
  assert.equal(entry.ip, '127.0.0.1');
  assert.equal(entriesOf(entry.request).length, 1);
});

test('a refusal is logged with its code', async () => {
  const answer = await login({ email: newEmail(), password: canary('wrong') });
  const entry = await entryOf(answer);
  assert.equal(entry.code, 'invalid_credentials');
  assert.equal(entry.status, 401);
});

test('H-212 secrets in every member of every body are not logged', async () => {
  for (const { method, url, fields } of operations) {
    if (method === 'GET') continue;
    for (const { name } of fields) {
      const secret = canary(name);
      for (const body of [{ [name]: secret }, { [name]: { [secret]: secret } }, { [secret]: 1 }]) {
        await call(method, url, json(JSON.stringify(body)));
      }
      await call(method, url, json(`{"${name}":"${secret}"`));
      await call(method, url, json(`{"${name}":"${secret}","${name}":"${secret}"}`));
      await call(method, url, { body: `${name}=${secret}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' } });
      await call(method, url, json(`{"${name}":"${secret}"}`.padEnd(70_000)));
    }
  }
});

test('H-212 a password typed where the name belongs is not logged', async () => {
  const password = canary('typed-as-name');
  await login({ email: password, password: 'x' });
  await login({ username: password, password: 'x' });
  await register({ email: password, password });
  await register({ email: newEmail(), password: canary('password'), username: password });
});

test('H-212 secrets in the query, the path and headers are not logged', async () => {
  for (const { method, url } of operations) {
    await call(method, `${url}?access_token=${canary('query')}&password=${canary('query')}`);
    for (const name of ['authorization', 'cookie', 'proxy-authorization', 'x-api-key', 'referer']) {
      await call(method, url, { headers: { [name]: `Bearer ${canary(name)}` } });
    }
    await call(method, url, { headers: { authorization: `Basic ${canary('basic')}` } });
    await call(method, url, { headers: { cookie: `__Host-latchkey-refresh=${canary('cookie')}` } });
  }
});

test('H-212 tokens that were refused are not logged, whole or in part', async () => {
  const forged = `${accessToken.slice(0, -20)}${randomBytes(15).toString('base64url')}`;
  service.secrets.add(forged.slice(-20));
  service.secrets.add(accessToken.split('.')[1]);
  await me(forged);
  await logout(forged);
  await refresh(refreshToken, forged);
  await refresh(`${refreshToken.slice(0, -4)}AAAA`);
  service.secrets.add(refreshToken.slice(50, 90));
});

const hostile = {
  'CR LF': '%0d%0aX-Injected:%201',
  'LF': '%0a{"level":"error"}',
  'ESC': '%1b[31mred%1b[0m',
  'quotes': '%22,%22level%22:%22error%22,%22x%22:%22',
  'a backslash': '%5c%5c%22',
  'U+2028': '%e2%80%a8',
  'U+010A and U+560D': '%c4%8a%e5%98%8d',
  'invalid UTF-8': '%ff%fe%c3',
  'DEL and C1': '%7f%c2%9b',
};
for (const [name, text] of Object.entries(hostile)) {
  test(`H-211 H-128 ${name} in the path breaks no line and no header`, async () => {
    const answer = await exchange(service, [`GET /api/weather/${text} HTTP/1.1`, 'Host: latchkey']);
    assert.ok([400, 404].includes(answer.status), String(answer.status));
    for (const line of answer.lines) assert.doesNotMatch(line, /injected|red|\x1b/i);
    linesAreWhole();
    const raw = readFileSync(join(service.state, 'log/latchkey.log'), 'latin1');
    assert.doesNotMatch(raw, /[\0-\x09\x0b-\x1f\x7f]/, 'control characters are escaped');
  });
}

test('H-211 user agents and other headers break no line', async () => {
  const agents = ['"}\\"', 'a\tb', 'é😀', '{"level":"error"}', '%0d%0a', '\x1b[31m', "'; --",
    'x'.repeat(7000)];
  for (const agent of agents) {
    const bytes = Buffer.from(agent).toString('latin1');
    await exchange(service, ['GET /api/weather HTTP/1.1', 'Host: latchkey',
      `User-Agent: ${bytes}`, `Origin: ${bytes.slice(0, 100)}`, `Referer: ${bytes.slice(0, 100)}`]);
  }
  linesAreWhole();
});

test('H-211 a hostile user agent is stored as plain text', async () => {
  const ann = await newcomer();
  const agent = Buffer.from(`é<script>"'\\${'x'.repeat(2000)}`).toString('latin1');
  const answer = await login({ email: ann.email, password: ann.password },
    { headers: { 'user-agent': agent } });
  isOk(answer);
  const [[stored]] = await service.sql(
    `SELECT user_agent FROM session WHERE id = ${sqlId(answer.body.sessionId)}`);
  assert.match(stored, /^[ -~]{255}$/);
});

test('H-211 no line is longer than two kibibytes', async () => {
  for (const long of ['x'.repeat(6000), '%22'.repeat(2000)]) {
    const { status } = await call('GET', `/api/weather/${long}`, { by: 'server' });
    assert.ok(status === 404 || behaviour.looksForFiles && status === 403, String(status));
  }
  const raw = readFileSync(join(service.state, 'log/latchkey.log'), 'utf8');
  for (const line of raw.split('\n')) assert.ok(Buffer.byteLength(line) <= 2048, line.slice(0, 100));
});

test('an unknown method is no text of the log', async () => {
  await exchange(service, ['PROPFIND /api/weather HTTP/1.1', 'Host: latchkey']);
  linesAreWhole();
});

test('logs are for their owner only', () => {
  const dir = join(service.state, 'log');
  assert.equal(statSync(dir).mode & 0o777, 0o700);
  for (const name of readdirSync(dir)) {
    assert.equal(statSync(join(dir, name)).mode & 0o077, 0, name);
  }
});

test('endpoints write nothing to standard error', () => {
  assert.equal(readFileSync(join(service.state, 'log/endpoints.log'), 'utf8'), '');
});
