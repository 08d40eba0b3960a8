/* Both tokens, taken apart. */

function bytesOf(part) {
  const binary = atob(part.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}

const jsonOf = (part) => JSON.parse(new TextDecoder().decode(bytesOf(part)));

/* { header, payload, signature (bytes), signed (bytes), parts }. */
export function parseAccessToken(token) {
  const parts = token.split('.');
  return {
    parts,
    header: jsonOf(parts[0]),
    payload: jsonOf(parts[1]),
    signature: bytesOf(parts[2]),
    signed: new TextEncoder().encode(`${parts[0]}.${parts[1]}`),
  };
}

export function encodePart(value) {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

const PREFIX = 'lkr_';
/* "Refresh tokens" in docs/DESIGN.md: name and bytes of each field. */
const FIELDS = [['version', 1], ['key', 4], ['session', 16], ['generation', 8], ['secret', 32], ['seal', 32]];

const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const asNumber = (bytes) => Number(bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n));
const asUuid = (bytes) => hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
const READERS = { version: asNumber, generation: asNumber, session: asUuid };

/* { version, key, session, generation, secret, seal }, or null if it is another form. */
export function parseRefreshToken(token) {
  if (!token?.startsWith(PREFIX)) return null;
  const bytes = bytesOf(token.slice(PREFIX.length));
  const found = {};
  let at = 0;
  for (const [name, size] of FIELDS) {
    found[name] = (READERS[name] ?? hex)([...bytes.slice(at, at + size)]);
    at += size;
  }
  return found.version === 1 && at === bytes.length ? found : null;
}

/*
 * Where a field ends among the letters, as nearly as four letters for three
 * bytes allow: [name, letters] for each.
 */
export function lettersOf(token) {
  let bytes = 0;
  let from = PREFIX.length;
  return [['prefix', PREFIX], ...FIELDS.map(([name, size]) => {
    bytes += size;
    const to = PREFIX.length + Math.ceil(bytes * 4 / 3);
    const letters = token.slice(from, to);
    from = to;
    return [name, letters];
  })];
}

/* What differs between two records: { changed: [[name, before, after]], same: [name] }. */
export function differences(before, after) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const isSame = (name) => JSON.stringify(before[name]) === JSON.stringify(after[name]);
  return {
    changed: names.filter((name) => !isSame(name)).map((name) => [name, before[name], after[name]]),
    same: names.filter(isSame),
  };
}
