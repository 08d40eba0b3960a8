// FastCGI as plain bytes (its specification, 3 and 5): what a web server
// sends, and what none would.
import net from 'node:net';
import { join } from 'node:path';

const patienceMs = 20_000;

export const type = { begin: 1, abort: 2, end: 3, params: 4, stdin: 5, stdout: 6, stderr: 7, values: 9 };
export const role = { responder: 1, authorizer: 2, filter: 3 };

export function record(kind, content = '', { id = 1, version = 1, padding = 0, length } = {}) {
  const body = Buffer.from(content, 'latin1');
  const head = Buffer.alloc(8);
  head.writeUInt8(version, 0);
  head.writeUInt8(kind, 1);
  head.writeUInt16BE(id, 2);
  head.writeUInt16BE(length ?? body.length, 4);
  head.writeUInt8(padding, 6);
  return Buffer.concat([head, body, Buffer.alloc(padding)]);
}

export const begin = (asked, { flags = 0, id = 1 } = {}) =>
  record(type.begin, Buffer.from([asked >> 8, asked & 255, flags, 0, 0, 0, 0, 0]), { id });

function lengthOf(size) {
  if (size < 128) return Buffer.from([size]);
  const long = Buffer.alloc(4);
  long.writeUInt32BE((size | 0x80000000) >>> 0);
  return long;
}

export function pair(name, value) {
  const [a, b] = [Buffer.from(name, 'latin1'), Buffer.from(value, 'latin1')];
  return Buffer.concat([lengthOf(a.length), lengthOf(b.length), a, b]);
}

const mostOfRecord = 65_528;

// A stream of records, cut where a record is full, with its empty end.
export function params(variables, { end = true } = {}) {
  const list = Array.isArray(variables) ? variables : Object.entries(variables);
  const all = Buffer.concat(list.map(([name, value]) => pair(name, value)));
  const records = [];
  for (let at = 0; at < all.length; at += mostOfRecord) {
    records.push(record(type.params, all.subarray(at, at + mostOfRecord)));
  }
  if (end) records.push(record(type.params));
  return Buffer.concat(records);
}

const socketOf = ({ state }, name) => join(state, 'run', `${name}.sock-0`);

// Send bytes, by one write as a web server does, and hear all that comes back.
// end: close our side then, as none does while it waits.
export function converse(service, pieces, {
  name = 'gate', address = { path: socketOf(service, name) }, end = false,
} = {}) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ ...address, allowHalfOpen: true });
    const chunks = [];
    const finish = () => { socket.destroy(); resolve(Buffer.concat(chunks)); };
    socket.setTimeout(patienceMs, () => { socket.destroy(); reject(new Error('silence')); });
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', finish);
    // It may close before it has read all: what it said counts.
    socket.on('error', (error) => {
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') finish();
      else reject(error);
    });
    socket.on('connect', () => {
      socket.write(Buffer.concat([pieces].flat()));
      if (end) socket.end();
    });
  });
}

// What was said: the text of its streams, and the end if it came.
export function understand(bytes) {
  const said = { stdout: '', stderr: '', end: null, rest: 0 };
  let at = 0;
  while (at + 8 <= bytes.length) {
    const size = 8 + bytes.readUInt16BE(at + 4) + bytes[at + 6];
    if (at + size > bytes.length) break;
    const content = bytes.subarray(at + 8, at + 8 + bytes.readUInt16BE(at + 4));
    if (bytes[at + 1] === type.stdout) said.stdout += content.toString('latin1');
    if (bytes[at + 1] === type.stderr) said.stderr += content.toString('latin1');
    if (bytes[at + 1] === type.end) said.end = { status: content.readUInt32BE(0), protocol: content[4] };
    at += size;
  }
  said.rest = bytes.length - at;
  return { ...said, ...parse(said.stdout) };
}

function parse(text) {
  const at = text.indexOf('\r\n\r\n');
  const lines = at < 0 ? [] : text.slice(0, at).split('\r\n');
  const headers = {};
  for (const line of lines) {
    const [, name, value] = /^([A-Za-z0-9_-]+): (.*)$/.exec(line) ?? [];
    headers[name.toLowerCase()] = value;
  }
  const body = at < 0 ? '' : text.slice(at + 4);
  const isJson = headers['content-type']?.endsWith('json') && body !== '';
  return {
    // 0: no answer that a web server could read.
    status: Number(/^Status: (\d{3}) /.exec(text)?.[1] ?? 0),
    lines,
    headers,
    text: body,
    body: isJson ? JSON.parse(body) : undefined,
  };
}

// What came to an application, as far as it has come.
export function readRecords(bytes) {
  const streams = { [type.params]: [], [type.stdin]: [] };
  const closed = new Set();
  for (let at = 0; at + 8 <= bytes.length;) {
    const size = bytes.readUInt16BE(at + 4);
    const content = bytes.subarray(at + 8, at + 8 + size);
    const kind = bytes[at + 1];
    if (at + 8 + size > bytes.length) break;
    if (size === 0) closed.add(kind);
    else streams[kind]?.push(content);
    at += 8 + size + bytes[at + 6];
  }
  return {
    isComplete: closed.has(type.params) && closed.has(type.stdin),
    variables: readPairs(Buffer.concat(streams[type.params])),
    body: Buffer.concat(streams[type.stdin]),
  };
}

function readPairs(bytes) {
  const variables = {};
  let at = 0;
  const size = () => {
    const first = bytes[at];
    at += first < 128 ? 1 : 4;
    return first < 128 ? first : bytes.readUInt32BE(at - 4) & 0x7fffffff;
  };
  const text = (length) => bytes.subarray(at, at += length).toString('latin1');
  while (at < bytes.length) {
    const [name, value] = [size(), size()];
    const key = text(name);
    variables[key] = text(value);
  }
  return variables;
}

// What lighttpd sends where it asks for leave.
export const usual = {
  FCGI_ROLE: 'AUTHORIZER',
  GATEWAY_INTERFACE: 'CGI/1.1',
  REQUEST_METHOD: 'GET',
  REQUEST_URI: '/private/',
  QUERY_STRING: '',
  REMOTE_ADDR: '127.0.0.1',
  SERVER_PROTOCOL: 'HTTP/1.1',
  HTTP_HOST: '127.0.0.1',
};

// variables: beside the usual ones; null leaves one out.
export async function authorize(service, variables = {}, options = {}) {
  const all = Object.entries({ ...usual, ...variables }).filter(([, value]) => value !== null);
  const bytes = [begin(role.authorizer), params(all), record(type.stdin)];
  return understand(await converse(service, bytes, options));
}
