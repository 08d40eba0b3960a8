// Section M of the attack catalogue: FastCGI that no web server sends, given
// to the gate's socket and others.  Nothing of it is leave to serve, and the
// process goes on.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import {
  authorize, begin, converse, pair, params, record, role, type, understand, usual,
} from '../lib/fcgi.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { isSanitized, sqlId, useService } from '../lib/service.mjs';
import { until } from '../lib/wait.mjs';

const service = await useService({ env: { LATCHKEY_GATE_LOGIN_URL: '' } });
const { newcomer, refresh, weather } = api(service);
const ann = await newcomer();
const good = { ...usual, HTTP_AUTHORIZATION: `Bearer ${ann.accessToken}` };
const none = record(type.stdin);
const asked = (variables) => [begin(role.authorizer), params(variables), none];

// Nobody who reads this may take it for leave: no status of 200, no identity.
function isNoLeave(bytes, where) {
  const said = understand(bytes);
  assert.doesNotMatch(said.stdout, /^Status: 2/, where);
  assert.doesNotMatch(said.stdout, /Variable-/, where);
  if (said.end !== null) assert.ok(said.status >= 400, `${where}: an end without a status`);
}

async function isAlive(name = 'gate') {
  assert.equal(service.pids()[name], pids[name], `${name} has died`);
  assert.equal((await authorize(service, good)).status, 200);
}

assert.equal((await authorize(service, good)).status, 200);
const pids = service.pids();

const length = (name, value) => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE((name | 0x80000000) >>> 0, 0);
  bytes.writeUInt32BE((value | 0x80000000) >>> 0, 4);
  return bytes;
};
const whole = params(good);
const odd = {
  'nothing at all': [],
  'one byte': ['\x01'],
  'half a head': [begin(role.authorizer).subarray(0, 5)],
  'a beginning alone': [begin(role.authorizer)],
  'no parameters': [begin(role.authorizer), record(type.params), none],
  'parameters without an end': [begin(role.authorizer), params(good, { end: false })],
  'parameters cut in a value': [begin(role.authorizer), whole.subarray(0, 200)],
  'a record longer than what comes': [begin(role.authorizer), record(type.params, pair('A', 'B'), { length: 60_000 })],
  'no beginning': [params(good), none],
  'lengths beyond all measure': [begin(role.authorizer), record(type.params, length(0x7fffffff, 0x7fffffff))],
  'one length beyond all measure': [begin(role.authorizer), record(type.params, length(0x7fffffff, 1))],
  'a length of 16 MiB and nothing': [begin(role.authorizer), record(type.params, length(4, 1 << 24)), record(type.params)],
  'a name longer than the record': [begin(role.authorizer), record(type.params, Buffer.from([100, 100, 65])),
    record(type.params), none],
  'version 0': [record(type.begin, '\0\x02\0\0\0\0\0\0', { version: 0 }), whole, none],
  'version 2': [record(type.begin, '\0\x02\0\0\0\0\0\0', { version: 2 }), whole, none],
  'version 255 later on': [begin(role.authorizer), record(type.params, pair('A', 'B'), { version: 255 }), whole],
  'role 0': [begin(0), whole, none],
  'role 9': [begin(9), whole, none],
  'role 258': [begin(258), whole, none],
  'a short beginning': [record(type.begin, '\0\x02'), whole, none],
  'an abort before the parameters': [begin(role.authorizer), record(type.abort), whole],
  'an abort within the parameters': [begin(role.authorizer), params(good, { end: false }), record(type.abort), none],
  'a record of type 99': [begin(role.authorizer), record(99, 'x'), record(type.params), none],
  'an end in place of the parameters': [begin(role.authorizer), record(type.end, Buffer.alloc(8))],
  'another request\'s parameters': [begin(role.authorizer), record(type.params, pair('A', 'B'), { id: 2 })],
  'HTTP': ['GET /private/ HTTP/1.1\r\nHost: x\r\n\r\n'],
  'zeros': [Buffer.alloc(4096)],
  'ones': [Buffer.alloc(4096, 255)],
  'no parameter that the gate reads': [...asked({ A: 'b' })],
};
for (const [name, pieces] of Object.entries(odd)) {
  test(`H-194 H-196 H-200 ${name}: no leave, and the process lives`, async () => {
    isNoLeave(await converse(service, pieces.map((piece) => Buffer.from(piece, 'latin1')), { end: true }), name);
    await isAlive();
  });
}

