// Requests as plain bytes, for those that no HTTP client would send.
import net from 'node:net';

const patienceMs = 20_000;

// Send the bytes, end our side, and return all that comes back, as latin1, and
// how it ended.
function send(service, bytes) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port: service.port });
    let received = '';
    socket.setEncoding('latin1');
    socket.setTimeout(patienceMs, () => socket.destroy(new Error('no answer')));
    socket.on('data', (text) => { received += text; });
    socket.on('error', (error) => {
      // The server may close before it has read all: what it said counts.
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') resolve({ received, ended: error.code });
      else reject(error);
    });
    socket.on('close', () => resolve({ received, ended: 'closed' }));
    socket.end(bytes);
  });
}

function parse({ received, ended }) {
  const [head, ...rest] = received.split('\r\n\r\n');
  const [statusLine, ...lines] = head.split('\r\n');
  const headers = {};
  for (const line of lines) {
    const at = line.indexOf(':');
    headers[line.slice(0, at).toLowerCase()] = line.slice(at + 1).trim();
  }
  return {
    // 0: the connection was closed without a word.
    status: received === '' ? 0 : Number(statusLine.split(' ')[1]),
    headers,
    lines,
    ended,
    text: rest.join('\r\n\r\n'),
  };
}

// The head's lines without their ends; body as a string of bytes or a Buffer.
export async function exchange(service, lines, body = '') {
  const head = Buffer.from([...lines, 'Connection: close', '', ''].join('\r\n'), 'latin1');
  return parse(await send(service, Buffer.concat([head, Buffer.from(body, 'latin1')])));
}
