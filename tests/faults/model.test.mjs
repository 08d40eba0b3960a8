// Rotation in every order of its steps, by tests/model/rotation.c: in two
// halves side by side, each on a copy of its own.
import assert from 'node:assert/strict';
import { accessSync, chownSync, constants, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { build, cleanEnvironment, run, startService } from '../lib/service.mjs';

const program = join(build, 'tests/model/rotation');
const halves = ['1/2', '2/2'];
const boundMs = 280_000;

// What is written here survives nothing, and need not.
function preferMemory() {
  const memory = '/dev/shm';
  try {
    accessSync(memory, constants.W_OK);
    process.env.TMPDIR = memory;
  } catch {
    // Then on the disk.
  }
}

async function play(half) {
  const service = await startService({ env: { LATCHKEY_TOKEN_ALG: 'HS256' } });
  const { state, owner } = service;
  try {
    // Whoever owns STATE may be unable to reach the checkout.
    const copy = join(state, 'app/rotation');
    copyFileSync(program, copy);
    chownSync(copy, owner.uid, owner.gid);
    return await run(copy, ['admin@example.org', half],
      { env: cleanEnvironment({ STATE: state }), cwd: state, timeout: boundMs, ...owner });
  } finally {
    await service.stop();
  }
}

test('four refreshes, a logout, a password change and a crash, in every order', async () => {
  preferMemory();
  for (const { status, stdout, stderr } of await Promise.all(halves.map(play))) {
    assert.equal(status, 0, stdout + stderr);
    console.log(stdout.trimEnd());
  }
});