test('H-196 random bytes behind a good beginning are no leave', async () => {
  let seed = 1;
  const random = () => { seed = seed * 48_271 % 0x7fffffff; return seed; };
  const bytes = Buffer.concat([begin(role.authorizer), whole]);
  for (let round = 0; round < 200; round++) {
    const broken = Buffer.from(bytes);
    // A token that is damaged is refused; elsewhere a bit may mean nothing.
    const at = broken.indexOf(ann.accessToken);
    for (let i = 0; i < 1 + round % 4; i++) broken[at + random() % ann.accessToken.length] ^= 1 << random() % 8;
    for (let i = 0; i < round % 3; i++) broken[random() % broken.length] ^= 1 << random() % 8;
    isNoLeave(await converse(service, [broken, none], { end: true }), `round ${round}`);
  }
  await isAlive();
});

test('a request that is cut anywhere is no leave', async () => {
  const bytes = Buffer.concat([begin(role.authorizer), whole]);
  for (let size = 0; size < bytes.length; size += 7) {
    isNoLeave(await converse(service, [bytes.subarray(0, size)], { end: true }), `${size} bytes`);
  }
  await isAlive();
});

test('H-197 20,000 parameters are judged by those that count, in bounded memory', async () => {
  const many = Array.from({ length: 20_000 }, (_, i) => [`HTTP_X_${i}`, 'x'.repeat(20)]);
  const resident = () =>
    Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pids.gate}/status`, 'utf8'))[1]);
  const ask = async (variables) => understand(await converse(service, asked(variables)));
  assert.equal((await ask([...many, ...Object.entries(good)])).status, 200);
  isProblem(await ask([...many, ...Object.entries(usual)]), 'authentication_required');
  for (let i = 0; i < 20; i++) await ask([...many, ...Object.entries(good)]);
  const before = resident();
  for (let i = 0; i < 40; i++) await ask([...many, ...Object.entries(good)]);
  // One of them takes about 2 MB; a leak would be 80.  Sanitizers keep what is freed.
  if (!isSanitized) assert.ok(resident() - before < 16_000, `${before} to ${resident()} KiB`);
  await isAlive();
});

test('H-199 the first of two parameters counts, also where the second would be let in', async () => {
  const list = Object.entries(usual);
  const twice = (first, second) => [...list, ['HTTP_AUTHORIZATION', first], ['HTTP_AUTHORIZATION', second]];
  const said = understand(await converse(service, asked(twice('Bearer x.y.z', good.HTTP_AUTHORIZATION))));
  isProblem(said, 'invalid_token');
});

test('H-199 NUL, line ends and = in names and values give nothing away', async () => {
  const odds = [
    { 'HTTP_AUTHORIZATION\0': good.HTTP_AUTHORIZATION }, { 'XHTTP_AUTHORIZATION': good.HTTP_AUTHORIZATION },
    { HTTP_AUTHORIZATION: `\0${good.HTTP_AUTHORIZATION}` }, { HTTP_AUTHORIZATION: `Bearer\0${ann.accessToken}` },
    { HTTP_AUTHORIZATION: `${good.HTTP_AUTHORIZATION}\r\nVariable-AUTH_ROLES: ADMIN` },
    { HTTP_AUTHORIZATION: `${good.HTTP_AUTHORIZATION}\n` }, { '=': '=' }, { '': good.HTTP_AUTHORIZATION },
  ];
  for (const variables of odds) {
    isNoLeave(await converse(service, asked({ ...usual, ...variables })), JSON.stringify(variables));
  }
  const { status, lines } = await authorize(service, { ...good, 'GATE_ROLE=USER': '', GATE_ROLE: 'ADMIN' });
  assert.equal(status, 403, lines.join());
  await isAlive();
});

test('H-205 formats in what a client says are text', async () => {
  for (const text of ['%n%n%n%n', '%s%s%s%s%s%s', '%1000000d']) {
    for (const name of ['HTTP_USER_AGENT', 'REQUEST_URI', 'REMOTE_ADDR', 'HTTP_COOKIE', 'REQUEST_METHOD']) {
      assert.equal((await authorize(service, { [name]: text })).status, 401);
    }
    isProblem(await authorize(service, { ...good, GATE_ROLE: text }), 'forbidden');
  }
  await isAlive();
});

test('leave is answered without waiting for a body that may never come', async () => {
  for (const pieces of [[], [record(type.stdin, 'half a body')]]) {
    const said = understand(await converse(service, [begin(role.authorizer), params(good), ...pieces]));
    assert.equal(said.status, 200);
    assert.deepEqual(said.end, { status: 0, protocol: 0 });
  }
});

test('path and query are not looked at in this role', async () => {
  for (const variables of [{ SCRIPT_NAME: '/healthz' }, { PATH_INFO: '/auth/verify', SCRIPT_NAME: '' },
    { QUERY_STRING: 'role=ADMIN' }, { QUERY_STRING: 'role=%zz&role=1' }, { CONTENT_LENGTH: '99999999' },
    { CONTENT_LENGTH: 'x', CONTENT_TYPE: 'a/b' }]) {
    assert.equal((await authorize(service, { ...good, ...variables })).status, 200);
    assert.equal((await authorize(service, variables)).status, 401);
  }
});

test('an endpoint that is no gate gives no leave', async () => {
  const names = Object.keys(pids).filter((name) => name !== 'gate');
  assert.ok(names.includes('health') && names.includes('jwks') && names.includes('weather'));
  for (const name of names) {
    for (const path of ['', '/healthz', '/.well-known/jwks.json', '/api/weather']) {
      const said = await authorize(service,
        { HTTP_AUTHORIZATION: good.HTTP_AUTHORIZATION, SCRIPT_NAME: path, REQUEST_URI: path }, { name });
      isProblem(said, 'unavailable');
      assert.equal(said.status, 503);
    }
  }
});

test('as responder the gate answers by path alone', async () => {
  const ask = async (variables) => understand(await converse(service,
    [begin(role.responder), params({ ...good, ...variables }), none]));
  assert.equal((await ask({ SCRIPT_NAME: '/auth/verify' })).status, 200);
  assert.equal((await ask({ SCRIPT_NAME: '/private/' })).status, 404);
  assert.equal((await ask({ FCGI_ROLE: 'AUTHORIZER' })).status, 404);
  assert.ok(!(await ask({ SCRIPT_NAME: '/auth/verify' })).lines.some((line) => line.startsWith('Variable-')));
});

test('where no login is named a browser is answered 401, too', async () => {
  const answer = await authorize(service, { HTTP_ACCEPT: 'text/html', HTTP_SEC_FETCH_MODE: 'navigate' });
  isProblem(answer, 'authentication_required');
  assert.equal(answer.headers.location, undefined);
});

// --- A body that breaks off at an endpoint that would act on it --------------

test('H-200 half a refresh is no refresh', async () => {
  const { sessionId, refreshToken } = await newcomer();
  const body = JSON.stringify({ refreshToken });
  const head = [begin(role.responder), params({ ...usual, REQUEST_METHOD: 'POST', SCRIPT_NAME: '/api/auth/refresh',
    CONTENT_TYPE: 'application/json', CONTENT_LENGTH: String(body.length) })];
  const halves = [
    [record(type.stdin, body.slice(0, 50))],
    [record(type.stdin, body.slice(0, 50)), record(type.abort)],
    [record(type.stdin, body.slice(0, -1)), none],
    [record(type.abort)],
    [record(type.stdin, body.slice(0, 50)), record(type.stdin, body.slice(50), { id: 7 })],
  ];
  for (const half of halves) {
    const said = understand(await converse(service, [...head, ...half], { name: 'refresh', end: true }));
    assert.notEqual(said.status, 200);
  }
  assert.deepEqual(await service.sql(`SELECT generation FROM session WHERE id = ${sqlId(sessionId)}`), [['1']]);
  isOk(await refresh(refreshToken));
});

test('a web server that goes away leaves no thread behind', async () => {
  for (let i = 0; i < 30; i++) {
    await converse(service, [begin(role.authorizer), params(good, { end: false })], { end: true });
  }
  await until('all threads wait again', async () => (await authorize(service, good)).status === 200);
  isOk(await weather(ann.accessToken));
  await isAlive();
});
