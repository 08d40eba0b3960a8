// token.alg = HS256, RS256 and EdDSA beside ES256, and typ = JWT: the flow, the
// key set, and the confusion of one with another.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import test, { describe } from 'node:test';
import { b64, compact, decode, signingKey } from '../lib/jwt.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { macKey } from '../lib/reftoken.mjs';
import { useService } from '../lib/service.mjs';
import { tokenTrial } from '../lib/token-trial.mjs';

const kinds = { HS256: {}, RS256: {}, EdDSA: {}, ES256: { LATCHKEY_TOKEN_TYP: 'JWT' } };
const copies = await Promise.all(Object.entries(kinds).map(async ([alg, env]) => {
  const service = await useService({ env: { LATCHKEY_TOKEN_ALG: alg, ...env } });
  const calls = api(service);
  const { accessToken } = await calls.newcomer();
  return {
    alg, service, accessToken, ...calls,
    typ: env.LATCHKEY_TOKEN_TYP ?? 'at+jwt',
    key: signingKey(service.state),
    trial: await tokenTrial(service),
    claims: decode(accessToken).payload,
  };
}));

// The members of a public key, in the order of RFC 7638.
const members = {
  RS256: ['e', 'kty', 'n'], EdDSA: ['crv', 'kty', 'x'], ES256: ['crv', 'kty', 'x', 'y'],
};

for (const copy of copies) {
  const { alg, typ, key, trial, claims } = copy;
  const sign = (head, payload = claims) => key.sign(payload, { typ, ...head });

  describe(`${alg}, typ ${typ}`, () => {
    test('register, log in, call, refresh, log out', async () => {
      const ann = await copy.newcomer();
      isOk(await copy.me(ann.accessToken));
      const { body: fresh } = await copy.refresh(ann.refreshToken, ann.accessToken);
      isOk(await copy.weather(fresh.accessToken));
      isOk(await copy.logout(fresh.accessToken), 204);
      isProblem(await copy.weather(fresh.accessToken), 'invalid_token');
    });

    test('the header says so, and no more', () => {
      assert.deepEqual(decode(copy.accessToken).header, { alg, kid: key.kid, typ });
    });

    test('J-020 the public half is published, and nothing else', async () => {
      const { body, text } = await copy.get('/.well-known/jwks.json');
      if (alg === 'HS256') {
        assert.deepEqual(body, { keys: [] });
        assert.ok(!text.includes(key.key.toString('base64url')));
        return;
      }
      assert.deepEqual(body, { keys: [{ ...key.jwk, alg, kid: key.kid, use: 'sig' }] });
      const canonical = JSON.stringify(
        Object.fromEntries(members[alg].map((name) => [name, key.jwk[name]])));
      assert.equal(key.kid, createHash('sha256').update(canonical).digest('base64url'));
      assert.doesNotMatch(text, /"(d|p|q|dp|dq|qi|k)"/);
    });

    test('K what the key signs passes, so the next tests mean something', async () => {
      isOk(await copy.me(sign({})));
    });

    test('a token of each other deployment is refused', async () => {
      for (const other of copies) {
        if (other !== copy) await trial.isForged(other.accessToken);
      }
    });

    test('J-038 another alg over the same signature is refused', async () => {
      for (const other of ['ES256', 'HS256', 'RS256', 'EdDSA', 'none', 'PS256', 'RS512', 'Ed25519',
        'HS512']) {
        if (other !== alg) await trial.isForged(sign({ alg: other }));
      }
    });

    test('J-088 another typ is refused', async () => {
      for (const other of ['at+jwt', 'JWT', 'jwt', 'at+JWT', undefined, '', 5]) {
        if (other !== typ) await trial.isForged(sign({ typ: other }));
      }
    });

    test('J-001 unsigned tokens are refused', async () => {
      for (const none of ['none', 'None', 'NONE']) {
        await trial.isForged(compact({ alg: none, kid: key.kid, typ }, claims, 'none'));
      }
      await trial.isForged(`${copy.accessToken.split('.').slice(0, 2).join('.')}.`);
    });

    test('J-092 the last character of the signature has one spelling', async () => {
      const last = copy.accessToken.at(-1);
      for (const other of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=') {
        if (other !== last) await trial.isRefusedByMe(copy.accessToken.slice(0, -1) + other);
      }
    });

    test('J-097 signatures of other lengths are refused', async () => {
      const [H, P, S] = copy.accessToken.split('.');
      const bytes = Buffer.from(S, 'base64url');
      const zero = Buffer.alloc(1);
      const others = [bytes.subarray(1), bytes.subarray(0, -1), Buffer.concat([zero, bytes]),
        Buffer.concat([bytes, zero]), Buffer.alloc(bytes.length), Buffer.alloc(bytes.length, 255)];
      for (const other of others) await trial.isForged(`${H}.${P}.${b64(other)}`);
    });

    test('and all is as before', () => trial.isUnharmed());
  });
}

