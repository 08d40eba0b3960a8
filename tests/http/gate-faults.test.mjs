// Whatever fails, the gate's site serves nothing that is guarded to anybody who
// may not have it: tokens that are over, no database, no keys, no memory, no
// gate.
import assert from 'node:assert/strict';
import { chmodSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { begin, converse, params, record, role, type, usual } from '../lib/fcgi.mjs';
import { behaviour } from '../lib/front.mjs';
import { connect } from '../lib/http.mjs';
import { signingKey } from '../lib/jwt.mjs';
import { isOk } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { isSanitized, run } from '../lib/service.mjs';
import { useSite } from '../lib/site.mjs';
import { until } from '../lib/wait.mjs';

const { service, site } = await useSite({ env: {
  LATCHKEY_GATE_LOGIN_URL: '',
  LATCHKEY_REVOCATION_STALENESS_MS: '100',
  LATCHKEY_REVOCATION_MAX_OFFLINE_S: '1',
} });
const { newcomer, logout } = api(service);
const { call } = connect(site);

const { guarded } = site;
const secret = /behind the gate/;
const ann = await newcomer();
const gone = await newcomer();
isOk(await logout(gone.accessToken), 204);
const bad = {
  'no token': undefined,
  'a forged one': `${ann.accessToken.slice(0, -4)}AAAA`,
  'an expired one': signingKey(service.state).expired(ann.accessToken),
  'a refresh token': ann.refreshToken,
  'one of a session that has ended': gone.accessToken,
};

const ask = (path, token, headers = {}) => call('GET', path, { token, headers, by: 'lighttpd' });

function isShut({ status, text }, where) {
  assert.doesNotMatch(text, secret, where);
  assert.ok(status >= 400, `${where}: ${status}`);
}

// Nobody is served by a bad token, with whatever answer; and by the good one
// with this.
async function guards(statuses, rest = guarded.filter((path) => path !== '/admin/')) {
  for (const path of guarded) {
    for (const [name, token] of Object.entries(bad)) isShut(await ask(path, token), `${path} with ${name}`);
  }
  for (const path of rest) {
    const answer = await ask(path, ann.accessToken);
    assert.ok(statuses.includes(answer.status), `${path}: ${answer.status}`);
    assert.equal(secret.test(answer.text), answer.status === 200, path);
  }
}

// lighttpd leaves a socket alone for a second that nobody answered at, by each
// line of its list for itself.
async function serves() {
  for (const path of guarded) {
    await until(`${path} is served again`, async () => (await ask(path, ann.accessToken)).status < 500);
  }
}

let { gate } = site;
async function restart(env) {
  gate.kill('SIGKILL');
  await gate.ended;
  gate = await site.startGate(env);
}

test('the gate works, and no bad token opens anything', async () => {
  await guards([200]);
  for (const [name, token] of Object.entries(bad)) assert.equal((await ask('/members/', token)).status, 401, name);
});

test('H-175 the database is gone: 503 once what is known is too old, also for a gate that starts', async () => {
  await service.dbStop();
  await until('it is too old', async () => (await ask('/members/', ann.accessToken)).status === behaviour.gateUnavailable);
  await guards([behaviour.gateUnavailable]);
  await restart();
  await guards([500, 503]);
  await until('the new one answers', async () => (await ask('/members/', ann.accessToken)).status === behaviour.gateUnavailable);
  await guards([behaviour.gateUnavailable]);
  await service.dbStart();
  await serves();
  await guards([200]);
});

test('H-175 the keys are gone: no gate starts, nothing is served', async () => {
  const keys = join(service.state, 'keys');
  renameSync(keys, `${keys}.away`);
  try {
    await restart();
    await gate.ended;
    await guards([500, 503]);
  } finally {
    renameSync(`${keys}.away`, keys);
  }
  gate = await site.startGate();
  await serves();
  await guards([200]);
});

test('H-176 the gate is gone: nothing is served', async () => {
  gate.kill('SIGKILL');
  await gate.ended;
  await guards([500, 503]);
  gate = await site.startGate();
  await serves();
});

test('H-173 H-208 a gate that is killed again and again lets nobody in', async () => {
  for (let round = 0; round < 10; round++) {
    await serves();
    const asks = Array.from({ length: 24 }, async (_, i) => {
      const path = guarded[i % guarded.length];
      // Each sixth has leave, but not for /admin/.
      const token = i % 6 === 0 ? ann.accessToken : Object.values(bad)[i % 5];
      const answer = await ask(path, token);
      if (i % 6 !== 0 || path === '/admin/') isShut(answer, path);
      else assert.ok(answer.status === 200 || answer.status >= 500, `${path}: ${answer.status}`);
    });
    if (round % 2 === 0) await asks[round];
    const restarted = restart();
    await Promise.all(asks);
    await restarted;
  }
  await serves();
  await guards([200]);
});

const noMemory = isSanitized && 'sanitizers need memory beyond any bound, and report its want as a fault';

test('H-175 without memory nobody is let in who should not be', { skip: noMemory }, async () => {
  const library = join(site.home, 'no-memory.so');
  const { status, stderr } = await run('gcc', ['-D_GNU_SOURCE', '-shared', '-fPIC', '-o', library, 'tests/lib/no-memory.c']);
  assert.equal(status, 0, stderr);
  chmodSync(library, 0o755);
  await restart({ LD_PRELOAD: library });
  await serves();
  const seen = new Set();
  for (let round = 0; round < 5; round++) {
    process.kill(gate.pid, 'SIGWINCH');
    for (let i = 0; i < 20; i++) {
      for (const [name, token] of Object.entries(bad)) isShut(await ask('/members/', token), name);
      const answer = await ask('/members/', ann.accessToken);
      assert.equal(secret.test(answer.text), answer.status === 200);
      seen.add(answer.status);
    }
  }
  assert.ok(seen.has(401) || seen.has(behaviour.gateUnavailable), `memory was never short: ${[...seen]}`);
  await restart();
  await serves();
  await guards([200]);
});

test('H-194 lengths without measure may end the gate, and let nobody in', { skip: noMemory }, async () => {
  for (const [name, value] of [[0x7ffffffe, 0x7ffffffe], [0x7fffff00, 1], [1, 0x7ffffffe], [0x40000000, 0x40000000]]) {
    const lengths = Buffer.alloc(8);
    lengths.writeUInt32BE((name | 0x80000000) >>> 0, 0);
    lengths.writeUInt32BE((value | 0x80000000) >>> 0, 4);
    const bytes = await converse(service, [begin(role.authorizer), record(type.params, lengths)],
      { address: site.gateAddress, end: true });
    assert.equal(bytes.length, 0);
    await restart();
    await serves();
  }
  await guards([200]);
});

test('a gate whose clients hang does not answer, and lets nobody in', async () => {
  const hanging = Array.from({ length: 8 }, () => converse(service,
    [begin(role.authorizer), params(usual, { end: false })], { address: site.gateAddress })
    .catch(() => Buffer.alloc(0)));
  const asks = [undefined, ann.accessToken].map((token) => ask('/members/', token));
  await restart();
  await Promise.all(hanging);
  isShut((await Promise.all(asks))[0], 'no token');
  await serves();
});
