// Revocation (RFC 7009), metadata (RFC 8414), other people's OAuth clients,
// and both endpoints while the database is away.
import assert from 'node:assert/strict';
import test from 'node:test';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { cgi } from '../lib/cgi.mjs';
import { newClient } from '../lib/clients.mjs';
import { decode, signingKey } from '../lib/jwt.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { exchange } from '../lib/raw.mjs';
import { forge } from '../lib/reftoken.mjs';
import { sqlId, useService } from '../lib/service.mjs';
import { freeze, until } from '../lib/wait.mjs';

const service = await useService({ env: { LATCHKEY_SERVER_DEADLINE_MS: '1000' } });
const { call, get, logout, me, newcomer, refresh, session, weather } = api(service);
const client = await newClient(service, 'shop');
const [id, secret] = client;
const key = signingKey(service.state);

const introspect = (token, more = {}) =>
  call('POST', '/oauth/introspect', { form: { token }, client, ...more });
const revoke = (token, more = {}) => call('POST', '/oauth/revoke', { form: { token }, ...more });

async function isGone({ accessToken, refreshToken }) {
  isProblem(await weather(accessToken), 'invalid_token');
  isProblem(await me(accessToken), 'invalid_token');
  isProblem(await refresh(refreshToken), 'session_ended');
}

const trailOf = ({ sessionId }) => service.sql('SELECT event, user_id = ' +
  `(SELECT user_id FROM session WHERE id = ${sqlId(sessionId)}), detail FROM audit` +
  ` WHERE session_id = ${sqlId(sessionId)} AND event = 'token_revoked'`);

// --- Revocation -----------------------------------------------------------

test('N26 a refresh token takes its session with it, and every access token at once', async () => {
  const ann = await newcomer();
  const { body: second } = await refresh(ann.refreshToken);
  const other = await session(ann);
  isOk(await revoke(second.refreshToken));
  await isGone(second);
  isProblem(await weather(ann.accessToken), 'invalid_token');
  isOk(await weather(other.accessToken));
  assert.deepEqual(await trailOf(ann), [['token_revoked', '1', 'NULL']]);
});

test('an access token takes its session with it, refresh token included', async () => {
  const ann = await newcomer();
  isOk(await revoke(ann.accessToken, { client }));
  await isGone(ann);
  assert.deepEqual(await trailOf(ann), [['token_revoked', '1', id]]);
});

test('a refresh token that has been exchanged ends its session still', async () => {
  const ann = await newcomer();
  const { body: next } = await refresh(ann.refreshToken);
  isOk(await revoke(ann.refreshToken));
  await isGone(next);
});

test('a token may be given back again and again', async () => {
  const ann = await newcomer();
  for (let i = 0; i < 3; i++) {
    isOk(await revoke(ann.refreshToken));
    isOk(await revoke(ann.accessToken));
  }
  assert.deepEqual(await trailOf(ann), [['token_revoked', '1', 'NULL']]);
});

test('N25 what is no token of ours is given back all the same, and changes nothing', async () => {
  const ann = await newcomer();
  const { payload } = decode(ann.accessToken);
  for (const token of ['x', 'x.y.z', 'lkr_', `${ann.accessToken}A`, `${ann.refreshToken}A`, ann.sessionId,
    'x'.repeat(60_000), key.expired(ann.accessToken), key.sign({ ...payload, aud: 'other' }),
    forge(ann.refreshToken, () => {}, { bytes: Buffer.alloc(32, 7) })]) {
    const answer = await revoke(token);
    isOk(answer);
    assert.equal(answer.text, '');
  }
  isOk(await weather(ann.accessToken));
  isOk(await refresh(ann.refreshToken));
});

test('N25 a wrong hint hides no token', async () => {
  for (const hint of ['access_token', 'refresh_token', 'pigeon']) {
    for (const name of ['accessToken', 'refreshToken']) {
      const ann = await newcomer();
      isOk(await revoke(ann[name], { form: { token: ann[name], token_type_hint: hint } }));
      await isGone(ann);
    }
  }
});

test('the public client may give its name; nobody may give another', async () => {
  const ann = await newcomer();
  for (const other of ['shop', id, 'Latchkey', 'latchkey ']) {
    isProblem(await revoke(ann.accessToken, { form: { token: ann.accessToken, client_id: other } }), 'invalid_client');
  }
  isOk(await weather(ann.accessToken));
  isOk(await revoke(ann.accessToken, { form: { token: ann.accessToken, client_id: 'latchkey' } }));
  await isGone(ann);
});

// --- Metadata -------------------------------------------------------------

const wellKnown = '/.well-known/oauth-authorization-server';
const metadata = (issuer, base) => ({
  issuer,
  jwks_uri: `${base}/.well-known/jwks.json`,
  response_types_supported: [],
  grant_types_supported: [],
  introspection_endpoint: `${base}/oauth/introspect`,
  introspection_endpoint_auth_methods_supported: ['client_secret_basic'],
  revocation_endpoint: `${base}/oauth/revoke`,
  revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'none'],
});

test('the metadata says where everything is, and may be kept', async () => {
  const { body, headers } = await get(wellKnown);
  assert.deepEqual(body, metadata(service.base, service.base));
  assert.equal(headers['cache-control'], 'public, max-age=300');
});

test('its addresses come from the settings and not from the request', async () => {
  for (const header of ['Host: evil.example', 'X-Forwarded-Host: evil.example', 'Forwarded: host=evil.example']) {
    const lines = [`GET ${wellKnown} HTTP/1.1`, ...header.startsWith('Host') ? [] : ['Host: latchkey'], header];
    const answer = await exchange(service, lines);
    assert.deepEqual(JSON.parse(answer.text), metadata(service.base, service.base));
  }
  const { body } = await cgi(service, 'metadata', 'GET', wellKnown, { env: {
    LATCHKEY_HTTP_PUBLIC_URL: 'https://id.example.org', LATCHKEY_TOKEN_ISSUER: 'https://example.org/people',
  } });
  assert.deepEqual(body, metadata('https://example.org/people', 'https://id.example.org'));
});

