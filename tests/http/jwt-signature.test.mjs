// The attack catalogue on access tokens, F, G and H: signature bytes, segments
// and base64url.
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { forgery } from '../lib/forgery.mjs';
import { b64 } from '../lib/jwt.mjs';
import { isOk } from '../lib/oracle.mjs';
import { useService } from '../lib/service.mjs';

const service = await useService();
const {
  good, H, P, S, header, payload, key, resigned, areForged, isUnharmed, trial, me,
} = await forgery(service);

// The order of the curve P-256.
const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const bytesOf = (number) => Buffer.from(number.toString(16).padStart(64, '0'), 'hex');
const [r, s] = [0, 32].map((at) => Buffer.from(S, 'base64url').subarray(at, at + 32));

// The signature as OpenSSL would write it (X.690), not JWS.
function signatureAsDer() {
  const integer = (number) => Buffer.concat([Buffer.from([2, number.length + (number[0] >> 7)]),
    Buffer.alloc(number[0] >> 7), number]);
  const body = Buffer.concat([integer(r), integer(s)]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

function ofLength(segment, remainder) {
  let text = segment;
  while (text.length % 4 !== remainder) text += 'A';
  return text;
}

areForged({
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
  'a signature in DER': `${H}.${P}.${b64(signatureAsDer())}`,

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
});

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
  const edges = [0n, 1n, n - 1n, n].map(bytesOf);
  for (const one of edges) {
    for (const other of edges) {
      await trial.isRefusedByMe(`${H}.${P}.${b64(Buffer.concat([one, other]))}`);
    }
  }
});

test('J-101 the malleated twin (r, n-s) passes, so only sid and jti name a token', async () => {
  const twin = bytesOf(n - BigInt(`0x${s.toString('hex')}`));
  isOk(await me(`${H}.${P}.${b64(Buffer.concat([r, twin]))}`));
});

test('after all this the good token is as good as before', () => isUnharmed());
