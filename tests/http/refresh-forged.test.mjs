// Refresh tokens that somebody has changed: nothing of them is believed, and
// nothing happens to the session they name.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import test from 'node:test';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { decode, encode, forge, layout, macKey } from '../lib/reftoken.mjs';
import { useService } from '../lib/service.mjs';

const service = await useService();
const { refresh, newcomer, me } = api(service);
const mac = macKey(service.state);

const ann = await newcomer();
const token = ann.refreshToken;

async function isRefused(forged) {
  assert.notEqual(forged, token);
  isProblem(await refresh(forged), 'refresh_token_invalid');
}

for (const [part, [begin, end]] of Object.entries(layout)) {
  test(`every byte of the ${part} is under the MAC`, async () => {
    for (let at = begin; at < end; at++) {
      for (const bit of [0x01, 0x80]) {
        const bytes = decode(token);
        bytes[at] ^= bit;
        await isRefused(encode(bytes));
      }
    }
  });
}

test('every letter of the prefix counts', async () => {
  for (const prefix of ['', 'LKR_', 'lkr', 'lkr-', 'lkr__', ' lkr_', 'lks_']) {
    await isRefused(prefix + token.slice(4));
  }
});

test('spaces, line ends and case are not forgiven', async () => {
  const middle = token.length / 2;
  const cut = (text) => token.slice(0, middle) + text + token.slice(middle);
  const forms = [` ${token}`, `${token} `, `${token}\n`, `\t${token}`, cut(' '), cut('\r\n'),
    cut('\u200b'), token.toUpperCase(), token.toLowerCase(), `"${token}"`, `${token}.`];
  for (const form of forms) await isRefused(form);
});

test('base64url has one spelling: no padding, no other alphabet, no other tail', async () => {
  const text = token.slice(4);
  await isRefused(`lkr_${text}=`);
  await isRefused(`lkr_${text}==`);
  await isRefused(`lkr_${text}A`);
  await isRefused(`lkr_${text}AAAA`);
  await isRefused(`lkr_${text.slice(0, -1)}`);
  await isRefused(`lkr_${text.slice(0, -4)}`);
  const standard = text.replaceAll('-', '+').replaceAll('_', '/');
  if (standard !== text) await isRefused(`lkr_${standard}`);
});

test('a token of any other length is none', async () => {
  for (const length of [0, 1, 16, 92, 94, 186, 4096, 40_000]) {
    await isRefused(encode(randomBytes(length)));
  }
});

test('a token of another deployment, with a key id like ours, is forged', async () => {
  await isRefused(forge(token, () => {}, { bytes: randomBytes(32) }));
});

test('a MAC of weak keys is forged', async () => {
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(32), Buffer.from(mac.id), Buffer.from('secret')]) {
    await isRefused(forge(token, () => {}, { bytes }));
  }
});

test('a bare hash in place of the MAC is forged', async () => {
  const bytes = decode(token);
  createHash('sha256').update(bytes.subarray(0, 61)).digest().copy(bytes, 61);
  await isRefused(encode(bytes));
});

// From here on with the key itself: what if it leaked?

test('K: another secret of the same session is refused by the row', async () => {
  await isRefused(forge(token, (bytes) => { bytes[29] ^= 1; }, mac));
});

test('K: a generation that was never reached is refused', async () => {
  const generations = [0n, 2n, 3n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n];
  for (const generation of generations) {
    await isRefused(forge(token, (bytes) => bytes.writeBigUInt64BE(generation, 21), mac));
  }
});

test('K: another version of the layout is refused', async () => {
  for (const version of [0, 2, 255]) {
    await isRefused(forge(token, (bytes) => { bytes[0] = version; }, mac));
  }
});

test('K: a session that never was has ended', async () => {
  const forged = forge(token, (bytes) => { bytes[20] ^= 1; }, mac);
  isProblem(await refresh(forged), 'session_ended');
});

test('the token itself is as good as before', async () => {
  isOk(await me(ann.accessToken));
  const answer = await refresh(token);
  isOk(answer);
  assert.equal(decode(answer.body.refreshToken).readBigUInt64BE(21), 2n);
});