// --- Clients of other people ----------------------------------------------

const insecure = { [oauth.allowInsecureRequests]: true };

test('oauth4webapi finds the endpoints, introspects and revokes', async () => {
  const issuer = new URL(service.base);
  const found = await oauth.processDiscoveryResponse(issuer,
    await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure }));
  const shop = { client_id: id };
  const ask = async (token, auth = oauth.ClientSecretBasic(secret), more = {}) =>
    oauth.processIntrospectionResponse(found, shop,
      await oauth.introspectionRequest(found, shop, auth, token, { ...insecure, ...more }));
  const giveBack = async (token, who, auth) => oauth.processRevocationResponse(
    await oauth.revocationRequest(found, who, auth, token, insecure));

  const ann = await newcomer();
  const claims = await ask(ann.accessToken);
  assert.equal(claims.sub, ann.user.id);
  assert.equal(claims.active, true);
  await assert.rejects(ask(ann.accessToken, oauth.ClientSecretBasic('wrong')), (error) => {
    assert.ok(error instanceof oauth.WWWAuthenticateChallengeError);
    assert.equal(error.status, 401);
    assert.equal(error.cause[0].scheme, 'basic');
    return true;
  });
  await assert.rejects(ask(ann.accessToken, undefined, { additionalParameters: { client_secret: secret } }),
    (error) => error instanceof oauth.ResponseBodyError && error.error === 'invalid_request');
  await giveBack(ann.refreshToken, shop, oauth.ClientSecretBasic(secret));
  assert.deepEqual(await ask(ann.accessToken), { active: false });
  const bob = await newcomer();
  await giveBack(bob.refreshToken, { client_id: 'latchkey' }, oauth.None());
  assert.deepEqual(await ask(bob.accessToken), { active: false });
  await assert.rejects(giveBack(bob.refreshToken, shop, oauth.ClientSecretBasic('wrong')));
});

test('openid-client finds the endpoints, introspects and revokes', async () => {
  const discover = (auth) => openid.discovery(new URL(service.base), id, undefined, auth,
    { algorithm: 'oauth2', execute: [openid.allowInsecureRequests] });
  const config = await discover(openid.ClientSecretBasic(secret));
  assert.equal(config.serverMetadata().introspection_endpoint, `${service.base}/oauth/introspect`);
  const ann = await newcomer();
  const claims = await openid.tokenIntrospection(config, ann.accessToken);
  assert.equal(claims.sub, ann.user.id);
  assert.deepEqual(claims.roles, ['USER']);
  assert.equal((await openid.tokenIntrospection(config, ann.refreshToken,
    { token_type_hint: 'refresh_token' })).token_use, 'refresh');
  await openid.tokenRevocation(config, ann.refreshToken);
  assert.deepEqual(await openid.tokenIntrospection(config, ann.accessToken), { active: false });
  await assert.rejects(openid.tokenIntrospection(await discover(openid.ClientSecretBasic('no')), ann.accessToken));
});

// --- The database away ----------------------------------------------------

const isDown = (answer) => {
  isProblem(answer, 'unavailable');
  assert.doesNotMatch(answer.text, /active/);
};

test('N26 where the client is known and the sessions can not be read, nobody guesses', async () => {
  const ann = await newcomer();
  await service.sql('RENAME TABLE session TO elsewhere');
  try {
    for (const token of [ann.accessToken, ann.refreshToken]) {
      isDown(await introspect(token));
      isDown(await revoke(token));
    }
  } finally {
    await service.sql('RENAME TABLE elsewhere TO session');
  }
  assert.equal((await introspect(ann.accessToken)).body.active, true);
  isOk(await refresh(ann.refreshToken));
});

test('N26 while the database is away nothing is active, inactive or revoked', async () => {
  const ann = await newcomer();
  isOk(await introspect(ann.accessToken));
  const calls = [
    () => introspect(ann.accessToken), () => introspect(ann.refreshToken), () => introspect('x'),
    () => introspect(ann.accessToken, { client: [id, 'wrong'] }),
    () => revoke(ann.accessToken), () => revoke(ann.refreshToken), () => revoke('x', { client }),
  ];
  await service.dbStop();
  for (const ask of calls) isDown(await ask());
  isProblem(await introspect(ann.accessToken, { client: undefined }), 'invalid_client');
  isOk(await revoke('x'));
  isOk(await get(wellKnown));
  await service.dbStart();
  for (const path of ['introspect', 'revoke']) {
    await until(`${path} is back`, async () =>
      (await call('POST', `/oauth/${path}`, { form: { token: 'x' }, client })).status === 200);
  }
  // Nothing had been revoked, and now it is.
  assert.equal((await introspect(ann.accessToken)).body.active, true);
  const pid = service.databasePid();
  await freeze(pid);
  try {
    for (const answer of await Promise.all(calls.map((ask) => ask()))) isDown(answer);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await until('revocation is back', async () => (await revoke(ann.refreshToken)).status === 200);
  await until('introspection is back', async () => (await introspect('x')).status === 200);
  assert.deepEqual((await introspect(ann.accessToken)).body, { active: false });
  await until('refresh is back', async () => (await refresh(ann.refreshToken)).status !== 503);
  isProblem(await refresh(ann.refreshToken), 'session_ended');
  isOk(await logout(ann.accessToken), 204);
});
