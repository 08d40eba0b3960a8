// The same executables as plain CGI: one process a request, as a web server
// without FastCGI would run them.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { behaviour } from './front.mjs';
import { checkAnswer } from './oracle.mjs';

function parse(text) {
  const end = text.indexOf('\r\n\r\n');
  const lines = text.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(lines.map((line) => {
    const at = line.indexOf(': ');
    return [line.slice(0, at).toLowerCase(), line.slice(at + 2)];
  }));
  const body = text.slice(end + 4);
  const isJson = /json$/.test(headers['content-type'] ?? '') && body !== '';
  return {
    status: Number(headers.status?.split(' ')[0]),
    headers,
    lines,
    text: body,
    body: isJson ? JSON.parse(body) : undefined,
  };
}

// env: variables of the request beside the usual ones; null leaves one out.
// args: what a web server makes of a query without "=".
export function cgi(service, name, method, path, { json, body, token, env = {}, args = [] } = {}) {
  const input = json === undefined ? body ?? '' : JSON.stringify(json);
  const variables = {
    STATE: service.state,
    GATEWAY_INTERFACE: 'CGI/1.1',
    REQUEST_METHOD: method,
    SCRIPT_NAME: path,
    PATH_INFO: '',
    QUERY_STRING: '',
    REMOTE_ADDR: '127.0.0.1',
    ...input !== '' && { CONTENT_LENGTH: Buffer.byteLength(input), CONTENT_TYPE: 'application/json' },
    ...token !== undefined && { HTTP_AUTHORIZATION: `Bearer ${token}` },
    ...env,
  };
  for (const key of Object.keys(variables)) if (variables[key] === null) delete variables[key];
  for (const key of ['ASAN_OPTIONS', 'UBSAN_OPTIONS', 'LSAN_OPTIONS']) {
    if (process.env[key] !== undefined) variables[key] = process.env[key];
  }
  const identity = process.getuid() === 0 ? service.owner : {};
  const program = join(service.state, 'app/cgi-bin', `${name}.fcgi`);
  return new Promise((resolve) => {
    const child = execFile(program, args, { env: variables, cwd: service.state, ...identity },
      (error, stdout, stderr) => {
        const answer = { ...parse(stdout), exit: error === null ? 0 : error.code, stderr };
        // The web server adds this one.
        const complete = { path, ...answer, headers: { server: behaviour.server, ...answer.headers } };
        if (answer.exit === 0) {
          checkAnswer(complete, { hasCredentials: token !== undefined, isHead: method === 'HEAD' });
        }
        resolve(answer);
      });
    // An answer may be complete before all was read.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
