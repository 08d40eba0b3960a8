// Fills a database by the server's own means, as fast as it can: people with
// names to be found by, their roles, a session each, and what comes with them.
import { createHash } from 'node:crypto';
import { decode, encode, forge, layout } from '../../tests/lib/reftoken.mjs';

// An id of version 7, of the number's own millisecond since 2020.
const firstMs = 1_577_836_800_000;
const idOf = (n) => `UNHEX(CONCAT(LPAD(HEX(${firstMs} + ${n}), 12, '0'), '7',` +
  ` SUBSTR(MD5(${n}), 1, 3), '8', SUBSTR(MD5(${n}), 4, 15)))`;
const sessionSecret = (n) => `SHA2(CONCAT('latchkey bench ', ${n}), 256)`;

const first = ['anna', 'bela', 'carl', 'dora', 'emil', 'fritz', 'greta', 'hugo', 'ines', 'jan',
  'karin', 'lars', 'maria', 'nils', 'olga', 'paul', 'quentin', 'rosa', 'sven', 'tina'];
const last = ['adler', 'berg', 'claus', 'dietz', 'engel', 'falk', 'graf', 'haas', 'ilg', 'jung',
  'kern', 'lang', 'moser', 'noll', 'ott', 'pfaff', 'quast', 'roth', 'seidl', 'thal', 'uhl',
  'vogt', 'wolf', 'zech'];
const pick = (list, n) => `ELT(1 + ${n} MOD ${list.length}, ${list.map((x) => `'${x}'`).join(', ')})`;
const names = { first: pick(first, 'n.seq'), last: pick(last, 'n.seq DIV 20') };
const email = `CONCAT(${names.first}, '.', ${names.last}, '-', n.seq, '@example.org')`;

const yearMs = 31_536_000_000;

// Statements that add the people from..to, in this order.
const statements = (from, to) => {
  const seq = `seq_${from}_to_${to} n`;
  const id = idOf('n.seq');
  return [
    `INSERT INTO user (id, email, email_key, password_hash, first_name, last_name, created_ms, roles)
      SELECT ${id}, ${email}, ${email}, 'x', ${names.first}, ${names.last}, ${firstMs} + n.seq, 'USER'
      FROM ${seq}`,
    `INSERT INTO user_role (user_id, role_name) SELECT ${id}, 'USER' FROM ${seq}`,
    `INSERT INTO user_search (user_id, text) SELECT ${id},
      CONCAT(${email}, UNHEX('ff'), UNHEX('ff'), ${names.first}, ' ', ${names.last}) FROM ${seq}`,
    ...[email, names.first, names.last, 'n.seq'].map((term) =>
      `INSERT INTO user_term (user_id, term) SELECT ${id}, ${term} FROM ${seq}`),
    `INSERT INTO session (id, user_id, secret_hash, generation, mac_key, created_ms, rotated_ms,
      idle_expires_ms, expires_ms, created_ip, last_ip, user_agent)
      SELECT ${idOf('n.seq + 1')}, ${id}, UNHEX(SHA2(UNHEX(${sessionSecret('n.seq')}), 256)), 1, @mac,
      @now + n.seq MOD 1000, @now, @now + ${yearMs}, @now + ${yearMs} + n.seq MOD 100000,
      '127.0.0.1', '127.0.0.1', 'bench' FROM ${seq}`,
  ];
};

// Rows of the other tables, some for every tenth person.
const others = (from, to) => {
  const seq = `seq_${from}_to_${to}_step_10 n`;
  const id = idOf('n.seq');
  return [
    `INSERT INTO audit (at_ms, event, user_id, session_id, ip, user_agent, request_id)
      SELECT @now + n.seq, ELT(1 + n.seq MOD 3, 'login', 'logout', 'registered'), ${id},
      ${idOf('n.seq + 1')}, '127.0.0.1', 'bench', UUID() FROM ${seq}`,
    `INSERT INTO revocation (subject_id, user_version, created_ms, expires_ms)
      SELECT ${id}, NULL, @now - n.seq * 60000, @now + ${yearMs} + n.seq FROM ${seq}`,
    `INSERT INTO task (id, user_id, title, created_ms, updated_ms)
      SELECT ${idOf('n.seq + 2')}, ${id}, 'something to do', @now, @now FROM ${seq}`,
  ];
};

const batch = 100_000;

// mac: id of the key of the sessions' tokens, in hexadecimal.
export async function fill(service, { from = 1, to, mac = '00000000', more = true, told = () => {} }) {
  const head = `SET @now = CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED), @mac = 0x${mac} + 0,
    unique_checks = 0, foreign_key_checks = 0`;
  for (let at = from; at <= to; at += batch) {
    const end = Math.min(at + batch - 1, to);
    const list = [...statements(at, end), ...more ? others(at, end) : []];
    await service.sql([head, ...list].join(';\n'));
    told(end);
  }
}

// The same in here: the address of a person, and the refresh token of the
// person's session, sealed by the key of the copy.
const md5 = (n) => createHash('md5').update(String(n)).digest('hex');
const uuidOf = (n) => Buffer.from(`${(firstMs + n).toString(16).padStart(12, '0')}7` +
  `${md5(n).slice(0, 3)}8${md5(n).slice(3, 18)}`, 'hex');
const secretOf = (n) => createHash('sha256').update(`latchkey bench ${n}`).digest();
export const emailOf = (n) =>
  `${first[n % first.length]}.${last[Math.floor(n / 20) % last.length]}-${n}@example.org`;

export function sealed(n, generation, key) {
  const bytes = Buffer.alloc(layout.MAC[1]);
  bytes[0] = 1;
  Buffer.from(key.id, 'hex').copy(bytes, layout['MAC key'][0]);
  uuidOf(n + 1).copy(bytes, layout.session[0]);
  bytes.writeBigUInt64BE(BigInt(generation), layout.generation[0]);
  secretOf(n).copy(bytes, layout.secret[0]);
  return decode(forge(encode(bytes), () => {}, key));
}
