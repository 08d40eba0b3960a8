// Programs that may ask about tokens, made as an administrator makes them.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

// [id, secret], as the client of the tests sends them.
export async function newClient(service, name = `client-${randomBytes(6).toString('hex')}`) {
  const { status, stdout, stderr } = await service.ctl(['client', 'add', name, '--json']);
  assert.equal(status, 0, stderr);
  const { id, secret } = JSON.parse(stdout);
  service.secrets.add(secret);
  return [id, secret];
}
