// Clients that know nothing of us verify our tokens from the key set.
import assert from 'node:assert/strict';
import test from 'node:test';
import { calculateJwkThumbprint, createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { allowInsecureRequests, validateJwtAccessToken } from 'oauth4webapi';
import { api } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';

// All before the first test: the runner takes a pause for the end.
const copies = await Promise.all(['ES256', 'RS256', 'EdDSA'].map(async (alg) => {
  const service = await useService({ env: { LATCHKEY_TOKEN_ALG: alg } });
  const { get, newcomer } = api(service);
  return { alg, service, get, ann: await newcomer() };
}));

for (const { alg, service, get, ann } of copies) {
  const { accessToken, user, sessionId } = ann;
  const keySet = () => createRemoteJWKSet(new URL(`${service.base}/.well-known/jwks.json`));

  test(`jose verifies an ${alg} token`, async () => {
    const { payload, protectedHeader } = await jwtVerify(accessToken, keySet(), {
      issuer: service.base, audience: 'latchkey', subject: user.id, typ: 'at+jwt', algorithms: [alg],
      requiredClaims: ['exp', 'iat', 'nbf', 'jti', 'client_id', 'sid', 'ver'],
    });
    assert.equal(payload.sid, sessionId);
    assert.equal(protectedHeader.alg, alg);
  });

  test(`jose refuses an ${alg} token that was changed, or is for others`, async () => {
    const [header, , signature] = accessToken.split('.');
    const claims = Buffer.from('{"sub":"x"}').toString('base64url');
    await assert.rejects(jwtVerify(`${header}.${claims}.${signature}`, keySet()),
      errors.JWSSignatureVerificationFailed);
    await assert.rejects(jwtVerify(accessToken, keySet(), { audience: 'other' }),
      errors.JWTClaimValidationFailed);
  });

  test(`the kid of an ${alg} key is what jose computes`, async () => {
    const { body: { keys } } = await get('/.well-known/jwks.json');
    assert.equal(keys.length, 1);
    assert.equal(keys[0].kid, await calculateJwkThumbprint(keys[0], 'sha256'));
  });

  test(`oauth4webapi takes an ${alg} token for an access token of RFC 9068`, async () => {
    const server = { issuer: service.base, jwks_uri: `${service.base}/.well-known/jwks.json` };
    const request = new Request(`${service.base}/api/weather`,
      { headers: { authorization: `Bearer ${accessToken}` } });
    const claims = await validateJwtAccessToken(server, request, 'latchkey',
      { [allowInsecureRequests]: true });
    assert.equal(claims.sub, user.id);
    assert.equal(claims.client_id, 'latchkey');
  });
}
