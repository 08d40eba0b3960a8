// The attack catalogue on access tokens, C, D, E and the header's part of I:
// keys, key ids and extensions that the attacker chooses.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import test, { after } from 'node:test';
import { forgery } from '../lib/forgery.mjs';
import { b64, signature } from '../lib/jwt.mjs';
import { isSanitized, useService } from '../lib/service.mjs';

const service = await useService();
const {
  good, P, header, payload, key, attackersJwk, hmac, byAttacker, bySigner, areForged,
  isUnharmed, trial,
} = await forgery(service);

// Whoever follows a URL in a token is heard here.
let visits = 0;
const listener = createServer((socket) => { visits++; socket.destroy(); });
await new Promise((ready) => { listener.listen(0, '127.0.0.1', ready); });
after(() => listener.close());
const url = `http://127.0.0.1:${listener.address().port}/jwks.json`;

// RFC 7797: the signature is over the payload as it is.
function unencoded() {
  const head = b64(JSON.stringify({ ...header, b64: false, crit: ['b64'] }));
  return `${head}.${P}.${b64(signature('ES256', `${head}.${JSON.stringify(payload)}`, key.key))}`;
}

areForged({
  // C: keys in the header
  'J-046 jwk, signed by it': byAttacker({ jwk: attackersJwk }),
  'J-046 jwk alone, without kid': byAttacker({ kid: undefined, jwk: attackersJwk }),
  'J-047 jwk that is a secret': hmac('0123456789abcdef0123456789abcdef',
    { jwk: { kty: 'oct', k: b64('0123456789abcdef0123456789abcdef') } }),
  'J-049 jku': byAttacker({ jku: url }),
  'J-050 jku with our host in front': byAttacker({ jku: `http://127.0.0.1@${url.slice(7)}` }),
  'J-050 jku with a fragment': byAttacker({ jku: `${url}#${service.base}` }),
  'J-052 x5u': byAttacker({ x5u: url }),
  'J-053 x5c': byAttacker({ x5c: [b64(randomBytes(200))] }),
  'J-055 members of encryption':
    byAttacker({ epk: attackersJwk, apu: '', apv: '', p2s: '', iv: '', tag: '' }),
  'J-056 K jwk beside a right signature': bySigner({ jwk: attackersJwk }),
  'J-056 K jku beside a right signature': bySigner({ jku: url }),
  'J-056 K x5u beside a right signature': bySigner({ x5u: url }),

  // D: kid
  'J-058 kid /dev/null': hmac('', { kid: '/dev/null' }),
  'J-058 kid ../../../../dev/null': hmac('', { kid: '../../../../../dev/null' }),
  'J-059 kid of a file in /proc': hmac('2\n', { kid: '/proc/sys/kernel/randomize_va_space' }),
  'J-061 kid file:': hmac('', { kid: 'file:///dev/null' }),
  'J-061 kid http:': hmac('', { kid: url }),
  'J-062 kid |sleep': hmac('', { kid: '|sleep 10' }),
  'J-062 kid ;sleep': hmac('', { kid: '; sleep 10' }),
  'J-062 kid $(sleep)': hmac('', { kid: '$(sleep 10)' }),
  'J-062 kid `sleep`': hmac('', { kid: '`sleep 10`' }),
  "J-064 kid ' OR '1'='1": hmac('', { kid: "' OR '1'='1" }),
  'J-064 kid with LIKE': hmac('', { kid: "%' OR kid LIKE '%" }),
  'J-065 kid empty': hmac('', { kid: '' }),
  'J-065 K kid empty': bySigner({ kid: '' }),
  'J-067 K no kid': bySigner({ kid: undefined }),
  'J-068 K kid 1': bySigner({ kid: 1 }),
  'J-068 K kid true': bySigner({ kid: true }),
  'J-068 K kid null': bySigner({ kid: null }),
  'J-068 K kid in an array': bySigner({ kid: [key.kid] }),
  'J-068 K kid in an object': bySigner({ kid: { a: 1 } }),
  'J-070 K kid with NUL': bySigner({ kid: `${key.kid}\u0000x` }),
  'J-071 K kid in upper case': bySigner({ kid: key.kid.toUpperCase() }),
  'J-071 K kid with a space': bySigner({ kid: `${key.kid} ` }),
  'J-071 K kid with a look-alike': bySigner({ kid: `${key.kid.slice(0, -1)}\uff41` }),
  'J-071 K kid cut': bySigner({ kid: key.kid.slice(0, -1) }),
  'J-073 K kid twice':
    key.signText(`{"alg":"ES256","kid":"x","kid":"${key.kid}","typ":"at+jwt"}`, payload),

  // E: crit, b64, zip, cty, typ
  'J-079 K crit b64, unencoded payload': unencoded(),
  'J-079 K crit b64, encoded payload': bySigner({ b64: false, crit: ['b64'] }),
  'J-080 K b64 without crit': bySigner({ b64: false }),
  'J-080 K crit empty': bySigner({ crit: [] }),
  'J-080 K crit of something': bySigner({ crit: ['exp'], exp: 1 }),
  'J-082 K zip': bySigner({ zip: 'DEF' }),
  'J-083 K cty JWT around a token': key.sign(good, { cty: 'JWT' }),
  'J-083 K a token as payload': key.sign(good),
  'J-085 K typ 5': bySigner({ typ: 5 }),
  'J-085 K typ null': bySigner({ typ: null }),
  'J-085 K typ in an array': bySigner({ typ: ['at+jwt'] }),
  'J-088 K typ JWT': bySigner({ typ: 'JWT' }),
  'J-088 K typ jwt': bySigner({ typ: 'jwt' }),
  'J-088 K typ AT+JWT': bySigner({ typ: 'AT+JWT' }),
  'J-088 K typ application/at+jwt': bySigner({ typ: 'application/at+jwt' }),
  'J-088 K typ empty': bySigner({ typ: '' }),
  'J-088 K no typ': bySigner({ typ: undefined }),
  'J-089 K a member that nobody knows': bySigner({ foo: 'bar' }),
  'J-089 K a member without a name': bySigner({ '': '' }),

  // I: JSON of the header
  'J-154 K the header is an array': key.signText('["ES256"]', payload),
  'J-154 K the header is a text': key.signText('"ES256"', payload),
  'K the header is null': key.signText('null', payload),
  'K the header is empty': key.signText('{}', payload),
  'J-139 K a BOM before the header': key.signText(`\ufeff${JSON.stringify(header)}`, payload),
  'J-143 K NUL behind the header': key.signText(`${JSON.stringify(header)}\0`, payload),
  'J-143 K garbage behind the header': key.signText(`${JSON.stringify(header)}{}`, payload),
  'J-145 K a comma too many': key.signText(JSON.stringify(header).replace('}', ',}'), payload),
  'J-145 K single quotes': key.signText(JSON.stringify(header).replaceAll('"', "'"), payload),
});

test('J-077 two thousand kids leave no trace in the process', async () => {
  const pages = () => Number(readFileSync(`/proc/${service.pids().me}/statm`, 'utf8').split(' ')[1]);
  const flood = async (count) => {
    for (let i = 0; i < count; i++) {
      await trial.isRefusedByMe(hmac('', { kid: b64(randomBytes(9)) }));
    }
  };
  await flood(500);
  const before = pages();
  await flood(2000);
  // Sanitizers keep freed memory for a while.
  if (!isSanitized) assert.ok(pages() - before < 256, `${pages() - before} pages more`);
});

test('no token has made the service visit anybody', () => {
  assert.equal(visits, 0);
});

test('after all this the good token is as good as before', () => isUnharmed());
