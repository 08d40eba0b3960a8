// Access tokens taken apart, and made by anybody's key: also by the service's
// own, which the tests may read where the attack supposes that it leaked.
import { createHmac, createPrivateKey, createPublicKey, constants, sign } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const b64 = (bytes) => Buffer.from(bytes).toString('base64url');

// Objects become JSON; texts and Buffers stay what they are.
const encode = (part) => (typeof part === 'string' || Buffer.isBuffer(part)
  ? b64(part) : b64(JSON.stringify(part)));

export function decode(token) {
  const [header, payload] = token.split('.').map((part) => Buffer.from(part, 'base64url'));
  return { header: JSON.parse(header), payload: JSON.parse(payload) };
}

const rsaPss = (bits) => ({
  padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: bits / 8, hash: `sha${bits}`,
});
const signers = {
  none: () => Buffer.alloc(0),
  ES256: (input, key) => sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' }),
  EdDSA: (input, key) => sign(null, input, key),
};
for (const bits of [256, 384, 512]) {
  signers[`HS${bits}`] = (input, key) => createHmac(`sha${bits}`, key).update(input).digest();
  signers[`RS${bits}`] = (input, key) => sign(`sha${bits}`, input, key);
  signers[`PS${bits}`] = (input, key) => sign(`sha${bits}`, input, { key, ...rsaPss(bits) });
}

// A signature over the first two segments, by the algorithm of the key.
export const signature = (alg, input, key) => signers[alg](Buffer.from(input), key);

// header.payload.signature; alg says how to sign, whatever the header says.
export function compact(header, payload, alg, key) {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${b64(signature(alg, input, key))}`;
}

// The lines of keys.list: what, which, from when.
export function keyList(state) {
  return readFileSync(join(state, 'keys/keys.list'), 'utf8').split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [kind, kid, alg, from, use] = line.split(' ');
      return { kind, kid, alg, from: Number(from), isInUse: use === 'in-use' };
    });
}

// The last of those whose time has come signs.
function currentKid(state) {
  const now = Date.now() / 1000;
  return keyList(state).filter(({ kind, from, isInUse }) => kind === 'token' && isInUse && from <= now)
    .sort((a, b) => a.from - b.from).at(-1).kid;
}

// A key of access tokens, by default the one that signs now:
// { alg, kid, key, pem, sign }.
export function signingKey(state, kid = currentKid(state)) {
  const dir = join(state, 'keys');
  const { alg } = keyList(state).find((entry) => entry.kid === kid);
  const names = [`token-${kid}.pem`, `token-${kid}.hmac`];
  const file = readdirSync(dir).find((name) => names.includes(name));
  const bytes = readFileSync(join(dir, file));
  const key = alg === 'HS256' ? bytes : createPrivateKey(bytes);
  const header = { alg, kid, typ: 'at+jwt' };
  return {
    alg,
    kid,
    key,
    header,
    // The public half as it is published; none of a secret.
    pem: alg === 'HS256' ? undefined
      : createPublicKey(key).export({ type: 'spki', format: 'pem' }),
    jwk: alg === 'HS256' ? undefined : createPublicKey(key).export({ format: 'jwk' }),
    sign: (payload, changed = {}) => compact({ ...header, ...changed }, payload, alg, key),
    signText: (head, payload) => compact(head, payload, alg, key),
    // The same token, which has just expired.
    expired(token) {
      const { payload } = decode(token);
      const exp = Math.floor(Date.now() / 1000);
      const iat = exp - (payload.exp - payload.iat);
      return compact(header, { ...payload, iat, nbf: iat, exp }, alg, key);
    },
  };
}
