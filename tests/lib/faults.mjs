// Processes that die, or wait, at a named place of the code: only builds with
// FAULTS=1 have such places (src/base/fault.h).
import { chownSync, existsSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { isFrozen, until } from './wait.mjs';

const patienceMs = 20_000;

// One plain request: { status, body }; status 0 where the connection broke.
// Answers that lighttpd makes of its own have no body.
function ask(service, path, json) {
  return new Promise((resolve) => {
    const body = JSON.stringify(json);
    const outgoing = request({
      host: '127.0.0.1',
      port: service.port,
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      agent: false,
    }, (incoming) => {
      let text = '';
      incoming.on('data', (part) => { text += part; });
      incoming.on('error', () => resolve({ status: 0 }));
      incoming.on('end', () => {
        const isOurs = 'x-request-id' in incoming.headers;
        resolve({ status: incoming.statusCode, body: isOurs ? JSON.parse(text || 'null') : undefined });
      });
    });
    outgoing.setTimeout(patienceMs, () => outgoing.destroy(new Error('silence')));
    outgoing.on('error', () => resolve({ status: 0 }));
    outgoing.end(body);
  });
}

export function faults(service) {
  const place = (kind, name) => join(service.state, 'run', `${kind}-${name}`);

  function arm(kind, name) {
    const file = place(kind, name);
    writeFileSync(file, '');
    chownSync(file, service.owner.uid, service.owner.gid);
    return () => !existsSync(file);
  }

  return {
    ask: (path, json) => ask(service, path, json),

    // The next process that comes there is killed.  Returns whether one was.
    killAt: (name) => arm('fault', name),

    // The next process that comes there stops: resolves once it does, with
    // the function that lets it go on.
    async pauseAt(name, endpoint) {
      const hasStopped = arm('pause', name);
      return until(`${endpoint} stops at ${name}`, () => {
        if (!hasStopped()) return undefined;
        const pid = service.pids()[endpoint];
        return isFrozen(pid) && (() => process.kill(pid, 'SIGCONT'));
      });
    },

    // Ask until an endpoint itself answers, and not with 503: lighttpd says
    // 500 and 503 for one that has just died, and so do we without a database.
    async insist(path, json) {
      return until(`${path} answers`, async () => {
        const answer = await ask(service, path, json);
        return answer.body !== undefined && answer.status !== 503 && answer;
      });
    },

    async killDatabase() {
      const pid = service.databasePid();
      process.kill(pid, 'SIGKILL');
      await until('the database is gone', () => !existsSync(`/proc/${pid}`));
    },
  };
}
