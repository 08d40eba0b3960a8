// A connection to a copy's database that stays open, for transactions and
// locks that outlast a statement.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { cleanEnvironment } from './service.mjs';

const marker = '--- answered ---';

export function openConnection({ state }) {
  const password = readFileSync(join(state, 'db-admin-password'), 'utf8').trim();
  const client = spawn('mariadb', [
    '--no-defaults', '--batch', '--raw', '--skip-column-names', '--unbuffered',
    `--socket=${state}/run/mariadb.sock`, '--user=latchkey_admin', 'latchkey',
  ], { env: cleanEnvironment({ MYSQL_PWD: password }) });
  const ended = new Promise((done) => { client.on('close', done); });
  // A test that fails in the middle leaves nothing behind that could wait.
  after(() => client.kill());
  let received = '';
  let complaint = '';
  let answered = () => {};
  client.stdout.setEncoding('utf8').on('data', (text) => {
    received += text;
    if (received.endsWith(`${marker}\n`)) answered();
  });
  client.stderr.setEncoding('utf8').on('data', (text) => { complaint += text; });

  return {
    // Rows as arrays of texts, as service.sql gives them.
    async run(statement) {
      received = '';
      const answer = new Promise((done) => { answered = done; });
      client.stdin.write(`${statement};\nSELECT '${marker}';\n`);
      await Promise.race([answer, ended]);
      assert.equal(complaint, '');
      return received.split('\n').slice(0, -2).map((line) => line.split('\t'));
    },
    async close() {
      client.stdin.end();
      await ended;
    },
  };
}
