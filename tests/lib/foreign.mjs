// Password hashes as other systems store them, each made by its own tool, or,
// where that is not to be had, by an implementation that is not ours.
import assert from 'node:assert/strict';
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { run } from './service.mjs';

async function made(program, args, input = '') {
  const { status, stdout, stderr } = await run(program, args, { input });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

// The system's own crypt(3).
const crypt = (password, setting) =>
  made('perl', ['-e', 'print crypt(<STDIN>, $ARGV[0])', setting], password);
const python = (code, password) => made('/usr/bin/python3',
  ['-c', `import sys\npassword = sys.stdin.buffer.read().decode()\n${code}`], password);

const cryptSalt = (length) => randomBytes(length).toString('hex').slice(0, length);

export const bcrypt = (password, variant = '2b', cost = '04') =>
  crypt(password, `$${variant}$${cost}$${cryptSalt(21)}u`);
export const yescrypt = (password) => crypt(password, `$y$j75$${cryptSalt(16)}$`);

export const django = (password) => python(`
from django.conf import settings
settings.configure()
from django.contrib.auth.hashers import make_password
print(make_password(password))`, password);
export const scrypt = (password) => python(`
from passlib.hash import scrypt
print(scrypt.using(rounds=10).hash(password))`, password);

export const argon2 = (password, kind = 'id') => made('argon2',
  [cryptSalt(16), `-${kind}`, '-t', '3', '-m', '10', '-p', '2', '-e'], password);

// Microsoft.AspNetCore.Identity.PasswordHasher, by its published layout.
export function aspnetV2(password) {
  const salt = randomBytes(16);
  const key = pbkdf2Sync(password, salt, 1000, 32, 'sha1');
  return Buffer.concat([Buffer.of(0), salt, key]).toString('base64');
}

export function aspnetV3(password, { prf = 'sha512', iterations = 1000, saltLength = 16,
  keyLength = 32 } = {}) {
  const salt = randomBytes(saltLength);
  const header = Buffer.alloc(13);
  header[0] = 1;
  header.writeUInt32BE(['sha1', 'sha256', 'sha512'].indexOf(prf), 1);
  header.writeUInt32BE(iterations, 5);
  header.writeUInt32BE(saltLength, 9);
  const key = pbkdf2Sync(password, salt, iterations, keyLength, prf);
  return Buffer.concat([header, salt, key]).toString('base64');
}
