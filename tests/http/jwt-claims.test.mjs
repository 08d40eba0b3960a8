// The attack catalogue on claims: all of these tokens are signed by the
// service's own key, and still refused for what they say.
import test from 'node:test';
import { decode, signingKey } from '../lib/jwt.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';
import { tokenTrial } from '../lib/token-trial.mjs';

const service = await useService();
const { newcomer, me, refresh, logout } = api(service);
const trial = await tokenTrial(service);

const key = signingKey(service.state);
const ann = await newcomer();
const { payload } = decode(ann.accessToken);
const { header } = key;
const now = Math.floor(Date.now() / 1000);
const later = now + 300;

const claims = (changed) => ({ ...payload, ...changed });
// A JSON text in place of a claim's value, or of the whole payload.
const literal = (name, text) => JSON.stringify(claims({ [name]: '@' })).replace('"@"', text);
const withMember = (text) => JSON.stringify(payload).replace('{', `{${text},`);
const ends = (at) => ({ iat: at - 900, nbf: at - 900, exp: at });

const good = {
  'nothing changed': payload,
  'J-160 an unknown claim': claims({ foo: { bar: [1] } }),
  'J-169 nbf now': claims({ nbf: now }),
  'J-169 nbf a little ahead': claims({ nbf: now + 3, iat: now + 3, exp: now + 600 }),
  'J-163 the longest lifetime': claims(ends(now + 900)),
  'members in another order': Object.fromEntries(Object.entries(payload).reverse()),
  'spaces and line ends': JSON.stringify(payload, null, '\t'),
  'J-187 jti of 64 characters': claims({ jti: 'x'.repeat(64) }),
  'J-187 the jti of another token': claims({ roles: ['USER'] }),
  'no phone, age or user name': claims({ phone_number: undefined }),
  'claims written with escapes': JSON.stringify(payload).replace('"iss"', '"\\u0069ss"'),
  '32 roles': claims({ roles: Array.from({ length: 32 }, (_, i) => `ROLE_${i}`) }),
  'no role at all': claims({ roles: [] }),
  'nesting of 16': claims({ x: nested(15) }),
};

