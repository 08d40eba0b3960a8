// Introspection (RFC 7662), and the programs that may ask.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { newClient } from '../lib/clients.mjs';
import { decode, signingKey } from '../lib/jwt.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newPassword, newUsername } from '../lib/people.mjs';
import { decode as decodeRefresh, encode, forge, layout, macKey } from '../lib/reftoken.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const service = await useService();
const { call, post, logout, me, newcomer, refresh } = api(service);
const [id, secret] = await newClient(service, 'shop');
const host = await newcomer();
const key = signingKey(service.state);

const introspect = (token, more = {}) =>
  call('POST', '/oauth/introspect', { form: { token }, client: [id, secret], ...more });
const revoke = (token, more = {}) => call('POST', '/oauth/revoke', { form: { token }, ...more });

async function claimsOf(token, more) {
  const answer = await introspect(token, more);
  isOk(answer);
  assert.equal(answer.body.active, true, answer.text);
  return answer.body;
}

// Nothing but the one word, whatever the reason.
async function isInactive(token) {
  const answer = await introspect(token);
  isOk(answer);
  assert.equal(answer.text, '{"active":false}');
}

// --- Introspection --------------------------------------------------------

test('N30 a live access token is what it says it is', async () => {
  const ann = await newcomer();
  const { payload } = decode(ann.accessToken);
  const { active, token_use: use, token_type: type, username, ...claims } = await claimsOf(ann.accessToken);
  const { ver, token_use: _, ...minted } = payload;
  assert.deepEqual({ active, use, type, username },
    { active: true, use: 'access', type: 'Bearer', username: ann.email });
  assert.deepEqual(claims, minted);
  // Asked again, about a token that has been seen.
  assert.deepEqual((await introspect(ann.accessToken)).body,
    { active, token_use: use, token_type: type, username, ...claims });
});

test('the user name stands for whoever has one', async () => {
  const username = newUsername();
  const { accessToken } = await newcomer({ username });
  assert.equal((await claimsOf(accessToken)).username, username);
});

test('a refresh token is active, of no use as an access token, and not exchanged by it', async () => {
  const ann = await newcomer();
  const claims = await claimsOf(ann.refreshToken);
  const { exp, ...rest } = claims;
  assert.equal(exp, Date.parse(ann.refreshTokenExpirationTime) / 1000);
  assert.deepEqual(rest, {
    active: true, token_use: 'refresh', iss: service.base, client_id: 'latchkey', sub: ann.user.id,
    sid: ann.sessionId, username: ann.email,
  });
  const rows = `SELECT generation, concurrent_count FROM session WHERE id = ${sqlId(ann.sessionId)}`;
  assert.deepEqual(await service.sql(rows), [['1', '0']]);
  isOk(await refresh(ann.refreshToken));
});

test('a refresh token is active as long as it would be exchanged, and asking ends nothing', async () => {
  const ann = await newcomer();
  const { body: next } = await refresh(ann.refreshToken);
  await claimsOf(ann.refreshToken);
  await service.sql(`UPDATE session SET rotated_ms = rotated_ms - 30000 WHERE id = ${sqlId(ann.sessionId)}`);
  await isInactive(ann.refreshToken);
  await claimsOf(next.refreshToken);
  isOk(await refresh(next.refreshToken));
});

test('a hint that is wrong, or unknown, is no matter', async () => {
  const ann = await newcomer();
  for (const token of [ann.accessToken, ann.refreshToken]) {
    for (const hint of ['access_token', 'refresh_token', 'pigeon', '']) {
      await claimsOf(token, { form: { token, token_type_hint: hint, x: 'y' } });
    }
  }
});

test('N29 what was never a token of ours is not active', async () => {
  const ann = await newcomer();
  const bytes = decodeRefresh(ann.refreshToken);
  bytes.fill(0, layout['MAC key'][0], layout['MAC key'][1]);
  const other = { bytes: randomBytes(32) };
  for (const token of ['x', 'x.y.z', id, secret, 'lkr_', ' '.repeat(10), 'é', '\n',
    `${ann.accessToken}A`, `${ann.accessToken} `, `Bearer ${ann.accessToken}`, `${ann.refreshToken}A`,
    encode(bytes), forge(ann.refreshToken, () => {}, other), 'x'.repeat(60_000),
    key.sign({ ...decode(ann.accessToken).payload, aud: 'other' }),
    key.sign({ ...decode(ann.accessToken).payload, iss: 'https://other.example' }),
    key.sign({ ...decode(ann.accessToken).payload, token_use: 'refresh' })]) {
    await isInactive(token);
  }
  await claimsOf(ann.accessToken);
});

