// MariaDB's own tables take seconds to make and are the same in every copy of
// Latchkey: made once, by a copy of its own, they are copied into the others.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const parts = ['db', 'db-password', 'db-admin-password'];

// Of another server or other settings they might not be the same.
function nameOf(root) {
  const version = execFileSync('mariadbd', ['--no-defaults', '--version']);
  const settings = readFileSync(join(root, 'mariadb.cnf'));
  return createHash('sha256').update(version).update(settings).update(`${process.getuid()}`)
    .digest('hex').slice(0, 16);
}

const copy = (from, to) => execFileSync('cp',
  ['-a', '--sparse=always', ...parts.map((name) => join(from, name)), to]);

// make: starts a copy and stops it with its database emptied; returns its STATE.
export async function seedDatabase(root, state, make) {
  const seed = join(root, 'build/tests-database', nameOf(root));
  if (!existsSync(seed)) {
    const made = await make();
    const aside = `${seed}.${process.pid}`;
    mkdirSync(aside, { recursive: true, mode: 0o700 });
    copy(made, aside);
    rmSync(made, { recursive: true });
    try {
      renameSync(aside, seed);
    } catch (error) {
      // Another test file was first.
      assert.ok(['ENOTEMPTY', 'EEXIST'].includes(error.code), error);
      rmSync(aside, { recursive: true });
    }
  }
  copy(seed, state);
}
