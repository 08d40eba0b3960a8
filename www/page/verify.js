/*
 * The signature of an access token, checked in the browser by WebCrypto with
 * the service's public keys, as any other program would do it.
 */

import { recordedFetch } from './wire.js';

const ALGORITHMS = {
  ES256: { load: { name: 'ECDSA', namedCurve: 'P-256' }, verify: { name: 'ECDSA', hash: 'SHA-256' } },
  RS256: { load: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, verify: { name: 'RSASSA-PKCS1-v1_5' } },
  EdDSA: { load: { name: 'Ed25519' }, verify: { name: 'Ed25519' } },
};
const JWKS = '/.well-known/jwks.json';

let known = new Map();

/* The public key of a kid; the list is read again for one that is new. */
async function publicKey(kid) {
  if (!known.has(kid)) {
    const response = await recordedFetch(JWKS, { credentials: 'omit' });
    if (!response.ok) throw new Error('no list of keys');
    known = new Map((await response.json()).keys.map((key) => [key.kid, key]));
  }
  return known.get(kid);
}

/*
 * token: as parseAccessToken made it.  Returns "valid", "invalid", or why it
 * can't be said: "secret" (HS256 has no public key), "unknown" (no such key is
 * published), "unable" (this browser lacks the algorithm), "away".
 */
export async function verify(token, keyOf = publicKey) {
  const algorithm = ALGORITHMS[token.header.alg];
  if (!algorithm) return token.header.alg === 'HS256' ? 'secret' : 'invalid';
  let jwk;
  try {
    jwk = await keyOf(token.header.kid);
  } catch {
    return 'away';
  }
  if (!jwk || jwk.alg !== token.header.alg) return 'unknown';
  try {
    const key = await crypto.subtle.importKey('jwk', jwk, algorithm.load, false, ['verify']);
    const isValid = await crypto.subtle.verify(algorithm.verify, key, token.signature, token.signed);
    return isValid ? 'valid' : 'invalid';
  } catch {
    return 'unable';
  }
}
