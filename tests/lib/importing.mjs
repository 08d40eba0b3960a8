// Files of users, and the command that takes them in.
import assert from 'node:assert/strict';

// In quotes, as RFC 4180 has it.
const quote = (cell) => `"${String(cell).replaceAll('"', '""')}"`;
export const csv = (names, ...rows) =>
  [names, ...rows].map((cells) => `${cells.map(quote).join(',')}\r\n`).join('');
export const jsonl = (...people) => people.map((person) => `${JSON.stringify(person)}\n`).join('');

// "line N: what is wrong" of each refusal.
export const refusals = (stderr) => stderr.split('\n').slice(0, -1)
  .map((line) => line.replace(/^latchkeyctl: /, ''));

export function importer(service) {
  const importFrom = (form, input, ...options) =>
    service.ctl(['user', 'import', `--${form}`, '-', ...options], { input });

  // One user, and nothing to complain about.
  async function imported(person) {
    const { status, stdout, stderr } = await importFrom('jsonl', jsonl(person));
    assert.deepEqual({ status, stdout, stderr },
      { status: 0, stdout: '1 imported, 0 skipped, 0 refused\n', stderr: '' });
  }

  const storedHash = async (email) => (await service.sql(
    `SELECT password_hash FROM user WHERE email_key = LOWER('${email}')`))[0]?.[0];

  return { importFrom, imported, storedHash };
}
