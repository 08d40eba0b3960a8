// A token of somebody real, in parts, and the hands of those who forge others
// from it.  Level B of the catalogue has no key; level K supposes that the
// attacker can have anything signed by the service's own.
import test from 'node:test';
import { generateKeyPairSync } from 'node:crypto';
import { b64, compact, decode, signature, signingKey } from './jwt.mjs';
import { isOk } from './oracle.mjs';
import { api } from './people.mjs';
import { tokenTrial } from './token-trial.mjs';

export async function forgery(service) {
  const { newcomer, me } = api(service);
  const trial = await tokenTrial(service);
  const key = signingKey(service.state);
  const { accessToken: good } = await newcomer();
  const [H, P, S] = good.split('.');
  const { header, payload } = decode(good);
  // What one would like to be.
  const claims = { ...payload, roles: ['ADMIN'] };
  const attacker = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  const hands = {
    good, H, P, S, header, payload, claims, key, me, trial,
    attackersJwk: attacker.publicKey.export({ format: 'jwk' }),
    unsigned: (head, tail = '') => `${b64(JSON.stringify(head))}.${P}.${tail}`,
    hmac: (secret, head = {}, alg = 'HS256') =>
      compact({ ...header, alg, ...head }, claims, alg, secret),
    byAttacker: (head) => compact({ ...header, ...head }, claims, 'ES256', attacker.privateKey),
    bySigner: (head) => key.sign(payload, head),
    // Segments as they stand, whatever they hold, signed.
    resigned: (head, body) =>
      `${head}.${body}.${b64(signature('ES256', `${head}.${body}`, key.key))}`,
  };

  // One test a row: nobody believes the token.
  hands.areForged = (rows) => {
    test('K what the key signs without any change passes', async () => {
      isOk(await me(hands.bySigner({})));
      isOk(await me(hands.resigned(H, P)));
    });
    for (const [name, token] of Object.entries(rows)) test(name, () => trial.isForged(token));
  };

  hands.isUnharmed = async () => {
    isOk(await me(good));
    await trial.isUnharmed();
  };

  return hands;
}
