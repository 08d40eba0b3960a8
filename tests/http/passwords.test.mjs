// Section C of the attack catalogue: which passwords, and how they are kept.
import assert from 'node:assert/strict';
import test from 'node:test';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newEmail, newPassword, newUsername } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const service = await useService();
const { call, register, registered, login } = api(service);

const withPassword = (password) => register({ email: newEmail(), password });

// Text that no list holds, of this many characters.
const textOf = (length) => 'Zq7!vB2#'.repeat(Math.ceil(length / 8)).slice(0, length);

for (const length of [8, 64, 128, 1024]) {
  test(`H-037 a password of ${length} characters is accepted and logs in`, async () => {
    const { email, password } = await registered({ password: textOf(length) });
    isOk(await login({ email, password }));
  });
}

for (const length of [1025, 2000, 60_000]) {
  test(`H-037 a password of ${length} bytes is refused`, async () => {
    isProblem(await withPassword(textOf(length)), 'validation_failed', 'password password_too_long');
    isProblem(await login({ email: newEmail(), password: textOf(length) }),
      'validation_failed', 'password too_long');
  });
}

test('H-037 the limit counts bytes: 256 characters of four fit, 257 do not', async () => {
  isOk(await withPassword('😀𝒜'.repeat(128)), 201);
  isProblem(await withPassword('😀𝒜'.repeat(128) + 'é'),
    'validation_failed', 'password password_too_long');
});

for (const password of ['', 'a', 'Zq7!vB2', '😀😀😀😀😀😀😀']) {
  test(`a password of ${[...password].length} characters is too short`, async () => {
    isProblem(await withPassword(password), 'validation_failed', 'password password_too_short');
  });
}

test('N38 each character counts 1, however many bytes it has', async () => {
  isOk(await withPassword('😀🦊🐼🐸🦉🐢🐙🦀'), 201);
});

for (const cut of [72, 128, 256, 1023]) {
  test(`H-038 a password is not cut at ${cut} bytes`, async () => {
    const { email, password } = await registered({ password: textOf(1024) });
    isProblem(await login({ email, password: password.slice(0, cut) }), 'invalid_credentials');
    isProblem(await login({ email, password: password.slice(0, cut).padEnd(1024, 'x') }),
      'invalid_credentials');
  });
}

test('a password is compared byte for byte', async () => {
  const { email, password } = await registered({ password: 'Grüße aus Zürich' });
  for (const other of [password.toUpperCase(), password.toLowerCase(), `${password} `,
    ` ${password}`, password.normalize('NFD'), password.replace('ß', 'ss')]) {
    assert.notEqual(other, password);
    isProblem(await login({ email, password: other }), 'invalid_credentials');
  }
  isOk(await login({ email, password }));
});

test('H-043 there are no rules of composition', async () => {
  for (const password of ['zebraumbrellalantern', '8305719264471093', ' '.repeat(12), 'ßßßßßßßß']) {
    isOk(await withPassword(password), 201);
  }
});

test('H-041 a password with NUL is refused, escaped or raw', async () => {
  for (const nul of ['\\u0000', '\0']) {
    const body = `{"email":"${newEmail()}","password":"${newPassword()}${nul}tail"}`;
    isProblem(await call('POST', '/api/auth/register',
      { body, headers: { 'content-type': 'application/json' } }), 'malformed_json');
  }
});

test('a password with every other control character and quote logs in', async () => {
  const { email, password } = await registered({ password: '\u0001\t\r\n\u001b"\\\'`;--\u2028é' });
  isOk(await login({ email, password }));
});

for (const password of ['password123', 'qwertyuiop', 'PASSWORD', 'Iloveyou1', '12345678', 'Trustno1']) {
  test(`N40 ${password} is too common`, async () => {
    isProblem(await withPassword(password), 'validation_failed', 'password password_too_common');
  });
}

test('a common password inside a longer one is no common password', async () => {
  isOk(await withPassword('password123 and a fox'), 201);
});

test('the password must not be the e-mail or the user name', async () => {
  const email = newEmail();
  const username = newUsername();
  for (const password of [email, email.toUpperCase(), username]) {
    isProblem(await register({ email, username, password }),
      'validation_failed', 'password password_is_name');
  }
});

test('H-047 what is stored is argon2id with a salt of its own', async () => {
  const password = newPassword();
  const people = [await registered({ password }), await registered({ password })];
  const hashes = [];
  for (const { user } of people) {
    const [[hash]] = await service.sql('SELECT password_hash FROM user' +
      ` WHERE id = ${sqlId(user.id)}`);
    hashes.push(hash);
    const [, memory, passes, salt, digest] =
      /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$([^$]+)\$([^$]+)$/.exec(hash);
    assert.ok(memory >= 19456 && passes >= 2, hash);
    assert.ok(Buffer.from(salt, 'base64').length >= 16);
    assert.equal(Buffer.from(digest, 'base64').length, 32);
  }
  assert.notEqual(hashes[0], hashes[1]);
});

test('no copy of a password is anywhere in the database', async () => {
  const { password, user } = await registered();
  const rows = await service.sql(
    `SELECT * FROM user WHERE id = ${sqlId(user.id)}`);
  assert.ok(!rows.join().includes(password));
});
