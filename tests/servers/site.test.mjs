// What a recipe in deploy/ does beside asking endpoints: files, their headers,
// limits, and whose address counts.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync,
} from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import test from 'node:test';
import { behaviour, front, isCgi, launch } from '../lib/front.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api } from '../lib/people.mjs';
import { exchange } from '../lib/raw.mjs';
import { root, run, sqlId, useService } from '../lib/service.mjs';
import { until } from '../lib/wait.mjs';

const service = await useService();
const { call, get, post, login, newcomer, registered } = api(service);
const www = join(service.state, 'app/www');
const file = (path, options) => get(path, { by: 'server', ...options });

// The same as lighttpd.conf says.
const headers = Object.fromEntries(
  [...readFileSync(join(service.state, 'app/lighttpd.conf'), 'utf8')
    .matchAll(/^\t"([A-Z][\w-]+)" => "(.*)",$/gm)].map(([, name, value]) =>
    [name.toLowerCase(), value]));
headers['cache-control'] = 'no-cache';

test('this is asked of the right server', async () => {
  assert.equal((await file('/')).headers.server, behaviour.server);
  if (front !== 'lighttpd') assert.notEqual(service.environment.PORT, String(service.port));
});

test('the page has the strict headers, and is asked for anew each time', async () => {
  assert.ok(Object.keys(headers).length >= 7, Object.keys(headers).join());
  for (const path of ['/', '/nowhere']) {
    const answer = await file(path);
    assert.equal(answer.status, path === '/' ? 200 : 404);
    for (const [name, value] of Object.entries(headers)) {
      assert.equal(answer.headers[name], value, `${path} ${name}`);
    }
  }
});

test('endpoints choose their own headers', async () => {
  const answer = await get('/healthz');
  isOk(answer);
  for (const name of ['permissions-policy', 'referrer-policy']) {
    assert.equal(answer.headers[name], undefined, name);
  }
});

test('files have their types, in UTF-8 where they are text', async () => {
  const types = {
    html: 'text/html; charset=utf-8', css: 'text/css; charset=utf-8',
    js: 'text/javascript; charset=utf-8', mjs: 'text/javascript; charset=utf-8',
    json: 'application/json', yaml: 'application/yaml', txt: 'text/plain; charset=utf-8',
    svg: 'image/svg+xml', png: 'image/png', woff2: 'font/woff2',
  };
  for (const [extension, type] of Object.entries(types)) {
    writeFileSync(join(www, `of-type.${extension}`), '{}');
    assert.equal((await file(`/of-type.${extension}`)).headers['content-type'], type, extension);
  }
});

test('H-161 what is left behind is not served, although it is there', async () => {
  for (const name of ['page.bak', 'page~', 'page.conf', 'key.pem', 'key.hmac', 'dump.sql', 'x.sock',
    '.hidden', '.page.swp', 'page.orig', '.git/HEAD']) {
    mkdirSync(join(www, '.git'), { recursive: true });
    writeFileSync(join(www, name), 'left behind');
    for (const path of [`/${name}`, `//${name}`, `/./${name}`, `/${name.replace('.', '%2e')}`, `/${name}?x`]) {
      const { status, text } = await exchange(service, [`GET ${path} HTTP/1.1`, 'Host: latchkey']);
      assert.ok([400, 403, 404].includes(status), `${path}: ${status}`);
      assert.doesNotMatch(text, /left behind/);
    }
  }
});

test('H-161 nor is it behind the gate, to somebody with a token', async () => {
  const { accessToken: token } = await newcomer();
  for (const name of ['page.bak', '.hidden', 'key.pem', 'page~']) {
    writeFileSync(join(www, 'private', name), 'left behind');
    for (const options of [{}, { token }]) {
      const { status, text } = await file(`/private/${name}`, options);
      assert.ok([401, 403, 404].includes(status), `${name}: ${status}`);
      assert.doesNotMatch(text, /left behind/);
    }
  }
  assert.equal((await file('/private/', { token })).status, 200);
});

test('H-164 links lead nowhere, directories are not listed', async () => {
  symlinkSync('/etc/passwd', join(www, 'passwd.txt'));
  symlinkSync('/etc', join(www, 'etc'));
  mkdirSync(join(www, 'empty'));
  writeFileSync(join(www, 'empty/page.txt'), 'x');
  isOk(await file('/empty/page.txt'));
  for (const path of ['/passwd.txt', '/etc/passwd', '/empty/']) {
    const { status, text } = await file(path);
    assert.ok([403, 404].includes(status), `${path}: ${status}`);
    assert.doesNotMatch(text, /root:|page\.txt/);
  }
});

test('files are got whole, and nothing else', async () => {
  const { status } = await file('/', { headers: { range: 'bytes=0-1' } });
  assert.equal(status, 200);
  // A POST may be answered as if it were a GET.
  const page = readFileSync(join(www, 'index.html'), 'utf8');
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'PROPFIND', 'MOVE', 'TRACE']) {
    const answer = await exchange(service, [`${method} /index.html HTTP/1.1`, 'Host: latchkey',
      'Content-Length: 4', 'Destination: /other.html', 'X-Canary: echoed'], 'body');
    assert.ok(answer.status === 200 || answer.status >= 400, `${method}: ${answer.status}`);
    assert.doesNotMatch(answer.text, /echoed/);
    assert.equal(readFileSync(join(www, 'index.html'), 'utf8'), page);
  }
});

