// The attack catalogue on access tokens: header, algorithm, key, signature and
// transport.  Level B has no key; level K supposes that the attacker can have
// anything signed by the service's own.
import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import test, { after } from 'node:test';
import { b64, compact, decode, signature, signingKey } from '../lib/jwt.mjs';
import { isOk } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { isSanitized, useService } from '../lib/service.mjs';
import { tokenTrial } from '../lib/token-trial.mjs';

const service = await useService();
const { get, newcomer, me } = api(service);
const trial = await tokenTrial(service);

const key = signingKey(service.state);
const { accessToken: good } = await newcomer();
const [H, P, S] = good.split('.');
const { header, payload } = decode(good);
const jwks = await get('/.well-known/jwks.json');
const attacker = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const attackersJwk = attacker.publicKey.export({ format: 'jwk' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const claims = { ...payload, roles: ['ADMIN'] };

// Whoever follows a URL in a token is heard here.
let visits = 0;
const listener = createServer((socket) => { visits++; socket.destroy(); });
await new Promise((ready) => { listener.listen(0, '127.0.0.1', ready); });
after(() => listener.close());
const url = `http://127.0.0.1:${listener.address().port}/jwks.json`;

const unsigned = (head, tail = '') => `${b64(JSON.stringify(head))}.${P}.${tail}`;
const hmac = (secret, head = {}, alg = 'HS256') => compact({ ...header, alg, ...head }, claims, alg, secret);
const byAttacker = (head) => compact({ ...header, ...head }, claims, 'ES256', attacker.privateKey);
const bySigner = (head) => key.sign(payload, head);

const rows = {
  // A: unsigned
  'J-001 alg none, no signature': unsigned({ alg: 'none', typ: 'JWT' }),
  'J-001 alg none with our kid and typ': unsigned({ ...header, alg: 'none' }),
  'J-002 alg None': unsigned({ ...header, alg: 'None' }),
  'J-004 alg nOnE': unsigned({ ...header, alg: 'nOnE' }),
  'J-005 alg NoNe': unsigned({ ...header, alg: 'NoNe' }),
  'J-007 alg none with the real signature': unsigned({ ...header, alg: 'none' }, S),
  'J-008 alg none with garbage': unsigned({ ...header, alg: 'none' }, 'AAAA'),
  'J-010 alg none in a JSON escape': `${b64(`{"alg":"\\u006eone","kid":"${key.kid}","typ":"at+jwt"}`)}.${P}.`,
  'J-011 alg none with a space behind': unsigned({ ...header, alg: 'none ' }),
  'J-011 alg none with a space before': unsigned({ ...header, alg: ' none' }),
  'J-011 alg none with a tab': unsigned({ ...header, alg: 'none\t' }),
  'J-013 alg empty': unsigned({ ...header, alg: '' }),
  'J-014 alg null': unsigned({ ...header, alg: null }),
  'J-014 no alg': unsigned({ kid: key.kid, typ: 'at+jwt' }),
  'J-016 K alg 0': bySigner({ alg: 0 }),
  'J-016 K alg true': bySigner({ alg: true }),
  'J-016 K alg in an array': bySigner({ alg: ['ES256'] }),
  'J-016 K alg in an object': bySigner({ alg: { a: 'ES256' } }),
  'J-017 K alg twice, the last one right':
    key.signText(`{"alg":"none","alg":"ES256","kid":"${key.kid}","typ":"at+jwt"}`, payload),
  'J-017 K alg twice, the first one right':
    key.signText(`{"alg":"ES256","alg":"none","kid":"${key.kid}","typ":"at+jwt"}`, payload),
  'J-019 K ALG beside alg': bySigner({ ALG: 'none' }),
  'J-019 Alg none': unsigned({ Alg: 'none', kid: key.kid, typ: 'at+jwt' }),

  // B: algorithm confusion
  'J-020 HMAC by the public key, PEM as it is': hmac(key.pem),
  'J-022 HMAC by the public key, CRLF': hmac(key.pem.replaceAll('\n', '\r\n')),
  'J-023 HMAC by the public key, one more newline': hmac(`${key.pem}\n`),
  'J-023 HMAC by the public key, no newline': hmac(key.pem.trimEnd()),
  'J-025 HMAC by the public key, DER':
    hmac(createPublicKey(key.pem).export({ type: 'spki', format: 'der' })),
  'J-025 HMAC by the bare point': hmac(Buffer.concat([Buffer.from([4]),
    Buffer.from(key.jwk.x, 'base64url'), Buffer.from(key.jwk.y, 'base64url')])),
  'J-026 HMAC by the key set as it is served': hmac(jwks.text),
  'J-026 HMAC by the JWK': hmac(JSON.stringify(jwks.body.keys[0])),
  'J-026 HMAC by x of the JWK': hmac(Buffer.from(key.jwk.x, 'base64url')),
  'J-029 HMAC by the kid': hmac(key.kid),
  'J-029 HMAC by the thumbprint': hmac(Buffer.from(key.kid, 'base64url')),
  'J-031 HMAC by nothing': hmac(''),
  'J-031 HMAC by one NUL': hmac('\0'),
  'J-031 HMAC by null': hmac('null'),
  'J-031 HMAC by undefined': hmac('undefined'),
  'J-031 HMAC by secret': hmac('secret'),
  'J-020 HS384 by the public key': hmac(key.pem, {}, 'HS384'),
  'J-020 HS512 by the public key': hmac(key.pem, {}, 'HS512'),
  'J-034 RS256 by a stranger': compact({ ...header, alg: 'RS256' }, claims, 'RS256', rsa.privateKey),
  'J-035 PS256 by a stranger': compact({ ...header, alg: 'PS256' }, claims, 'PS256', rsa.privateKey),
  'J-190 ES256 by a stranger under our kid': byAttacker({}),
  'J-043 RS256 whose kid is ours, signed by ES256': bySigner({ alg: 'RS256' }),
  'J-040 JWE with five segments': `${b64('{"alg":"dir","enc":"A256GCM"}')}..${b64(randomBytes(12))}.` +
    `${b64(randomBytes(64))}.${b64(randomBytes(16))}`,
  'J-041 JWE with a bomb of iterations': `${b64(JSON.stringify({ alg: 'PBES2-HS256+A128KW',
    enc: 'A128GCM', p2c: 2147483647, p2s: 'AAAA' }))}.AAAA.AAAA.AAAA.AAAA`,
  'J-044 the header in another order, the old signature':
    `${b64(JSON.stringify({ typ: 'at+jwt', kid: key.kid, alg: 'ES256' }))}.${P}.${S}`,
  'J-044 the header with spaces, the old signature': `${b64(JSON.stringify(header, null, 1))}.${P}.${S}`,
  'the payload with spaces, the old signature': `${H}.${b64(JSON.stringify(payload, null, 1))}.${S}`,
  'the payload of an administrator, the old signature': `${H}.${b64(JSON.stringify(claims))}.${S}`,

  // C: keys in the header
  'J-046 jwk, signed by it': byAttacker({ jwk: attackersJwk }),
  'J-046 jwk alone, without kid': compact({ alg: 'ES256', typ: 'at+jwt', jwk: attackersJwk }, claims,
    'ES256', attacker.privateKey),
  'J-047 jwk that is a secret': hmac('0123456789abcdef0123456789abcdef',
    { jwk: { kty: 'oct', k: b64('0123456789abcdef0123456789abcdef') } }),
  'J-049 jku': byAttacker({ jku: url }),
  'J-050 jku with our host in front': byAttacker({ jku: `http://127.0.0.1@${url.slice(7)}` }),
  'J-050 jku with a fragment': byAttacker({ jku: `${url}#${service.base}` }),
  'J-052 x5u': byAttacker({ x5u: url }),
  'J-053 x5c': byAttacker({ x5c: [b64(randomBytes(200))] }),
  'J-055 members of encryption': byAttacker({ epk: attackersJwk, apu: '', apv: '', p2s: '', iv: '', tag: '' }),
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
  'J-079 K crit b64, unencoded payload': (() => {
    const head = b64(JSON.stringify({ ...header, b64: false, crit: ['b64'] }));
    return `${head}.${P}.${b64(signature('ES256', `${head}.${JSON.stringify(payload)}`, key.key))}`;
  })(),
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

  // F: signature bytes
  'J-091 no signature, no dot': `${H}.${P}`,
  'J-091 an empty signature': `${H}.${P}.`,
  'J-094 a dot behind': `${good}.`,
  'J-097 a byte less': `${H}.${P}.${b64(Buffer.from(S, 'base64url').subarray(0, 63))}`,
  'J-097 a byte more': `${H}.${P}.${b64(Buffer.concat([Buffer.from(S, 'base64url'), Buffer.alloc(1)]))}`,
  'J-097 half of it': `${H}.${P}.${b64(Buffer.from(S, 'base64url').subarray(0, 32))}`,
  'J-097 twice': `${H}.${P}.${S}${S}`,
  'J-098 zeros': `${H}.${P}.${b64(Buffer.alloc(64))}`,
  'J-098 ones': `${H}.${P}.${b64(Buffer.alloc(64, 0xff))}`,
  'J-098 of another token': `${H}.${P}.${key.sign({ ...payload, jti: 'x' }).split('.')[2]}`,
  'a signature in DER': `${H}.${P}.${b64(signDer())}`,

  // G: segments
  'J-107 one dot': '.',
  'J-107 two dots': '..',
  'J-107 three dots': '...',
  'J-107 one letter': 'A',
  'J-109 four segments': `${good}.${S}`,
  'J-109 five segments': `${H}.${P}.${S}.${S}.${S}`,
  'J-109 a thousand segments': 'A.'.repeat(1000) + 'A',
  'J-109 four thousand dots': '.'.repeat(4000),
  'J-112 %0a behind': `${good}%0a`,
  'J-112 %2e for a dot': good.replaceAll('.', '%2e'),
  'J-112 a space inside': `${H}. ${P}.${S}`,
  'J-112 a tab inside': `${H}.\t${P}.${S}`,
  'J-113 in double quotes': `"${good}"`,
  'J-113 in angle brackets': `<${good}>`,
  'an empty header': `.${P}.${S}`,
  'an empty payload': `${H}..${S}`,

  // H: base64url
  'J-128 a character of no alphabet in the header': `${H.slice(0, 8)}*${H.slice(8)}.${P}.${S}`,
  'J-128 K the same, signed': resigned(`${H.slice(0, 8)}#${H.slice(8)}`, P),
  'J-128 K in the payload, signed': resigned(H, `${P.slice(0, 8)}?${P.slice(8)}`),
  'J-128 K in the signature': `${H}.${P}.${S.slice(0, 8)}!${S.slice(8)}`,
  'J-130 K padding in the header, signed': resigned(`${H}==`, P),
  'J-130 K padding in the payload, signed': resigned(H, `${P}=`),
  'J-131 K a length of 4n+1 in the header, signed': resigned(ofLength(H, 1), P),
  'J-131 K a length of 4n+1 in the payload, signed': resigned(H, ofLength(P, 1)),
  'J-134 K UTF-16': key.signText(Buffer.from(JSON.stringify(header), 'utf16le'),
    Buffer.from(JSON.stringify(payload), 'utf16le')),

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
};

for (const alg of ['ES256K', 'EdDSA', 'Ed25519', 'ES384', 'ES512', 'HS256', 'HS1', 'RS1', 'RS256',
  'PS256', 'ML-DSA-44', 'es256', 'ES256 ', 'ES256\u0000', 'ES-256', 'SHA256']) {
  rows[`J-038 K alg ${JSON.stringify(alg)} over an ES256 signature`] = bySigner({ alg });
}

function signDer() {
  const { r, s } = { r: Buffer.from(S, 'base64url').subarray(0, 32), s: Buffer.from(S, 'base64url').subarray(32) };
  const integer = (n) => Buffer.concat([Buffer.from([2, n.length + (n[0] >> 7)]),
    Buffer.alloc(n[0] >> 7), n]);
  const body = Buffer.concat([integer(r), integer(s)]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

// Sign segments as they stand, whatever they hold.
function resigned(head, body) {
  return `${head}.${body}.${b64(signature('ES256', `${head}.${body}`, key.key))}`;
}

function ofLength(segment, remainder) {
  let text = segment;
  while (text.length % 4 !== remainder) text += 'A';
  return text;
}

test('K what the key signs without any change passes', async () => {
  isOk(await me(bySigner({})));
  isOk(await me(resigned(H, P)));
  isOk(await me(key.signText(JSON.stringify({ typ: 'at+jwt', kid: key.kid, alg: 'ES256' }), payload)));
});

for (const [name, token] of Object.entries(rows)) {
  test(name, () => trial.isForged(token));
}

test('J-092 every character of the signature counts', async () => {
  for (let at = 0; at < S.length; at++) {
    const other = S[at] === 'A' ? 'B' : 'A';
    await trial.isRefusedByMe(`${H}.${P}.${S.slice(0, at)}${other}${S.slice(at + 1)}`);
  }
});

test('J-092 the last character has one spelling, the other 63 are refused', async () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=. ';
  for (const last of alphabet) {
    if (last !== S.at(-1) && last !== ' ') await trial.isRefusedByMe(`${good.slice(0, -1)}${last}`);
  }
});

test('J-095 + and / are no spelling of - and _', async () => {
  // Tokens until one has either character in each segment that may have it.
  let token = good;
  while (!/[-_]/.test(token.split('.')[2])) token = key.sign({ ...payload, jti: b64(randomBytes(12)) });
  await trial.isForged(token.replaceAll('-', '+').replaceAll('_', '/'));
});

test('J-100 ES256 with r and s at the edges', async () => {
  const n = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
  const less = Buffer.from(n);
  less[31] -= 1;
  const [zero, one] = [Buffer.alloc(32), Buffer.alloc(32)];
  one[31] = 1;
  for (const r of [zero, one, n, less]) {
    for (const s of [zero, one, n, less]) {
      await trial.isRefusedByMe(`${H}.${P}.${b64(Buffer.concat([r, s]))}`);
    }
  }
});

test('J-101 the malleated twin (r, n-s) passes, so only sid and jti name a token', async () => {
  const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const bytes = Buffer.from(S, 'base64url');
  const s = BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  Buffer.from((n - s).toString(16).padStart(64, '0'), 'hex').copy(bytes, 32);
  isOk(await me(`${H}.${P}.${b64(bytes)}`));
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

test('after all this the good token is as good as before', async () => {
  isOk(await me(good));
  await trial.isUnharmed();
});
