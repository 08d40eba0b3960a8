// Key files that go bad while processes run: the keys in force stay.
import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { decode } from '../lib/jwt.mjs';
import { keyring } from '../lib/keys.mjs';
import { isOk } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';
import { clockReads, until } from '../lib/wait.mjs';

const service = await useService();
const { refresh, newcomer, weather, login, get } = api(service);
const { rotate, list } = keyring(service);
const keys = join(service.state, 'keys');
const listFile = join(keys, 'keys.list');

const complaints = (process, text) => service.log()
  .filter(({ level, where, message, process: name }) => level === 'error' && where === 'keys' &&
    name === process && text.test(message));

// Work, until the process has noticed and said so once more than before.
async function isNoted(process, text, call, before = 0) {
  await until(`${process} says ${text}`, async () => {
    isOk(await call());
    return complaints(process, text).length > before;
  });
}

test('a broken keys.list changes nothing but the log', async () => {
  const ann = await newcomer();
  const good = readFileSync(listFile);
  const { body: { keys: before } } = await get('/.well-known/jwks.json');
  // It has started with the good list.
  isOk(await weather(ann.accessToken));
  const bad = [
    ['not a list\n', /keys\.list:1: .*; the keys in force stay/],
    [`${good}token x`, /keys\.list:\d+: is not: kind id/],
    ['', /no current token key; run: latchkeyctl key init; the keys in force stay/],
    [good.subarray(0, -20), /keys\.list:\d+: is not: kind id/],
  ];
  for (const [text, complaint] of bad) {
    const noted = complaints('weather', complaint).length;
    writeFileSync(listFile, text);
    await isNoted('weather', complaint, () => weather(ann.accessToken), noted);
    isOk(await login({ email: ann.email, password: ann.password }));
    isOk(await refresh(ann.refreshToken));
    assert.deepEqual((await get('/.well-known/jwks.json')).body.keys, before);
  }
  writeFileSync(listFile, good);
  const next = await rotate(['--now']);
  await until('the mended list is read', async () =>
    decode((await refresh(ann.refreshToken)).body.accessToken).header.kid === next);
  isOk(await weather(ann.accessToken));
});

test('a key that others may read is not taken into use', async () => {
  const ann = await newcomer();
  const { kid: old } = decode(ann.accessToken).header;
  const next = await rotate([], 2);
  // The process knows when it will have to look again.
  isOk(await refresh(ann.refreshToken));
  const file = join(keys, `token-${next}.pem`);
  chmodSync(file, 0o644);
  const { signsFrom } = (await list('token')).find(({ id }) => id === next);
  await clockReads(Date.parse(signsFrom) / 1000);
  await isNoted('refresh', /is accessible to others; chmod 600 it; the keys in force stay/,
    () => refresh(ann.refreshToken));
  const { body } = await refresh(ann.refreshToken);
  assert.equal(decode(body.accessToken).header.kid, old);
  // Not once per request.
  const before = complaints('refresh', /./).length;
  for (let i = 0; i < 50; i++) isOk(await refresh(ann.refreshToken));
  assert.ok(complaints('refresh', /./).length - before < 10);
  chmodSync(file, 0o600);
  await until('the mended key signs', async () =>
    decode((await refresh(ann.refreshToken)).body.accessToken).header.kid === next);
});
