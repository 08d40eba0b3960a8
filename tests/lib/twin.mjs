// A second host: another copy of the service with a STATE of its own, which
// shares database and issuer with the first and has a copy of its keys.
import { chmodSync, chownSync, cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startService } from './service.mjs';

function copyKeys({ state, owner: { uid, gid } }) {
  const copy = join(state, 'keys-of-the-twin');
  cpSync(join(state, 'keys'), copy, { recursive: true });
  chmodSync(copy, 0o700);
  for (const name of ['', ...readdirSync(copy)]) chownSync(join(copy, name), uid, gid);
  return copy;
}

export const startTwin = (first, env = {}) => startService({ env: {
  LATCHKEY_HTTP_PUBLIC_URL: first.base,
  LATCHKEY_KEYS_DIR: copyKeys(first),
  LATCHKEY_DB_SOCKET: join(first.state, 'run/mariadb.sock'),
  LATCHKEY_DB_PASSWORD_FILE: join(first.state, 'db-password'),
  LATCHKEY_DB_ADMIN_USER: 'latchkey_admin',
  LATCHKEY_DB_ADMIN_PASSWORD_FILE: join(first.state, 'db-admin-password'),
  ...env,
} });