const bad = {
  // I: JSON of the payload
  'J-136 sub twice': withMember('"sub":"u1"'),
  'J-136 sub twice, once escaped': withMember('"\\u0073ub":"u1"'),
  'J-137 exp twice': withMember(`"exp":${later}`),
  'J-137 aud twice': withMember('"aud":"latchkey"'),
  'J-137 iss twice': withMember(`"iss":"${service.base}"`),
  'J-137 roles twice': withMember('"roles":["ADMIN"]'),
  'an unknown claim twice': withMember('"x":1,"x":1'),
  'a nested member twice': withMember('"x":{"y":1,"y":1}'),
  'J-139 a BOM': `\ufeff${JSON.stringify(payload)}`,
  'J-140 invalid UTF-8': Buffer.from(withMember('"x":"\xff"'), 'latin1'),
  'J-140 an overlong slash': Buffer.from(withMember('"x":"\xc0\xaf"'), 'latin1'),
  'J-140 a surrogate as UTF-8': Buffer.from(withMember('"x":"\xed\xa0\x80"'), 'latin1'),
  'J-140 a lone surrogate': withMember('"x":"\\ud800"'),
  'J-142 \\u0000 in a value': withMember('"x":"a\\u0000b"'),
  'J-142 \\u0000 in a name': withMember('"a\\u0000b":1'),
  'J-143 NUL and garbage behind': `${JSON.stringify(payload)}\0{`,
  'J-143 a second object behind': `${JSON.stringify(payload)}{}`,
  'J-145 a comma too many': JSON.stringify(payload).replace(/}$/, ',}'),
  'J-145 a comment': JSON.stringify(payload).replace(/}$/, '/* */}'),
  'J-145 single quotes': JSON.stringify(payload).replaceAll('"', "'"),
  'J-145 NaN': withMember('"x":NaN'),
  'J-145 Infinity': withMember('"x":Infinity'),
  'J-145 hexadecimal': withMember('"x":0x10'),
  'J-145 a leading zero': withMember('"x":01'),
  'J-145 a plus': withMember('"x":+1'),
  'J-145 a raw control character': withMember('"x":"\u0001"'),
  'J-146 an array': '[]',
  'J-146 a text': '"sub"',
  'J-146 null': 'null',
  'J-146 nothing': ' ',
  'an empty object': '{}',
  'J-148 nesting of 17': claims({ x: nested(16) }),
  'J-148 nesting of 1000': withMember(`"x":${'['.repeat(1000)}${']'.repeat(1000)}`),

  // J: times
  'J-158 no exp': claims({ exp: undefined }),
  'J-160 exp with a fraction': literal('exp', `${later}.5`),
  'J-160 exp as real': literal('exp', `${later}.0`),
  'J-160 exp with an exponent': literal('exp', '4e9'),
  'J-161 exp 1e99': literal('exp', '1e99'),
  'J-161 exp -1e99': literal('exp', '-1e99'),
  'J-151 exp 2^63': literal('exp', '9223372036854775808'),
  'J-151 exp of 400 digits': literal('exp', `1${'0'.repeat(400)}`),
  'J-152 exp 1e999': literal('exp', '1e999'),
  'J-163 exp 2^31': claims({ exp: 2 ** 31 }),
  'J-163 exp 2^32': claims({ exp: 2 ** 32 }),
  'J-163 exp 2^53': claims({ exp: 2 ** 53 }),
  'J-164 exp 2^63-1': literal('exp', '9223372036854775807'),
  'J-164 exp 2^63-1 and iat 2^63-2': literal('exp', '9223372036854775807')
    .replace(`"iat":${payload.iat}`, '"iat":9223372036854775806'),
  'J-166 exp before iat': claims({ exp: now - 10, iat: now }),
  'J-166 exp equal to iat': claims({ exp: now, iat: now }),
  'J-167 a second too long a life': claims({ iat: now, exp: now + 901 }),
  'J-167 a life that began long ago': claims({ iat: 0, exp: later }),
  'exp as text': claims({ exp: String(later) }),
  'exp null': claims({ exp: null }),
  'exp true': claims({ exp: true }),
  'exp in an array': claims({ exp: [later] }),
  'exp negative': claims({ exp: -1 }),
  'J-169 nbf in a minute': claims({ nbf: now + 60 }),
  'J-170 no nbf': claims({ nbf: undefined }),
  'J-170 nbf as text': claims({ nbf: String(now) }),
  'J-170 nbf as real': literal('nbf', '1.5'),
  'J-170 nbf negative': claims({ nbf: -1 }),
  'J-170 nbf null': claims({ nbf: null }),
  'J-170 nbf 2^63-1': literal('nbf', '9223372036854775807'),
  'J-172 no iat': claims({ iat: undefined }),
  'J-172 iat negative': claims({ iat: -1 }),
  'J-172 iat as text': claims({ iat: String(now) }),
  'J-172 iat in a minute': claims({ iat: now + 60, exp: now + 600 }),

  // K: identity and audience
  'J-176 no sub': claims({ sub: undefined }),
  'J-178 sub in upper case': claims({ sub: payload.sub.toUpperCase() }),
  'J-178 sub without hyphens': claims({ sub: payload.sub.replaceAll('-', '') }),
  'J-178 sub in braces': claims({ sub: `{${payload.sub}}` }),
  'J-178 sub as URN': claims({ sub: `urn:uuid:${payload.sub}` }),
  'J-178 sub with a space': claims({ sub: `${payload.sub} ` }),
  'J-178 sub with a digit too many': claims({ sub: `${payload.sub}0` }),
  'J-178 sub with hyphens elsewhere': claims({ sub: '01a2016-6de97-0098-d7a0-03a83c2018dd' }),
  "J-179 sub with SQL": claims({ sub: "' OR '1'='1" }),
  'J-179 sub with NUL': claims({ sub: `${payload.sub}\u0000` }),
  'J-179 sub of 2000 characters': claims({ sub: 'x'.repeat(2000) }),
  'no sid': claims({ sid: undefined }),
  'sid in upper case': claims({ sid: payload.sid.toUpperCase() }),
  'no ver': claims({ ver: undefined }),
  'ver as text': claims({ ver: '1' }),
  'ver as real': literal('ver', '1.0'),
  'ver negative': claims({ ver: -1 }),
  'J-181 no iss': claims({ iss: undefined }),
  'J-181 iss with a slash': claims({ iss: `${payload.iss}/` }),
  'J-181 iss in upper case': claims({ iss: payload.iss.toUpperCase() }),
  'J-181 iss cut': claims({ iss: payload.iss.slice(0, -1) }),
  'J-181 iss with more behind': claims({ iss: `${payload.iss}.evil.example` }),
  'J-181 iss with more before': claims({ iss: `https://evil.example/${payload.iss}` }),
  'J-181 iss in an array': claims({ iss: [payload.iss] }),
  'J-181 iss with NUL behind': claims({ iss: `${payload.iss}\u0000` }),
  'J-182 no aud': claims({ aud: undefined }),
  'J-184 aud in an array, ours': claims({ aud: ['latchkey'] }),
  'J-184 aud in an array, ours and another': claims({ aud: ['latchkey', 'other'] }),
  'J-185 aud of another': claims({ aud: 'other' }),
  'J-185 aud empty': claims({ aud: '' }),
  'J-185 aud an empty array': claims({ aud: [] }),
  'J-185 aud in upper case': claims({ aud: 'LATCHKEY' }),
  'J-187 no jti': claims({ jti: undefined }),
  'J-187 jti empty': claims({ jti: '' }),
  'J-187 jti of 65 characters': claims({ jti: 'x'.repeat(65) }),
  'J-193 no roles': claims({ roles: undefined }),
  'J-193 roles null': claims({ roles: null }),
  'J-194 roles as text': claims({ roles: 'USER ADMIN' }),
  'J-194 a role in lower case': claims({ roles: ['user'] }),
  'J-194 a role with a comma': claims({ roles: ['USER,ADMIN'] }),
  'J-194 a role that is empty': claims({ roles: [''] }),
  'J-194 a role that is no text': claims({ roles: [1] }),
  'J-194 a role in an array': claims({ roles: [['USER']] }),
  'J-194 33 roles': claims({ roles: Array.from({ length: 33 }, (_, i) => `ROLE_${i}`) }),
  'no email': claims({ email: undefined }),
  'email as number': claims({ email: 1 }),
  'J-196 a foreign client_id': claims({ client_id: 'other' }),
  'J-196 no client_id': claims({ client_id: undefined }),
  'J-197 a token bound to a key': claims({ cnf: { jkt: 'x' } }),
  'J-197 cnf null': claims({ cnf: null }),
  'J-200 token_use refresh': claims({ token_use: 'refresh' }),
  'J-200 no token_use': claims({ token_use: undefined }),
};
for (const name of ['sub', 'sid', 'iss', 'aud', 'jti', 'client_id', 'token_use']) {
  for (const value of [null, '', 1, true, [], {}]) {
    bad[`J-176 ${name} is ${JSON.stringify(value)}`] = claims({ [name]: value });
  }
}

