// What one would write with fastify and MariaDB: login, rotating refresh, an
// address for whoever has a token.  It is here to be measured beside Latchkey and
// does less: no revocation, grace, reuse detection, audit trail, limit or log.
//
// usage: node server.mjs PORT PROCESSES SOCKET PASSWORD-FILE KEY-FILE
import argon2 from 'argon2';
import cluster from 'node:cluster';
import { createHash, createPublicKey, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fastify from 'fastify';
import { createSigner, createVerifier } from 'fast-jwt';
import mariadb from 'mariadb';

const [port, processes, socketPath, passwordFile, keyFile] = process.argv.slice(2);
const accessS = 900;
const refreshMs = 14 * 24 * 3600 * 1000;

function serve() {
  const key = readFileSync(keyFile, 'utf8');
  const iss = `http://127.0.0.1:${port}`;
  const sign = createSigner({ key, algorithm: 'ES256', iss, expiresIn: accessS * 1000 });
  const verify = createVerifier({
    key: createPublicKey(key).export({ type: 'spki', format: 'pem' }),
    algorithms: ['ES256'],
    allowedIss: iss,
  });
  const pool = mariadb.createPool({
    socketPath,
    user: 'latchkey',
    password: readFileSync(passwordFile, 'utf8').trim(),
    database: 'latchkey',
    connectionLimit: 10,
  });
  const app = fastify({ logger: false });

  const digest = (secret) => createHash('sha256').update(secret).digest();
  // As the two of a pair are handed out: the secret itself is nowhere stored.
  const pair = (session, secret, user) => ({
    accessToken: sign({ sub: user.id, sid: session, roles: user.roles.split(' '), jti: randomUUID() }),
    expiresIn: accessS,
    refreshToken: `${session}.${secret}`,
    user: { id: user.id, email: user.email, roles: user.roles.split(' ') },
  });
  const newSecret = () => randomBytes(32).toString('base64url');

  app.post('/api/auth/login', async ({ body }, reply) => {
    const [user] = await pool.execute(
      'SELECT id, email, roles, password_hash FROM peer_user WHERE email = ?', [body.email]);
    if (user === undefined || !await argon2.verify(user.password_hash, body.password)) {
      return reply.code(401).send({ error: 'invalid_credentials' });
    }
    const session = randomUUID();
    const secret = newSecret();
    await pool.execute('INSERT INTO peer_session (id, user_id, hash, expires_ms) VALUES (?, ?, ?, ?)',
      [session, user.id, digest(secret), Date.now() + refreshMs]);
    return pair(session, secret, user);
  });

  app.post('/api/auth/refresh', async ({ body }, reply) => {
    const [session, secret] = body.refreshToken.split('.');
    const next = newSecret();
    const now = Date.now();
    const { affectedRows } = await pool.execute('UPDATE peer_session SET hash = ?, expires_ms = ?' +
      ' WHERE id = ? AND hash = ? AND expires_ms > ?',
    [digest(next), now + refreshMs, session, digest(secret), now]);
    if (affectedRows !== 1) return reply.code(401).send({ error: 'invalid_token' });
    const [user] = await pool.execute('SELECT u.id, u.email, u.roles FROM peer_session s' +
      ' JOIN peer_user u ON u.id = s.user_id WHERE s.id = ?', [session]);
    return pair(session, next, user);
  });

  app.get('/api/weather', async ({ headers }, reply) => {
    try {
      const { sub } = verify(headers.authorization.slice('Bearer '.length));
      return { city: 'Springfield', temperature: 21, for: sub };
    } catch {
      return reply.code(401).send({ error: 'invalid_token' });
    }
  });

  return app.listen({ port: Number(port), host: '127.0.0.1' });
}

if (cluster.isPrimary) {
  for (let i = 0; i < Number(processes); i++) cluster.fork();
} else {
  await serve();
}
