// A proxy between the endpoints and MariaDB, which can put an error in the
// place of the last packet of a result.
import { chmodSync, renameSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';

const headSize = 4;
const prepare = 0x16;
const execute = 0x17;
// The last packet of a result: its first byte, and the most it may have.
const end = 0xfe;
const endSize = 9;

// Calls each for every packet of a stream: { sequence, body, bytes }.
function packets(each) {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= headSize && rest.length >= headSize + rest.readUIntLE(0, 3)) {
      const size = headSize + rest.readUIntLE(0, 3);
      const bytes = rest.subarray(0, size);
      each({ sequence: bytes[3], body: bytes.subarray(headSize), bytes });
      rest = rest.subarray(size);
    }
  };
}

function errorPacket(sequence, { code, state }) {
  const body = Buffer.from(`\xff??#${state}made up`, 'latin1');
  body.writeUInt16LE(code, 1);
  const head = Buffer.alloc(headSize);
  head.writeUIntLE(body.length, 0, 3);
  head[3] = sequence;
  return Buffer.concat([head, body]);
}

// Stand between a running service and its database.  fail: the next executions
// of a statement with this text are answered by all their rows, and by an error
// where the server says that it is done.
export async function proxyDatabase(service) {
  const socket = join(service.state, 'run/mariadb.sock');
  const real = join(service.state, 'run/real.sock');
  let failing;

  function relay(client) {
    const server = connect(real);
    const prepared = new Map();
    let preparing;
    let running;
    let ends = 0;

    client.on('data', packets(({ sequence, body }) => {
      if (sequence !== 0) return;
      preparing = body[0] === prepare ? body.toString('latin1', 1) : undefined;
      running = body[0] === execute ? prepared.get(body.readUInt32LE(1)) : undefined;
      ends = 0;
    }));
    server.on('data', packets(({ sequence, body, bytes }) => {
      if (preparing !== undefined && sequence === 1 && body[0] === 0) {
        prepared.set(body.readUInt32LE(1), preparing);
      }
      ends += body[0] === end && body.length < endSize;
      const isDone = ends === 2 && running !== undefined && running.includes(failing?.text);
      client.write(isDone ? errorPacket(sequence, failing) : bytes);
      if (isDone && --failing.times === 0) failing = undefined;
    }));
    client.on('data', (chunk) => server.write(chunk));
    for (const [one, other] of [[client, server], [server, client]]) {
      one.on('error', () => {});
      one.on('close', () => other.destroy());
    }
  }

  renameSync(socket, real);
  const proxy = createServer(relay);
  await new Promise((done) => { proxy.listen(socket, done); });
  chmodSync(socket, 0o777);
  return {
    fail: (text, { code, state, times = 1 }) => { failing = { text, code, state, times }; },
    hasFailed: () => failing === undefined,
    close: () => proxy.close(),
  };
}