// Expired tokens, all else right: dead at resources, genuine all the same.
const expired = {
  'J-155 exp a second ago': claims(ends(now - 1)),
  'J-157 exp this second': claims(ends(now)),
  'exp long ago': claims(ends(1_000_000)),
};

function nested(depth) {
  let value = 1;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

for (const [name, body] of Object.entries(good)) {
  test(`accepted: ${name}`, async () => isOk(await me(key.signText(header, body))));
}

for (const [name, body] of Object.entries(bad)) {
  test(`refused: ${name}`, () => trial.isForged(key.signText(header, body)));
}

for (const [name, body] of Object.entries(expired)) {
  test(`expired: ${name}`, async () => {
    const token = key.signText(header, body);
    await trial.isExpired(token);
    isProblem(await logout(token, 'global'), 'invalid_token');
  });
}

test('J-173 a token of an older version of the user is dead, of any other alive', async () => {
  const bob = await newcomer();
  const { payload: his } = decode(bob.accessToken);
  isOk(await logout(bob.accessToken, 'global'), 204);
  isProblem(await me(bob.accessToken), 'invalid_token');
  const stolen = key.sign({ ...his, sid: payload.sid, ver: his.ver });
  isProblem(await me(stolen), 'invalid_token');
});

test('a token of up to 4096 characters passes, a longer one is not looked at', async () => {
  const ofSize = (size) => {
    for (let pad = size / 2; ; pad++) {
      const token = key.sign(claims({ pad: 'x'.repeat(pad) }));
      if (token.length >= size) return token;
    }
  };
  isOk(await me(ofSize(4093)));
  await trial.isRefusedByMe(ofSize(4097));
});

test('after all this nothing has happened to anybody', async () => {
  isOk(await me(ann.accessToken));
  isOk(await refresh(ann.refreshToken));
  await trial.isUnharmed();
});
