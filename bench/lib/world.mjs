// The copy of Latchkey that is measured, its people and their tokens.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { decode, signingKey } from '../../tests/lib/jwt.mjs';
import { api } from '../../tests/lib/people.mjs';
import { build, startService } from '../../tests/lib/service.mjs';

const password = 'correct horse battery staple';
const people = 64;

// One hash for all of them, at the configured cost: made once, copied.
async function addPeople(service) {
  const { status, stderr } = await service.ctl(
    ['user', 'add', '--email', 'bench-0@example.org', '--password-stdin'], { input: password });
  if (status !== 0) throw new Error(stderr);
  await service.sql(`
    INSERT INTO user (id, email, email_key, password_hash, created_ms, roles)
    SELECT UNHEX(CONCAT(LPAD(HEX(UNIX_TIMESTAMP() * 1000 + n.seq), 12, '0'), '7',
      RIGHT(HEX(n.seq + 4096), 3), '8', SUBSTR(MD5(RAND()), 1, 15))),
      CONCAT('bench-', n.seq, '@example.org'), CONCAT('bench-', n.seq, '@example.org'),
      u.password_hash, u.created_ms, u.roles
    FROM seq_1_to_${people - 1} n JOIN user u ON u.email_key = 'bench-0@example.org';
    INSERT INTO user_role (user_id, role_name)
    SELECT id, 'USER' FROM user WHERE email_key LIKE 'bench-%'
    ON DUPLICATE KEY UPDATE role_name = role_name`);
}

// Of as many fresh sessions, each another person's, the first refresh.
export const refreshesOf = (open) => (count) => Promise.all(Array.from({ length: count }, async (_, n) => {
  const { refreshToken } = await open(n);
  return `POST /api/auth/refresh - ${JSON.stringify({ refreshToken })}`;
}));

// env: settings beside those of every measurement; built: what is staged.
export async function startWorld(env = {}, built = build) {
  const service = await startService({
    env: { BUILD: built, LATCHKEY_LIMIT_ENABLED: 'no', ...env },
  });
  await addPeople(service);
  const calls = api(service);
  const session = (n) => calls.session({ email: `bench-${n}@example.org`, password });
  const first = await session(0);
  const credentials = (n) => JSON.stringify({ email: `bench-${n}@example.org`, password });
  return {
    service,
    calls,
    session,
    credentials,
    token: first.accessToken,
    userId: first.user.id,
    // Lines for bench/load.c.
    logins: Array.from({ length: people }, (_, n) => `POST /api/auth/login - ${credentials(n)}`),
    socket: join(service.state, 'run/mariadb.sock'),
    passwordFile: join(service.state, 'db-password'),
    refreshes: refreshesOf(session),
    // As many tokens as asked for, each another, by the service's own key.
    tokens(count) {
      const key = signingKey(service.state);
      const { payload } = decode(first.accessToken);
      return Array.from({ length: count }, () => key.sign({ ...payload, jti: randomUUID() }));
    },
    processes: () => [
      Number(readFileSync(join(service.state, 'run/lighttpd.pid'), 'utf8').split(' ')[0]),
      service.databasePid(),
      ...Object.values(service.pids()),
    ],
    log: () => readFileSync(join(service.state, 'log/latchkey.log'), 'utf8'),
    stop: () => service.stop(),
  };
}
