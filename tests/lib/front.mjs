// Another web server in front of the same endpoints: FRONT=nginx, apache,
// lighttpd-cgi or apache-cgi.  It serves on a port of its own by the recipe in
// deploy/, whose files are used as they are: only the values at the top of a
// site's file, which are there to be set, are.  lighttpd stays behind it as
// the one that starts the endpoints.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync, closeSync, cpSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, symlinkSync,
  writeFileSync,
} from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { until } from './wait.mjs';

export const front = process.env.FRONT ?? 'lighttpd';
export const isCgi = front.endsWith('-cgi');

// What differs between the servers, where they answer by themselves.
const likeLighttpd = {
  // The Server header.
  server: 'latchkey',
  // The status of a head that is too large.
  headTooLarge: 431,
  // Whether the endpoint sees TRACE, and can say what is allowed instead.
  passesTrace: true,
  // A tab at the end of a header's value: cut off, or part of the value.
  trimsTabs: true,
  // A line feed alone ends a header's line, and a carriage return too many is
  // no matter.
  endsLinesLoosely: false,
  // A line without a colon among the headers is passed over.
  skipsLinesWithoutColon: false,
  // Of two Content-Types the first counts.
  takesFirstType: false,
  // Two spaces in a request line, HTTP/9.9 or http:// are taken for one,
  // HTTP/1.1 and a slash.
  mendsRequestLines: false,
  // It looks for a file of an endpoint's path, and refuses what is no file name.
  looksForFiles: false,
  // The program is told the length of a body in chunks.
  countsChunks: true,
  // The gate's answer to what is no request at all.
  gateRefusal: 401,
  // What becomes of its 503.
  gateUnavailable: 503,
  // A browser without a token is led by a redirect, or is given the page that
  // renews in the place of the one it asked for.
  detoursInPlace: false,
  // A slow body holds a connection, and never a thread of an endpoint.
  waitsForBodies: true,
};
const likeApache = { ...likeLighttpd, server: 'Apache', headTooLarge: 400, passesTrace: false,
  mendsRequestLines: true, looksForFiles: true };
export const behaviour = {
  lighttpd: likeLighttpd,
  'lighttpd-cgi': likeLighttpd,
  nginx: { ...likeLighttpd, server: 'nginx', headTooLarge: 400, passesTrace: false, trimsTabs: false,
    endsLinesLoosely: true, skipsLinesWithoutColon: true, takesFirstType: true,
    mendsRequestLines: true, gateRefusal: 500, gateUnavailable: 500,
    detoursInPlace: true },
  apache: { ...likeApache, waitsForBodies: false },
  'apache-cgi': { ...likeApache, countsChunks: false },
}[front];

// Replace what a recipe gives as an example.
export function setIn(file, values) {
  let text = readFileSync(file, 'utf8');
  for (const [example, value] of Object.entries(values)) {
    assert.ok(text.includes(example), `${file} has ${example}`);
    text = text.replaceAll(example, value);
  }
  writeFileSync(file, text);
}

// Recipes name the socket without lighttpd's number.
function linkSockets(state, dir) {
  mkdirSync(dir, { recursive: true });
  for (const program of readdirSync(join(state, 'app/cgi-bin'))) {
    const name = program.replace(/\.fcgi$/, '.sock');
    symlinkSync(join(state, 'run', `${name}-0`), join(dir, name));
  }
}

function nginx({ dir, state, port }) {
  for (const name of ['body', 'fastcgi', 'proxy', 'uwsgi', 'scgi']) mkdirSync(join(dir, name));
  setIn(join(dir, 'latchkey/site.conf'), {
    '/run/latchkey': `${dir}/sockets`,
    '/usr/share/latchkey/www': `${state}/app/www`,
    '127.0.0.1:8080': `127.0.0.1:${port}`,
  });
  writeFileSync(join(dir, 'nginx.conf'), `
daemon off;
pid ${dir}/nginx.pid;
error_log ${state}/log/nginx.log;
events { worker_connections 2048; }
http {
${['client_body', 'fastcgi', 'proxy', 'uwsgi', 'scgi'].map((name) =>
    `\t${name}_temp_path ${dir}/${name.replace('client_', '')};`).join('\n')}
\tinclude latchkey/site.conf;
}
`);
  return ['nginx', '-e', `${state}/log/nginx.log`, '-c', `${dir}/nginx.conf`];
}

const apacheModules = ['mpm_event', 'alias', 'authn_core', 'authnz_fcgi', 'authz_core', 'authz_user', 'dir',
  'env', 'headers', 'mime', 'remoteip', 'reqtimeout', 'setenvif'];
export const loadModules = (...more) => [...apacheModules, ...more]
  .map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n');

