// Users of other systems log in with the passwords they had there.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import {
  argon2, aspnetV2, aspnetV3, bcrypt, django, scrypt, yescrypt,
} from '../lib/foreign.mjs';
import { isCgi } from '../lib/front.mjs';
import { csv, importer } from '../lib/importing.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newEmail, newPassword } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const service = await useService();
const { login, post, registered, session } = api(service);
const { importFrom, imported, storedHash } = importer(service);

const ours = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/;

const kinds = [
  ['argon2id of another cost', argon2],
  ['argon2i', (password) => argon2(password, 'i')],
  ['bcrypt $2a$', (password) => bcrypt(password, '2a')],
  ['bcrypt $2b$', (password) => bcrypt(password, '2b')],
  ['bcrypt $2y$', (password) => bcrypt(password, '2y')],
  ['yescrypt', yescrypt],
  ['ASP.NET Core Identity V2', aspnetV2],
  ['ASP.NET Core Identity V3', (password) => aspnetV3(password, { iterations: 100_000 })],
  ['ASP.NET Core Identity V3, SHA-256',
    (password) => aspnetV3(password, { prf: 'sha256', saltLength: 32 })],
  ['ASP.NET Core Identity V3, SHA-1',
    (password) => aspnetV3(password, { prf: 'sha1', keyLength: 16 })],
  ['Django', django],
  ['scrypt', scrypt],
];

test('users with every kind of hash come in, and each is made anew by the first login', async () => {
  const people = await Promise.all(kinds.map(async ([kind, hash]) => {
    const password = `${newPassword()} äß€`;
    return { kind, email: newEmail(), password, hash: await hash(password) };
  }));
  for (const { hash } of people) service.secrets.add(hash);
  const { status, stdout, stderr } = await importFrom('csv', csv(['email', 'passwordHash'],
    ...people.map(({ email, hash }) => [email, hash])));
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  assert.equal(stdout, `${kinds.length} imported, 0 skipped, 0 refused\n`);
  for (const { kind, email, password, hash } of people) {
    const wrong = await login({ email, password: `${password}.` });
    isProblem(wrong, 'invalid_credentials');
    assert.equal(await storedHash(email), hash, kind);
    isOk(await login({ email, password }));
    assert.match(await storedHash(email), ours, kind);
    isOk(await login({ email, password }));
    isProblem(await login({ email, password: `${password}.` }), 'invalid_credentials');
  }
});

test('first logins at the same time all succeed, and leave one new hash', async () => {
  const person = { email: newEmail(), password: newPassword() };
  await imported({ email: person.email, passwordHash: await bcrypt(person.password) });
  const answers = await Promise.all(Array.from({ length: 8 }, () => login(person)));
  answers.forEach((answer) => isOk(answer));
  assert.match(await storedHash(person.email), ours);
  isOk(await login(person));
});

test('of a bcrypt password 72 bytes count until the first login, and all of them from then on', async () => {
  const password = 'p'.repeat(72);
  const person = { email: newEmail(), password: `${password} and the rest` };
  await imported({ email: person.email, passwordHash: await bcrypt(person.password) });
  isOk(await login(person));
  isProblem(await login({ ...person, password }), 'invalid_credentials');
  isProblem(await login({ ...person, password: `${password} and the res` }),
    'invalid_credentials');
  isOk(await login(person));
});

test('an old password can be changed at once, and only by who knows it', async () => {
  const person = { email: newEmail(), password: newPassword() };
  await imported({ email: person.email, passwordHash: await scrypt(person.password) });
  const { accessToken } = await session(person);
  const change = (currentPassword) => post('/api/auth/password',
    { currentPassword, newPassword: `${person.password} new` }, { token: accessToken });
  isProblem(await change('wrong'), 'invalid_credentials');
  isOk(await change(person.password));
});

// Were it computed, the request would not be answered in time.
test('a hash of hostile cost that is in the database all the same is never computed', async () => {
  const person = await registered();
  for (const hash of [
    `$2b$31$${'A'.repeat(53)}`, `$y$jzT$salt$${'A'.repeat(43)}`,
    `pbkdf2_sha256$2147483647$salt$${'A'.repeat(43)}=`,
    `$scrypt$ln=40,r=8,p=1$c2FsdHNhbHQ$${'A'.repeat(43)}`, 'AQAAAAL/////', 'plain', '',
  ]) {
    await service.sql(`UPDATE user SET password_hash = '${hash}'` +
      ` WHERE id = ${sqlId(person.user.id)}`);
    isProblem(await login(person), 'invalid_credentials');
    isProblem(await login({ ...person, password: hash }), 'invalid_credentials');
  }
});

// Hundredths of a second of processor time of the endpoint so far.
function used() {
  const fields = readFileSync(`/proc/${service.pids().login}/stat`, 'utf8').split(') ')[1].split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

async function cost(work) {
  const before = used();
  for (let i = 0; i < 3; i++) isProblem(await work(), 'invalid_credentials');
  return used() - before;
}

test('once there are dearer hashes of others, whoever is refused costs as much as they do', {
  skip: isCgi && 'a process for each request remembers nothing',
}, async () => {
  const password = newPassword();
  const old = newEmail();
  const known = await registered();
  const off = await registered();
  await service.sql(`UPDATE user SET status = 0 WHERE id = ${sqlId(off.user.id)}`);
  await imported({ email: old, passwordHash: await bcrypt(password, '2b', '12') });
  const least = await cost(() => login({ email: old, password: newPassword() })) * 0.6;
  // Without the guard these would take a sixth of it.
  assert.ok(await cost(() => login({ email: newEmail(), password })) > least, 'unknown');
  assert.ok(await cost(() => login({ email: known.email, password })) > least, 'wrong');
  assert.ok(await cost(() => login(off)) > least, 'disabled');
});