test('a genuine MAC over another secret makes no active refresh token', async () => {
  const ann = await newcomer();
  const change = (at, value) => forge(ann.refreshToken, (bytes) => { bytes[at] = value; }, macKey(service.state));
  await isInactive(change(layout.secret[0], 0x5a));
  // A generation that the row has yet to reach.
  await isInactive(change(layout.generation[1] - 1, 2));
  await claimsOf(change(layout.generation[1] - 1, 1));
});

test('an expired token is not active', async () => {
  const ann = await newcomer();
  await isInactive(key.expired(ann.accessToken));
});

// The database is told behind the service's back, so that nothing but the
// database can know.
const changes = {
  'its session has ended': 'UPDATE session SET ended_ms = 1 WHERE id = SID',
  'its session is too old': 'UPDATE session SET expires_ms = 1 WHERE id = SID',
  'its session is gone': 'DELETE FROM session WHERE id = SID',
  'its user is disabled': 'UPDATE user SET status = 0 WHERE id = SUB',
  'its user is gone': 'DELETE FROM user WHERE id = SUB',
};
for (const [why, statement] of Object.entries(changes)) {
  test(`neither token is active where ${why}`, async () => {
    const ann = await newcomer();
    await service.sql(statement.replace('SID', sqlId(ann.sessionId)).replace('SUB', sqlId(ann.user.id)));
    await isInactive(ann.accessToken);
    await isInactive(ann.refreshToken);
  });
}

test('an access token of an older version is not active', async () => {
  const ann = await newcomer();
  await service.sql(`UPDATE user SET token_version = token_version + 1 WHERE id = ${sqlId(ann.user.id)}`);
  await isInactive(ann.accessToken);
});

test('an access token that names a session of somebody else is not active', async () => {
  const [ann, bob] = [await newcomer(), await newcomer()];
  await isInactive(key.sign({ ...decode(ann.accessToken).payload, sid: bob.sessionId }));
});

test('a refresh token whose session has been idle too long is not active', async () => {
  const ann = await newcomer();
  await service.sql(`UPDATE session SET idle_expires_ms = 1 WHERE id = ${sqlId(ann.sessionId)}`);
  await isInactive(ann.refreshToken);
});

test('after a logout, a change of password and a disabling, at once', async () => {
  const ann = await newcomer();
  const bob = await newcomer();
  const eve = await newcomer();
  isOk(await logout(ann.accessToken), 204);
  isOk(await post('/api/auth/password',
    { currentPassword: bob.password, newPassword: newPassword() }, { token: bob.accessToken }));
  assert.equal((await service.ctl(['user', 'disable', '--email', eve.email])).status, 0);
  for (const { accessToken, refreshToken } of [ann, bob, eve]) {
    await isInactive(accessToken);
    await isInactive(refreshToken);
  }
});

test('N27 a token that is missing, empty, or in the query, is a bad request', async () => {
  const { accessToken } = await newcomer();
  for (const path of ['/oauth/introspect', '/oauth/revoke']) {
    for (const form of [{}, { token: '' }, { Token: accessToken }, { token_type_hint: 'access_token' }]) {
      isProblem(await call('POST', `${path}?token=${accessToken}`, { form, client: [id, secret] }), 'invalid_request');
    }
  }
  isOk(await me(accessToken));
});

// --- Clients --------------------------------------------------------------

const basic = (text) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
const whole = basic(`${id}:${secret}`).authorization.slice(6);

