// Keys of access tokens: next, current, retiring, retired, without a restart.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { decode, signingKey } from '../lib/jwt.mjs';
import { keyring } from '../lib/keys.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';
import { clockReads, until } from '../lib/wait.mjs';

const publishS = 2;
const service = await useService({ env: { LATCHKEY_KEYS_PUBLISH_S: String(publishS) } });
const { get, refresh, newcomer, session, me, weather, logout } = api(service);
const { list, rotate, retire, refusal, states } = keyring(service);

const kidOf = ({ accessToken }) => decode(accessToken).header.kid;
const published = async () => (await get('/.well-known/jwks.json')).body.keys.map(({ kid }) => kid);

async function signsFrom(id) {
  return Date.parse((await list('token')).find((key) => key.id === id).signsFrom);
}

async function passes(token) {
  isOk(await me(token));
  isOk(await weather(token));
}

async function isRefused(token) {
  isProblem(await me(token), 'invalid_token');
  isProblem(await weather(token), 'invalid_token');
}

// A rotation, and the wait until the new key signs.
async function rotated() {
  const id = await rotate();
  await clockReads(await signsFrom(id) / 1000);
  return id;
}

test('a new key is published before it signs, and then signs without a restart', async () => {
  const processes = service.pids();
  const ann = await newcomer();
  const old = kidOf(ann);
  assert.deepEqual(await states('token'), { next: [], current: [old], retiring: [], retired: [] });
  const next = await rotate();
  // At once, also of those who keep asking.
  assert.deepEqual(await published(), [old, next]);
  assert.deepEqual(await states('token'), { next: [next], current: [old], retiring: [], retired: [] });
  const turnMs = await signsFrom(next);
  const { body: before } = await refresh(ann.refreshToken);
  if (Date.now() < turnMs) assert.equal(kidOf(before), old);
  await clockReads(turnMs / 1000);
  const { body: after } = await refresh(before.refreshToken);
  assert.equal(kidOf(after), next);
  assert.equal(kidOf(await session(ann)), next);
  for (const pair of [ann, before, after]) await passes(pair.accessToken);
  assert.deepEqual(await states('token'), { next: [], current: [next], retiring: [old], retired: [] });
  assert.deepEqual(await published(), [old, next]);
  assert.deepEqual(service.pids(), processes);
});

test('a retired key is gone at once, with all it signed', async () => {
  const ann = await newcomer();
  const old = kidOf(ann);
  await rotated();
  const { body: fresh } = await refresh(ann.refreshToken);
  await passes(ann.accessToken);
  await retire(old);
  await isRefused(ann.accessToken);
  isProblem(await logout(ann.accessToken), 'invalid_token');
  await passes(fresh.accessToken);
  assert.ok(!(await published()).includes(old));
  assert.ok((await states('token')).retired.includes(old));
});

test('J-076 a token of a key whose time has not come is refused', async () => {
  const ann = await newcomer();
  const next = await rotate([], 3600);
  assert.ok((await published()).includes(next));
  const { payload } = decode(ann.accessToken);
  const early = signingKey(service.state, next).sign(payload);
  await isRefused(early);
  await passes(ann.accessToken);
  // The same by the key that signs now passes: nothing else was wrong.
  await passes(signingKey(service.state).sign(payload));
  await retire(next);
  await isRefused(early);
  // Its files are gone: no later start takes it in again.
  assert.throws(() => signingKey(service.state, next));
});

test('a next key retired by hand leaves the current one in its place', async () => {
  const { current: [current] } = await states('token');
  const next = await rotate([], 5);
  const { signsFrom } = (await list('token')).find(({ id }) => id === next);
  await retire(next);
  await clockReads(Date.parse(signsFrom) / 1000 + 1);
  assert.deepEqual((await states('token')).current, [current]);
  await passes((await newcomer()).accessToken);
});

test('a second rotation waits for the first', async () => {
  const next = await rotate([], 3600);
  assert.match(await refusal('rotate', []), new RegExp(`^latchkeyctl: ${next} is published already`));
  assert.match(await refusal('rotate', ['--now']), /has yet to sign/);
  await retire(next);
});

test('the key that signs can not be retired', async () => {
  const { current: [current] } = await states('token');
  assert.match(await refusal('retire', [current]), /signs now; first: latchkeyctl key rotate --now\n$/);
  assert.match(await refusal('retire', ['nosuchkey']), /there is no key nosuchkey/);
  await passes((await newcomer()).accessToken);
});

test('in an emergency a key signs now, and the last one dies', async () => {
  const ann = await newcomer();
  const old = kidOf(ann);
  const next = await rotate(['--now']);
  await retire(old);
  await isRefused(ann.accessToken);
  const { body: fresh } = await refresh(ann.refreshToken);
  assert.equal(kidOf(fresh), next);
  await passes(fresh.accessToken);
});

test('a resource server that fetches keys by itself goes on across a rotation', async () => {
  const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', service.base), { cooldownDuration: 0 });
  const verify = ({ accessToken }) => jwtVerify(accessToken, keys,
    { issuer: service.base, audience: 'latchkey', typ: 'at+jwt' });
  const ann = await newcomer();
  assert.equal((await verify(ann)).payload.sub, ann.user.id);
  const next = await rotated();
  const { body: fresh } = await refresh(ann.refreshToken);
  assert.equal(kidOf(fresh), next);
  assert.equal((await verify(fresh)).protectedHeader.kid, next);
  await verify(ann);
});

test('a key of another algorithm may follow, and both pass', async () => {
  const ann = await newcomer();
  const { status, stderr } = await service.ctl(['key', 'rotate', '--now'],
    { env: { ...service.environment, LATCHKEY_TOKEN_ALG: 'EdDSA' } });
  assert.equal(status, 0, stderr);
  const answer = await until('the new key signs', async () => {
    const { body } = await refresh(ann.refreshToken);
    return decode(body.accessToken).header.alg === 'EdDSA' && body;
  });
  await passes(answer.accessToken);
  await passes(ann.accessToken);
  assert.deepEqual(new Set((await get('/.well-known/jwks.json')).body.keys.map(({ alg }) => alg)),
    new Set(['ES256', 'EdDSA']));
});
