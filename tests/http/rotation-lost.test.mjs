// A proxy between client and service loses the answers of refreshes after the
// service gave them: the retry gets the same successor, and it works.
import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import test, { after } from 'node:test';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { freePort, sqlId, useService } from '../lib/service.mjs';

const service = await useService();
const straight = api(service);

// How the next answers are lost; what the service said in them.
let losses = [];
const lost = [];

const ways = {
  'before its first byte': (socket) => socket.destroy(),
  'after its head': (socket, answer) => {
    socket.end(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${answer.length}\r\n\r\n`);
  },
  'in its middle': (socket, answer) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${answer.length}\r\n\r\n`);
    socket.end(answer.subarray(0, answer.length / 2));
  },
};

function relay(incoming, outgoing) {
  const { method, url: path, headers } = incoming;
  const upstream = request({ host: '127.0.0.1', port: service.port, method, path, headers }, (answer) => {
    const chunks = [];
    answer.on('data', (chunk) => chunks.push(chunk));
    answer.on('end', () => {
      const body = Buffer.concat(chunks);
      const lose = losses.shift();
      if (lose === undefined) {
        outgoing.writeHead(answer.statusCode, answer.rawHeaders);
        outgoing.end(body);
      } else {
        lost.push({ status: answer.statusCode, ...JSON.parse(body) });
        lose(incoming.socket, body);
      }
    });
  });
  incoming.pipe(upstream);
}

const proxy = createServer(relay);
const port = await freePort();
await new Promise((done) => { proxy.listen(port, '127.0.0.1', done); });
after(() => proxy.close().closeAllConnections());
const { refresh, newcomer, weather } = api({ ...service, port });

async function isLost(call, lose) {
  losses = [lose];
  await assert.rejects(call, /ECONNRESET|socket hang up|aborted/);
  const answer = lost.at(-1);
  assert.equal(answer.status, 200);
  return answer;
}

const rowOf = ({ sessionId }) => service.sql('SELECT generation, concurrent_count, ended_ms' +
  ` FROM session WHERE id = ${sqlId(sessionId)}`);

for (const [when, lose] of Object.entries(ways)) {
  test(`an answer lost ${when}: the retry gets the same successor, and it works`, async () => {
    const ann = await newcomer();
    const missed = await isLost(() => refresh(ann.refreshToken), lose);
    const retry = await refresh(ann.refreshToken);
    isOk(retry);
    assert.equal(retry.body.refreshToken, missed.refreshToken);
    assert.equal(retry.body.refreshTokenExpirationTime, missed.refreshTokenExpirationTime);
    assert.deepEqual(await rowOf(ann), [['2', '1', 'NULL']]);
    isOk(await weather(retry.body.accessToken));
    isOk(await weather(missed.accessToken));
    isOk(await refresh(retry.body.refreshToken));
  });
}

test('the retry is lost as well, three times: the fourth brings the same', async () => {
  const ann = await newcomer();
  const missed = [];
  for (let i = 0; i < 4; i++) {
    missed.push(await isLost(() => refresh(ann.refreshToken), ways['before its first byte']));
  }
  const { body } = await refresh(ann.refreshToken);
  assert.deepEqual(new Set(missed.map(({ refreshToken }) => refreshToken)),
    new Set([body.refreshToken]));
  assert.deepEqual(await rowOf(ann), [['2', '4', 'NULL']]);
});

test('a line that loses every second answer strands nobody in fifty refreshes', async () => {
  const ann = await newcomer();
  let token = ann.refreshToken;
  for (let i = 0; i < 50; i++) {
    const kinds = Object.values(ways);
    const missed = await isLost(() => refresh(token), kinds[i % kinds.length]);
    const retry = await refresh(token);
    isOk(retry);
    assert.equal(retry.body.refreshToken, missed.refreshToken);
    token = retry.body.refreshToken;
  }
  assert.deepEqual(await rowOf(ann), [['51', '50', 'NULL']]);
});

test('a thief who listens gains no second line: both have the same successor', async () => {
  const ann = await newcomer();
  const stolen = await isLost(() => refresh(ann.refreshToken), ways['before its first byte']);
  const { body } = await refresh(ann.refreshToken);
  isOk(await straight.refresh(stolen.refreshToken));
  isOk(await refresh(body.refreshToken));
  isProblem(await straight.refresh(ann.refreshToken), 'refresh_token_reused');
});