const [hs256, rs256] = copies;

test('J-031 J-032 HS256: no guess of the secret passes', async () => {
  const guesses = ['', '\0', 'secret', 'null', 'undefined', 'your-256-bit-secret', 'latchkey',
    '0'.repeat(32), hs256.key.kid, Buffer.from(hs256.key.kid, 'base64url'), randomBytes(32),
    hs256.key.key.subarray(1), Buffer.concat([hs256.key.key, Buffer.from('\n')]),
    hs256.key.key.toString('hex'), hs256.key.key.toString('base64')];
  for (const guess of guesses) {
    await hs256.trial.isForged(compact({ ...hs256.key.header }, hs256.claims, 'HS256', guess));
  }
});

test('J-034 HS256: HS384 and HS512 by the right secret are refused', async () => {
  for (const alg of ['HS384', 'HS512']) {
    await hs256.trial.isForged(compact({ ...hs256.key.header, alg }, hs256.claims, alg, hs256.key.key));
  }
});

test('HS256: the key of refresh tokens signs no access token', async () => {
  const mac = macKey(hs256.service.state);
  for (const kid of [hs256.key.kid, mac.id]) {
    await hs256.trial.isForged(compact({ ...hs256.key.header, kid }, hs256.claims, 'HS256', mac.bytes));
  }
});

test('J-034 J-035 RS256: RS384, RS512 and PSS by the right key are refused', async () => {
  for (const alg of ['RS384', 'RS512', 'PS256', 'PS384', 'PS512']) {
    await rs256.trial.isForged(compact({ ...rs256.key.header, alg }, rs256.claims, alg, rs256.key.key));
    await rs256.trial.isForged(compact({ ...rs256.key.header }, rs256.claims, alg, rs256.key.key));
  }
});

test('J-020 J-022 RS256: HMAC by the public key, in every form, is refused', async () => {
  const { pem, jwk, header } = rs256.key;
  for (const secret of [pem, pem.trimEnd(), pem.replaceAll('\n', '\r\n'), JSON.stringify(jwk), jwk.n,
    Buffer.from(jwk.n, 'base64url')]) {
    await rs256.trial.isForged(compact({ ...header, alg: 'HS256' }, rs256.claims, 'HS256', secret));
    await rs256.trial.isForged(compact({ ...header }, rs256.claims, 'HS256', secret));
  }
});

test('J-103 RS256: a signature plus the modulus is refused', async () => {
  const [H, P, S] = rs256.accessToken.split('.');
  const n = BigInt(`0x${Buffer.from(rs256.key.jwk.n, 'base64url').toString('hex')}`);
  const sum = BigInt(`0x${Buffer.from(S, 'base64url').toString('hex')}`) + n;
  const hex = sum.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + hex.length % 2, '0'), 'hex');
  await rs256.trial.isForged(`${H}.${P}.${b64(bytes)}`);
});
