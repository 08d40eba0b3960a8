// MAC keys of refresh tokens rotate as the keys of access tokens do.
import assert from 'node:assert/strict';
import test from 'node:test';
import { keyring } from '../lib/keys.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { decode, layout } from '../lib/reftoken.mjs';
import { useService } from '../lib/service.mjs';
import { clockReads } from '../lib/wait.mjs';

const service = await useService({ env: { LATCHKEY_KEYS_PUBLISH_S: '1' } });
const { refresh, newcomer, session, weather, post } = api(service);
const { list, rotate, retire, refusal, states } = keyring(service);

const idOf = ({ refreshToken }) => decode(refreshToken).subarray(...layout['MAC key']).toString('hex');

async function rotated() {
  const id = await rotate(['--refresh']);
  const { signsFrom } = (await list('refresh')).find((key) => key.id === id);
  await clockReads(Date.parse(signsFrom) / 1000);
  return id;
}

test('tokens of the retiring key are exchanged for those of the new one', async () => {
  const ann = await newcomer();
  const old = idOf(ann);
  const next = await rotated();
  assert.deepEqual(await states('refresh'), { next: [], current: [next], retiring: [old], retired: [] });
  const { body: fresh } = await refresh(ann.refreshToken);
  assert.equal(idOf(fresh), next);
  assert.equal(idOf(await session(ann)), next);
  isOk(await refresh(fresh.refreshToken));
});

test('H-056 a retry across a rotation of the key gets the same bytes', async () => {
  const ann = await newcomer();
  const { body: first } = await refresh(ann.refreshToken);
  await rotated();
  const { body: again } = await refresh(ann.refreshToken);
  assert.equal(again.refreshToken, first.refreshToken);
  const { body: third } = await refresh(first.refreshToken);
  isOk(await refresh(third.refreshToken));
});

test('two behind is theft, whatever keys lie between', async () => {
  const ann = await newcomer();
  const { body: second } = await refresh(ann.refreshToken);
  await rotated();
  isOk(await refresh(second.refreshToken));
  isProblem(await refresh(ann.refreshToken), 'refresh_token_reused');
});

test('what a retired key made is nothing any more; access tokens live on', async () => {
  const ann = await newcomer();
  const bob = await newcomer();
  const old = idOf(ann);
  assert.match(await refusal('retire', [old]), /signs now; first: latchkeyctl key rotate --now --refresh\n$/);
  await rotated();
  const { body: fresh } = await refresh(bob.refreshToken);
  await retire(old);
  isProblem(await refresh(ann.refreshToken), 'refresh_token_invalid');
  isProblem(await post('/api/auth/logout', { refreshToken: ann.refreshToken }), 'refresh_token_invalid');
  isOk(await weather(ann.accessToken));
  isOk(await refresh(fresh.refreshToken));
});

test('a rotation of one kind leaves the other alone', async () => {
  const before = await list('token');
  await rotated();
  assert.deepEqual(await list('token'), before);
});