test('H-124 bodies that never end keep nobody else waiting', async () => {
  const slow = Array.from({ length: 40 }, () => {
    const socket = net.connect({ host: '127.0.0.1', port: service.port });
    socket.on('error', () => {});
    socket.write('POST /api/auth/logout HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n' +
      'Content-Length: 100\r\n\r\n{"refreshToken"');
    return socket;
  });
  let ended = 0;
  for (const socket of slow) socket.on('data', () => { ended++; });
  await Promise.all(slow.map((socket) => new Promise((done) => { socket.on('ready', done); })));
  isProblem(await post('/api/auth/logout', { refreshToken: 'x' }), 'refresh_token_invalid');
  // Elsewhere the others had to be cut off first.
  if (behaviour.waitsForBodies) assert.equal(ended, 0);
  for (const socket of slow) socket.destroy();
});

test('H-202 an answer arrives although nobody has read the body', async () => {
  const body = 'x'.repeat(60_000);
  for (let round = 0; round < 50; round++) {
    isProblem(await call('POST', '/healthz', { body }), 'method_not_allowed');
  }
});

test('an endpoint that is away is an error, and comes back', { skip: isCgi && 'there is none' },
  async () => {
    const { weather: old } = service.pids();
    process.kill(old, 'SIGKILL');
    await until('it answers by itself', async () => {
      const answer = await file('/api/weather');
      assert.ok(answer.status >= 500 || 'x-request-id' in answer.headers, answer.text);
      return 'x-request-id' in answer.headers;
    });
    isProblem(await get('/api/weather'), 'authentication_required');
  });

test('queries are not logged by the web server', async () => {
  for (const path of ['/api/weather', '/nowhere', '/.hidden', '/index.html']) {
    await call('GET', `${path}?access_token=canary-of-a-query`, { by: 'server' });
  }
  assert.doesNotMatch(service.logText(), /canary-of-a-query/);
});

const hasRecipe = ['nginx', 'apache', 'apache-cgi'].includes(front);
test('H-013 behind a proxy the address is what that proxy says, and only then',
  { skip: !hasRecipe && 'there is no such recipe for lighttpd' }, async () => {
    const person = await registered();
    const addressOf = async (forwarded) => {
      const answer = await login(person, { headers: { 'x-forwarded-for': forwarded } });
      isOk(answer);
      return (await service.sql(
        `SELECT created_ip FROM session WHERE id = ${sqlId(answer.body.sessionId)}`))[0][0];
    };
    assert.equal(await addressOf('192.0.2.7'), '127.0.0.1');
    const [name, line] = front === 'nginx'
      ? ['server.conf', 'include latchkey/behind-proxy.conf;']
      : ['host.conf', 'Include ${LATCHKEY_CONF}/behind-proxy.conf'];
    appendFileSync(join(service.front.dir, 'latchkey', name), `${line}\n`);
    await service.front.restart();
    assert.equal(await addressOf('192.0.2.7'), '192.0.2.7');
    // What stands before the last address was said by whoever is there.
    assert.equal(await addressOf('198.51.100.1, 192.0.2.7'), '192.0.2.7');
    assert.equal(await addressOf('2001:db8::7'), '2001:db8::7');
    for (const odd of ['garbage', '127.0.0.1', '']) assert.equal(await addressOf(odd), '127.0.0.1');
  });

// As docs/OPERATIONS.md says where there is no systemd.
const asks = ['nginx', 'apache'].includes(front);
test('endpoints kept by spawn-fcgi and multiwatch serve, and come back', {
  skip: !asks && 'this server starts programs itself' }, async () => {
  const socket = join(service.front.dir, 'sockets/weather.sock');
  rmSync(socket);
  const keeper = launch(service.owner, join(service.state, 'log/spawn.log'), ['env',
    `STATE=${service.state}`, 'LATCHKEY_SERVER_DIE_WITH_PARENT=yes', 'spawn-fcgi', '-n', '-s', socket,
    '-M', '0660', '-b', '1024', '--', '/usr/bin/multiwatch', '--',
    join(service.state, 'app/cgi-bin/weather.fcgi')]);
  const ended = once(keeper, 'exit');
  const answers = () => until('it answers by itself', async () =>
    'x-request-id' in (await file('/api/weather')).headers);
  await answers();
  // spawn-fcgi became multiwatch, which has one child.
  const child = () => readFileSync(`/proc/${keeper.pid}/task/${keeper.pid}/children`, 'utf8').trim();
  const first = child();
  process.kill(Number(first), 'SIGKILL');
  await until('there is another', () => !['', first].includes(child()));
  await answers();
  keeper.kill('SIGTERM');
  await ended;
  assert.ok((await file('/api/weather')).status >= 500);
});

test('the units for systemd are well formed', {
  skip: front !== 'nginx' && 'once is enough' || !existsSync('/usr/bin/systemd-analyze') && 'there is no systemd',
}, async () => {
  const dir = join(service.front.dir, 'units');
  mkdirSync(dir);
  for (const unit of ['latchkey@.socket', 'latchkey@.service', 'latchkey-tcp@.socket',
    'latchkey-tcp@.service']) {
    // Whether the program is there is no matter of the unit's.
    const text = readFileSync(join(root, 'deploy/systemd', unit), 'utf8')
      .replace('/usr/lib/latchkey/cgi-bin/%i.fcgi', '/bin/true');
    writeFileSync(join(dir, unit.replace('@', '@gate')), text);
  }
  const { status, stderr } = await run('systemd-analyze', ['verify',
    join(dir, 'latchkey@gate.socket'), join(dir, 'latchkey-tcp@gate.socket')],
  { env: { ...process.env, SYSTEMD_UNIT_PATH: `${dir}:` } });
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
});