const strangers = {
  'nobody': {},
  'an empty header': { authorization: '' },
  'a scheme alone': { authorization: 'Basic' },
  'a scheme and a space': { authorization: 'Basic ' },
  'another scheme': { authorization: `Basics ${whole}` },
  'a bearer': { authorization: `Bearer ${whole}` },
  'two spaces': { authorization: `Basic  ${whole}` },
  'a tab': { authorization: `Basic\t${whole}` },
  'no base64': { authorization: 'Basic %%%' },
  'base64url': { authorization: `Basic ${Buffer.from(`${id}:${secret}\xff\xfe\xff`, 'latin1').toString('base64url')}` },
  'no padding': { authorization: `Basic ${whole.replace(/=+$/, '').slice(0, -1)}` },
  'something behind': { authorization: `Basic ${whole} x` },
  'no colon': basic(`${id}${secret}`),
  'no id': basic(`:${secret}`),
  'no secret': basic(`${id}:`),
  'a wrong secret': basic(`${id}:${secret.slice(0, -1)}`),
  'a longer secret': basic(`${id}:${secret}A`),
  'a secret in another case': basic(`${id}:${secret.toLowerCase()}`),
  'an id in upper case': basic(`${id.toUpperCase()}:${secret}`),
  'an unknown id': basic(`01a20000-0000-7000-8000-000000000000:${secret}`),
  'a name for the id': basic(`shop:${secret}`),
  'an escape that is none': basic(`${id}:${secret}%zz`),
  'NUL': basic(`${id}:${secret}%00`),
  'no UTF-8': basic(`${id}:${secret}%ff`),
  'a long one': basic(`${id}:${'x'.repeat(3000)}`),
  'a user': basic('admin@example.org:x'),
};
for (const [who, headers] of Object.entries(strangers)) {
  test(`N28 ${who} is told nothing`, async () => {
    const isNobody = (headers.authorization ?? '') === '';
    const { accessToken } = isNobody ? await newcomer() : host;
    const answers = [];
    for (const token of [accessToken, 'x']) {
      answers.push(await introspect(token, { client: undefined, headers }));
    }
    for (const answer of answers) isProblem(answer, 'invalid_client');
    const said = answers.map(({ body: { requestId, ...rest } }) => rest);
    assert.deepEqual(said[0], said[1]);
    const answer = await revoke(accessToken, { headers });
    if (isNobody) isOk(answer);
    else isProblem(answer, 'invalid_client');
    assert.equal((await me(accessToken)).status, isNobody ? 401 : 200);
  });
}

test('two credentials are one too many', async () => {
  const { accessToken } = await newcomer();
  for (const ask of [introspect, revoke]) {
    for (const other of [`Basic ${whole}`, `Bearer ${accessToken}`, 'x']) {
      isProblem(await ask(accessToken,
        { client: undefined, headers: { authorization: `Basic ${whole}, ${other}` } }), 'invalid_request');
    }
    isProblem(await ask(accessToken,
      { client: [id, secret], form: { token: accessToken, client_secret: secret } }), 'invalid_request');
    // In the body alone they are no credentials, and no reason to go on.
    const alone = await ask(accessToken,
      { client: undefined, form: { token: accessToken, client_id: id, client_secret: secret } });
    isProblem(alone, ask === introspect ? 'invalid_client' : 'invalid_request');
  }
  isOk(await me(accessToken));
});