function apache({ dir, state, port, gatePort, site }) {
  setIn(join(dir, 'latchkey', site), {
    '/etc/apache2/latchkey': `${dir}/latchkey`,
    '/usr/share/latchkey/www': `${state}/app/www`,
    '127.0.0.1:8080': `127.0.0.1:${port}`,
    '127.0.0.1:9010': `127.0.0.1:${gatePort}`,
    ...front === 'apache' ? { '/run/latchkey': `${dir}/sockets` } : {
      '/usr/lib/latchkey/cgi-bin': `${state}/app/cgi-bin`, '/var/lib/latchkey': state,
    },
  });
  writeFileSync(join(dir, 'httpd.conf'), `
ServerRoot ${dir}
ServerName 127.0.0.1
ServerTokens Prod
DefaultRuntimeDir ${dir}
PidFile ${dir}/httpd.pid
ErrorLog ${state}/log/apache.log
TypesConfig /dev/null
# Threads for every connection of a flood, from the start: while it has too few
# Apache ends connections that rest, in the face of the next request on one.
StartServers 14
MaxSpareThreads 400
${isCgi ? `${loadModules('cgid')}\nScriptSock ${dir}/cgid.sock`
    : loadModules('proxy', 'proxy_fcgi')}
Include latchkey/${site}
`);
  return ['apache2', '-D', 'FOREGROUND', '-f', `${dir}/httpd.conf`];
}

function lighttpdCgi({ dir, state, port }) {
  // As the supervisor wrote it, but for what differs.
  const text = readFileSync(join(state, 'run/lighttpd.conf'), 'utf8');
  writeFileSync(join(dir, 'lighttpd.conf'), text
    .replace(/^var\.port = .*$/m, `var.port = ${port}`)
    .replace('var.routes = "lighttpd"', 'var.routes = "lighttpd-cgi"') +
    `include "${dir}/latchkey/cgi.conf"
server.errorlog := var.log + "/lighttpd-cgi.log"
server.upload-dirs := ( "${dir}" )
`);
  return ['lighttpd', '-D', '-f', `${dir}/lighttpd.conf`];
}

const fronts = {
  nginx: { deploy: 'nginx', routes: 'nginx', prepare: nginx },
  apache: { deploy: 'apache', routes: 'apache', site: 'site.conf', prepare: apache },
  'lighttpd-cgi': { deploy: 'lighttpd', prepare: lighttpdCgi },
  'apache-cgi': { deploy: 'apache', routes: 'apache-cgi', site: 'site-cgi.conf', prepare: apache },
};

// Whether an endpoint answers there.
function isReady(port) {
  return new Promise((answer) => {
    const request = get({ host: '127.0.0.1', port, path: '/healthz', agent: false }, (incoming) => {
      incoming.resume();
      answer(incoming.statusCode === 200);
    });
    request.once('error', () => answer(false));
  });
}

// As the user to whom STATE belongs; it ends with the test that started it.
export function launch({ uid, gid }, log, command) {
  const asOwner = process.getuid() === 0
    ? ['setpriv', '--reuid', uid, '--regid', gid, '--clear-groups', '--no-new-privs', '--'] : [];
  const [program, ...args] = [...asOwner, 'setpriv', '--pdeathsig', 'TERM', '--', ...command];
  const out = openSync(log, 'a', 0o600);
  // Logs are private, whoever makes them.
  const umask = process.umask(0o077);
  try {
    return spawn(program, args.map(String), {
      cwd: '/', stdio: ['ignore', out, out],
      env: { PATH: `${process.env.PATH}:/usr/sbin`, LANG: 'C.UTF-8' },
    });
  } finally {
    process.umask(umask);
    closeSync(out);
  }
}

// Start it.  { root, build, state, port, gatePort } to { dir, stop, restart, kill },
// where dir/latchkey is a copy of the recipe.
export async function startFront({ root, build, state, port, gatePort }) {
  const kind = fronts[front];
  assert.ok(kind, `FRONT=${front} is none of ${Object.keys(fronts)}`);
  const dir = join(state, 'run/front');
  const owner = statSync(state);
  cpSync(join(root, 'deploy', kind.deploy), join(dir, 'latchkey'), { recursive: true });
  if (kind.routes !== undefined) {
    cpSync(join(build, 'routes', `${kind.routes}.conf`), join(dir, 'latchkey/routes.conf'));
  }
  linkSockets(state, join(dir, 'sockets'));
  const command = kind.prepare({ ...kind, dir, state, port, gatePort });
  for (const name of ['.', ...readdirSync(dir)]) chownSync(join(dir, name), owner.uid, owner.gid);
  const log = join(state, 'log/front.log');
  // Apache asks the gate by TCP.
  const gate = kind.deploy === 'apache' ? launch(owner, log, ['env', `STATE=${state}`,
    'spawn-fcgi', '-n', '-a', '127.0.0.1', '-p', gatePort, '--', join(state, 'app/cgi-bin/gate.fcgi'),
  ]) : undefined;
  let child;
  let ended;
  async function start() {
    child = launch(owner, log, command);
    ended = once(child, 'exit');
    await until(`${front} answers`, async () => {
      assert.equal(child.exitCode, null, `${front} ended: ${readFileSync(log, 'utf8')}`);
      return isReady(port);
    });
  }
  async function stop() {
    child.kill('SIGTERM');
    await ended;
  }
  await start();
  return {
    dir,
    gate,
    kill: () => { child.kill('SIGKILL'); gate?.kill('SIGKILL'); },
    stop: async () => {
      await stop();
      if (gate?.exitCode === null && gate.signalCode === null) {
        gate.kill('SIGTERM');
        await once(gate, 'exit');
      }
    },
    restart: async () => { await stop(); await start(); },
  };
}
