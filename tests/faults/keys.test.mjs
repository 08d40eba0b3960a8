// A refresh that began before the MAC key was rotated, and looks when another
// process has used the new one.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { faults } from '../lib/faults.mjs';
import { isOk } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { decode, layout } from '../lib/reftoken.mjs';
import { cleanEnvironment, run, useService } from '../lib/service.mjs';

const service = await useService();
const { refresh, newcomer } = api(service);
const { ask, pauseAt } = faults(service);

const keyOf = (token) => decode(token).subarray(...layout['MAC key']).toString('hex');

// The same by a process of its own.
async function refreshByCgi(refreshToken) {
  const input = JSON.stringify({ refreshToken });
  const { stdout } = await run(join(service.state, 'app/cgi-bin/refresh.fcgi'), [], {
    input,
    cwd: service.state,
    env: cleanEnvironment({
      STATE: service.state,
      GATEWAY_INTERFACE: 'CGI/1.1',
      SERVER_PROTOCOL: 'HTTP/1.1',
      REMOTE_ADDR: '127.0.0.1',
      REQUEST_METHOD: 'POST',
      SCRIPT_NAME: '/api/auth/refresh',
      CONTENT_TYPE: 'application/json',
      CONTENT_LENGTH: String(input.length),
    }),
    ...service.owner,
  });
  return JSON.parse(stdout.split('\r\n\r\n')[1]);
}

test('it rebuilds the successor by a key that it had yet to hear of', async () => {
  const ann = await newcomer();
  const stopping = pauseAt('refresh-begun', 'refresh');
  const asking = ask('/api/auth/refresh', { refreshToken: ann.refreshToken });
  const goOn = await stopping;
  const { status, stderr } = await service.ctl(['key', 'rotate', '--refresh', '--now']);
  assert.equal(status, 0, stderr);
  const other = await refreshByCgi(ann.refreshToken);
  assert.notEqual(keyOf(other.refreshToken), keyOf(ann.refreshToken));
  goOn();
  const answer = await asking;
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  assert.equal(answer.body.refreshToken, other.refreshToken);
  isOk(await refresh(other.refreshToken));
});
