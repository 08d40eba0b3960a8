// S4: e-mail regardless of case, the phone claim, 20 minutes without skew, and
// what a browser should do with its tokens.
import assert from 'node:assert/strict';
import test from 'node:test';
import { decode, signingKey } from '../lib/jwt.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newEmail, newPassword } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const service = await useService({ env: {
  LATCHKEY_TOKEN_ALG: 'HS256', LATCHKEY_TOKEN_ACCESS_TTL_S: '1200',
} });
const { get, register, login, weather, me } = api(service);

const ann = {
  firstName: 'Ann', lastName: 'Lee', phoneNumber: '+49 30 1234567',
  email: newEmail('Ann.Lee'), password: newPassword(),
};
let token;

test('1. she registers with first and last name and a phone number', async () => {
  const answer = await register(ann);
  isOk(answer, 201);
  const { password: _, ...shown } = ann;
  for (const [name, value] of Object.entries(shown)) assert.equal(answer.body[name], value);
});

test('2. her address in any case is hers', async () => {
  isProblem(await register({ ...ann, email: ann.email.toLowerCase() }), 'user_exists');
  for (const email of [ann.email, ann.email.toLowerCase(), ann.email.toUpperCase()]) {
    isOk(await login({ email, password: ann.password }));
  }
});

test('3. a bad login is refused', async () => {
  isProblem(await login({ email: ann.email, password: ann.password.toUpperCase() }),
    'invalid_credentials');
  isProblem(await login({ email: newEmail(), password: ann.password }), 'invalid_credentials');
});

test('4. her token says e-mail and phone, for 20 minutes', async () => {
  const { body } = await login({ email: ann.email.toUpperCase(), password: ann.password });
  token = body.accessToken;
  const { payload } = decode(token);
  assert.equal(payload.email, ann.email);
  assert.equal(payload.phone_number, ann.phoneNumber);
  assert.equal(payload.exp - payload.iat, 1200);
});

test('5. there is no clock skew: a token is dead the second it expires', async () => {
  isProblem(await weather(signingKey(service.state).expired(token)), 'invalid_token');
});

test('6. without the Bearer prefix 401, with it 200', async () => {
  isProblem(await get('/api/weather'), 'authentication_required');
  isProblem(await get('/api/weather', { headers: { authorization: token } }), 'authentication_required');
  isOk(await get('/api/weather', { headers: { authorization: `Bearer ${token}` } }));
});

test('7. her password is nowhere in the clear', async () => {
  const { body } = await me(token);
  assert.ok(!JSON.stringify(body).includes(ann.password));
  const rows = await service.sql(`SELECT * FROM user WHERE id = ${sqlId(body.id)}`);
  assert.ok(!rows.join().includes(ann.password));
});

test('8. a browser keeps its tokens in HttpOnly cookies', async () => {
  const answer = await login({ email: ann.email, password: ann.password, useCookies: true });
  isOk(answer);
  assert.equal(answer.body.accessToken, null);
  assert.equal(answer.body.refreshToken, null);
  const cookies = answer.headers['set-cookie'];
  assert.equal(cookies.length, 2);
  for (const cookie of cookies) {
    assert.match(cookie, /^__Host-latchkey-(access|refresh)=/);
    for (const attribute of ['Secure', 'HttpOnly', 'SameSite=Strict', 'Path=/']) {
      assert.ok(cookie.split('; ').includes(attribute), cookie);
    }
  }
});
