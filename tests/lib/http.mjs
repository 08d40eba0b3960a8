// The client of the tests: JSON in, JSON out, every answer checked.
import { Agent, request } from 'node:http';
import { checkAnswer } from './oracle.mjs';

const patienceMs = 30_000;
// Less than lighttpd's, or a request could meet a connection that it just closed.
const restMs = 5000;
const secretMembers = ['password', 'confirmPassword', 'refreshToken', 'accessToken'];
// Shorter ones may stand in a log by chance.
const shortestSecret = 12;

// Remember what no log may ever hold.
function keepSecrets(service, value) {
  for (const name of secretMembers) {
    const secret = value?.[name];
    if (typeof secret === 'string' && secret.trim().length >= shortestSecret) {
      service.secrets.add(secret);
    }
  }
}

// Tokens in cookies are as secret as those in bodies.
function keepCookies(service, cookies = []) {
  for (const cookie of cookies) {
    const [, value] = /=([^;]*)/.exec(cookie);
    if (value.length >= shortestSecret) service.secrets.add(value);
  }
}

function send(service, agent, method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: service.port, agent, method, path, headers };
    const outgoing = request(options, (incoming) => {
      const chunks = [];
      incoming.on('data', (chunk) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => resolve({
        path,
        status: incoming.statusCode,
        headers: incoming.headers,
        lines: incoming.rawHeaders.filter((_, i) => i % 2 === 0),
        text: Buffer.concat(chunks).toString('utf8'),
      }));
    });
    outgoing.setTimeout(patienceMs, () => outgoing.destroy(new Error(`${method} ${path}: silence`)));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function parsed(answer) {
  if (!/json$/.test(answer.headers['content-type'] ?? '') || answer.text === '') return undefined;
  return JSON.parse(answer.text);
}

// RFC 6749, 2.3.1: id and secret of a program, each form-encoded.
const basicOf = (client) => `Basic ${Buffer.from(client.map(encodeURIComponent).join(':'))
  .toString('base64')}`;

// Options: token (bearer) or client ([id, secret]); json, form (pairs), or
// body (with the header content-type); headers; and by: 'server' where no
// endpoint is expected to answer.
export function connect(service) {
  const agent = new Agent({ keepAlive: true, timeout: restMs });
  service.agents.add(agent);

  async function call(method, path, { token, client, json, form, body, headers = {}, by } = {}) {
    const all = { ...headers };
    if (client !== undefined) all.authorization = basicOf(client);
    if (token !== undefined) all.authorization = `Bearer ${token}`;
    if (json !== undefined) {
      body = JSON.stringify(json);
      all['content-type'] ??= 'application/json';
    }
    if (form !== undefined) {
      body = new URLSearchParams(form).toString();
      all['content-type'] ??= 'application/x-www-form-urlencoded';
    }
    if (body !== undefined || method !== 'GET' && method !== 'HEAD') {
      all['content-length'] = Buffer.byteLength(body ?? '');
    }
    keepSecrets(service, json);
    const answer = await send(service, agent, method, path, all, body);
    answer.body = parsed(answer);
    keepSecrets(service, answer.body);
    keepCookies(service, answer.headers['set-cookie']);
    if (by === undefined) {
      const hasCredentials = /^bearer\b|,/i.test(all.authorization ?? '');
      checkAnswer(answer, { hasCredentials, isHead: method === 'HEAD', accept: headers.accept });
    }
    return answer;
  }

  return {
    call,
    get: (path, options) => call('GET', path, options),
    post: (path, json, options) => call('POST', path, { json, ...options }),
  };
}
