// Lists and searches of many people, page by page, as an administrator.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '../../tests/lib/http.mjs';
import { startService } from '../../tests/lib/service.mjs';
import { fill } from './fill.mjs';
import { load } from './measure.mjs';

const people = 100_000;
const pageMs = 20;
const turnMs = 2000;
const pages = 40;

// The addresses of the first pages of a list, one after the other.
async function addresses(call, token, query) {
  const list = [];
  let cursor;
  do {
    const path = `/api/users?${query}${cursor === undefined ? '' : `&cursor=${cursor}`}`;
    list.push(`GET ${path} ${token} -`);
    ({ body: { nextCursor: cursor } } = await call('GET', path, { token }));
  } while (cursor && list.length < pages);
  return list;
}

export async function measureUsers() {
  const service = await startService({ env: { LATCHKEY_LIMIT_ENABLED: 'no' } });
  try {
    await fill(service, { to: people, more: false });
    const { call, post } = connect(service);
    const password = readFileSync(join(service.state, 'demo-admin'), 'utf8').trim();
    const { body } = await post('/api/auth/login', { email: 'admin@example.org', password });
    const found = [];
    for (const [name, query] of [
      ['all', 'limit=50'], ['by status', 'limit=50&status=active'], ['by role', 'limit=50&role=USER'],
      ['a first name', 'limit=50&search=greta'], ['an address', 'limit=50&search=anna.adler-2001'],
      ['two words', 'limit=50&search=greta%20wolf'],
    ]) {
      const list = await addresses(call, body.accessToken, query);
      const { p50_us: p50, p99_us: p99 } = await load(service.port, 1, turnMs, list);
      found.push({ name, pages: list.length, p50_us: p50, p99_us: p99, most_ms: pageMs,
        is_reached: p50 <= pageMs * 1000 });
    }
    return { people, pages: found };
  } finally {
    await service.stop();
  }
}
