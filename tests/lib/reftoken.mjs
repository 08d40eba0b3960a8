// Refresh tokens taken apart and made, as src/auth/reftoken.c lays them out.
import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const prefix = 'lkr_';
const purpose = 'latchkey refresh token\n';

// Where each part begins, and where the next one does.
export const layout = {
  version: [0, 1],
  'MAC key': [1, 5],
  session: [5, 21],
  generation: [21, 29],
  secret: [29, 61],
  MAC: [61, 93],
};

export const decode = (token) => Buffer.from(token.slice(prefix.length), 'base64url');
export const encode = (bytes) => prefix + bytes.toString('base64url');

// The deployment's own key: { id, bytes }.
export function macKey(state) {
  const dir = join(state, 'keys');
  const name = readdirSync(dir).find((file) => /^refresh-[0-9a-f]{8}\.hmac$/.test(file));
  return { id: name.slice(8, 16), bytes: readFileSync(join(dir, name)) };
}

// The token changed by a function of its bytes, under a MAC that is right.
export function forge(token, change, { bytes: key }) {
  const bytes = decode(token);
  change(bytes);
  const body = bytes.subarray(0, layout.MAC[0]);
  createHmac('sha256', key).update(purpose).update(body).digest().copy(bytes, layout.MAC[0]);
  return encode(bytes);
}
