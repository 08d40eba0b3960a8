// The attack catalogue on access tokens, A and B: no signature, or one by
// another algorithm.
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import test from 'node:test';
import { forgery } from '../lib/forgery.mjs';
import { b64, compact } from '../lib/jwt.mjs';
import { api } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';

const service = await useService();
const {
  H, P, S, header, payload, claims, key, unsigned, hmac, byAttacker, bySigner, areForged, isUnharmed,
} = await forgery(service);
const jwks = await api(service).get('/.well-known/jwks.json');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

const rows = {
  // A: unsigned
  'J-001 alg none, no signature': unsigned({ alg: 'none', typ: 'JWT' }),
  'J-001 alg none with our kid and typ': unsigned({ ...header, alg: 'none' }),
  'J-002 alg None': unsigned({ ...header, alg: 'None' }),
  'J-004 alg nOnE': unsigned({ ...header, alg: 'nOnE' }),
  'J-005 alg NoNe': unsigned({ ...header, alg: 'NoNe' }),
  'J-007 alg none with the real signature': unsigned({ ...header, alg: 'none' }, S),
  'J-008 alg none with garbage': unsigned({ ...header, alg: 'none' }, 'AAAA'),
  'J-010 alg none in a JSON escape':
    `${b64(`{"alg":"\\u006eone","kid":"${key.kid}","typ":"at+jwt"}`)}.${P}.`,
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
};

for (const alg of ['ES256K', 'EdDSA', 'Ed25519', 'ES384', 'ES512', 'HS256', 'HS1', 'RS1', 'RS256',
  'PS256', 'ML-DSA-44', 'es256', 'ES256 ', 'ES256\u0000', 'ES-256', 'SHA256']) {
  rows[`J-038 K alg ${JSON.stringify(alg)} over an ES256 signature`] = bySigner({ alg });
}

areForged(rows);

test('after all this the good token is as good as before', () => isUnharmed());