test('a client is known in every spelling that RFC 6749 gives it', async () => {
  const { accessToken } = await newcomer();
  const escaped = (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join('');
  for (const headers of [basic(`${id}:${secret}`), basic(`${escaped(id)}:${escaped(secret)}`),
    { authorization: `bASIC ${whole}` }]) {
    await claimsOf(accessToken, { client: undefined, headers });
  }
});

test('its own secret opens no other client', async () => {
  const [otherId, otherSecret] = await newClient(service);
  for (const client of [[id, otherSecret], [otherId, secret]]) {
    isProblem(await introspect('x', { client }), 'invalid_client');
  }
  isOk(await introspect('x', { client: [otherId, otherSecret] }));
});

test('errors come as application/json to whoever knows OAuth alone', async () => {
  for (const accept of ['application/json', 'text/html, application/json;q=0.9',
    'application/problem+json, application/json', '*/*']) {
    const answer = await call('POST', '/oauth/introspect',
      { form: {}, client: [id, secret], headers: { accept }, by: 'lighttpd' });
    assert.equal(answer.body.error, 'invalid_request');
    assert.equal(answer.body.code, 'invalid_request');
    assert.equal(answer.headers['content-type'],
      /problem|\*/.test(accept) ? 'application/problem+json' : 'application/json', accept);
  }
});

// --- latchkeyctl client ---------------------------------------------------

const ctl = (...args) => service.ctl(['client', ...args]);
const clientList = async () => JSON.parse((await ctl('list', '--json')).stdout).clients;

test('a client is made, listed, used and deleted, by name or by id', async () => {
  const { status, stdout } = await ctl('add', 'first one');
  assert.equal(status, 0);
  const [, firstId, firstSecret] = /^id {6}(\S+)\nsecret {2}(lkc_[\w-]{43})\n$/.exec(stdout);
  service.secrets.add(firstSecret);
  const [secondId, secondSecret] = await newClient(service, 'Zweites Gerät');
  const of = (rows, name) => rows.find((row) => row.name === name);
  const before = of(await clientList(), 'first one');
  assert.equal(before.id, firstId);
  assert.equal(before.lastUsedAt, null);
  assert.match((await ctl('list')).stdout, new RegExp(`^${firstId} +\\S+Z +never +first one$`, 'm'));

  isOk(await introspect('x', { client: [firstId, firstSecret] }));
  const after = of(await clientList(), 'first one');
  assert.match(after.lastUsedAt, /^\d{4}-.*Z$/);
  assert.match((await ctl('list')).stdout, new RegExp(`^${firstId} +\\S+Z +\\S+Z +first one$`, 'm'));

  assert.deepEqual(await ctl('delete', 'first one'), { status: 0, stdout: '', stderr: '' });
  assert.deepEqual(await ctl('delete', secondId), { status: 0, stdout: '', stderr: '' });
  isProblem(await introspect('x', { client: [firstId, firstSecret] }), 'invalid_client');
  isProblem(await introspect('x', { client: [secondId, secondSecret] }), 'invalid_client');
  const trail = await service.sql('SELECT event, detail FROM audit' +
    ` WHERE detail LIKE '${firstId}%' OR detail LIKE '${secondId}%' ORDER BY id`);
  assert.deepEqual(trail, [['client_added', `${firstId} first one`], ['client_added', `${secondId} Zweites Ger??t`],
    ['client_deleted', `${firstId} first one`], ['client_deleted', `${secondId} Zweites Ger??t`]]);
});

test('its use is written down once an hour, not at each request', async () => {
  const client = await newClient(service);
  const used = `SELECT last_used_ms FROM client WHERE id = ${sqlId(client[0])}`;
  const set = (value) => service.sql(`UPDATE client SET last_used_ms = ${value} WHERE id = ${sqlId(client[0])}`);
  const recent = Date.now() - 3_000_000;
  await set(recent);
  isOk(await introspect('x', { client }));
  assert.deepEqual(await service.sql(used), [[String(recent)]]);
  await set(recent - 3_600_000);
  isOk(await introspect('x', { client }));
  assert.ok(Number((await service.sql(used))[0][0]) > recent);
});

test('the database has no secret, only its hash', async () => {
  const rows = await service.sql('SELECT HEX(secret_hash) FROM client');
  const plain = Buffer.from(secret).toString('hex').toUpperCase();
  const [[hash]] = await service.sql(`SELECT HEX(secret_hash) FROM client WHERE id = ${sqlId(id)}`);
  const [[sum]] = await service.sql(`SELECT UPPER(SHA2('${secret}', 256))`);
  assert.equal(hash, sum);
  for (const [text] of rows) assert.ok(!plain.includes(text));
});

test('what can not be done is said in one line', async () => {
  for (const [args, status, line] of [
    [['add'], 2, /NAME is missing/], [['add', '--json'], 2, /NAME is missing/],
    [['add', 'x', 'y'], 2, /y is not known here/], [['add', 'shop'], 2, /There is a client of this name/],
    [['add', ''], 2, /1 to 100 characters/], [['add', 'x'.repeat(101)], 2, /1 to 100 characters/],
    [['add', 'a\u202eb'], 2, /none of them hidden/], [['delete'], 2, /ID\|NAME is missing/],
    [['delete', 'nobody'], 3, /there is no such client/], [['delete', 'a', 'b'], 2, /b is not known here/],
    [['delete', '01a20000-0000-7000-8000-000000000000'], 3, /there is no such client/],
    [['list', 'x'], 2, /x is not known/],
  ]) {
    const answer = await ctl(...args);
    assert.equal(answer.status, status, args.join(' '));
    assert.equal(answer.stdout, '');
    assert.match(answer.stderr, line);
    assert.match(answer.stderr, /^latchkeyctl: [^\n]+\n$/);
  }
});
