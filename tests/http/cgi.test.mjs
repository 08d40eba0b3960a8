// The same executables as plain CGI, and as processes.
import assert from 'node:assert/strict';
import test from 'node:test';
import { cgi } from '../lib/cgi.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { operations } from '../lib/operations.mjs';
import { api, newEmail, newPassword } from '../lib/people.mjs';
import { build, run, useService } from '../lib/service.mjs';

const service = await useService();
const { newcomer, session, me } = api(service);
const call = (...args) => cgi(service, ...args);

const register = (json) => call('register', 'POST', '/api/auth/register', { json });
const login = (json) => call('login', 'POST', '/api/auth/login', { json });
const refresh = (refreshToken) => call('refresh', 'POST', '/api/auth/refresh',
  { json: { refreshToken } });
const loginWith = (options) => call('login', 'POST', '/api/auth/login', options);
const usersMe = (token, env) => call('me', 'GET', '/api/users/me', { token, env });

test('the whole flow, a process each', async () => {
  const person = { email: newEmail(), password: newPassword() };
  const made = await register(person);
  isOk(made, 201);
  const { body: pair } = await login(person);
  service.secrets.add(person.password).add(pair.refreshToken).add(pair.accessToken);
  assert.equal((await usersMe(pair.accessToken)).body.id, made.body.id);
  isOk(await call('weather', 'GET', '/api/weather', { token: pair.accessToken }));
  const { body: fresh } = await refresh(pair.refreshToken);
  assert.equal((await refresh(pair.refreshToken)).body.refreshToken, fresh.refreshToken);
  isOk(await call('logout', 'POST', '/api/auth/logout', { token: fresh.accessToken }), 204);
  isProblem(await usersMe(fresh.accessToken), 'invalid_token');
  isProblem(await refresh(fresh.refreshToken), 'session_ended');
});

test('CGI and FastCGI know the same sessions', async () => {
  const ann = await newcomer();
  isOk(await usersMe(ann.accessToken));
  isOk(await call('logout', 'POST', '/api/auth/logout', { token: ann.accessToken }), 204);
  isProblem(await me(ann.accessToken), 'invalid_token');
  isOk(await me((await session(ann)).accessToken));
});

test('the key set and health answer too', async () => {
  assert.equal((await call('jwks', 'GET', '/.well-known/jwks.json')).body.keys.length, 1);
  isOk(await call('health', 'GET', '/healthz'));
  isOk(await call('health', 'GET', '/readyz'));
});

test('words of a query that come as arguments are no orders', async () => {
  for (const args of [['word'], ['--describe'], ['--routes'], ['a', 'b']]) {
    isOk(await call('health', 'GET', '/healthz', { args, env: { QUERY_STRING: args.join('+') } }));
  }
});

test('errors are the same as through lighttpd', async () => {
  isProblem(await usersMe(), 'authentication_required');
  isProblem(await usersMe('x.y.z'), 'invalid_token');
  isProblem(await login({ email: newEmail(), password: newPassword() }), 'invalid_credentials');
  isProblem(await register({}), 'validation_failed');
  isProblem(await call('login', 'GET', '/api/auth/login'), 'method_not_allowed');
  isProblem(await call('login', 'POST', '/api/auth/login/x', { json: {} }), 'not_found');
  isProblem(await loginWith({ body: '{' }), 'malformed_json');
  isProblem(await loginWith({ body: '{}'.padEnd(65_537) }), 'payload_too_large');
  isProblem(await loginWith({ body: '{}', env: { CONTENT_TYPE: 'text/plain' } }),
    'unsupported_media_type');
});

test('a HEAD has no body', async () => {
  const answer = await call('jwks', 'HEAD', '/.well-known/jwks.json');
  assert.equal(answer.text, '');
  assert.match(answer.headers['content-length'], /^[1-9]/);
});

test('some servers split the path elsewhere', async () => {
  const path = '/api/auth/login';
  for (const [script, info] of [['/api', '/auth/login'], ['', path], [path, null]]) {
    const answer = await call('login', 'POST', script, { json: {}, env: { PATH_INFO: info } });
    isProblem(answer, 'validation_failed');
  }
});

test('H-121 a body cut off does nothing', async () => {
  const email = newEmail();
  const body = JSON.stringify({ email, password: newPassword() });
  const answer = await call('register', 'POST', '/api/auth/register',
    { body, env: { CONTENT_LENGTH: body.length + 10 } });
  isProblem(answer, 'invalid_request');
  assert.deepEqual(await service.sql(`SELECT COUNT(*) FROM user WHERE email = '${email}'`), [['0']]);
});

test('H-118 what follows the body is not read', async () => {
  const answer = await loginWith({ body: '{}{"more":1}', env: { CONTENT_LENGTH: 2 } });
  isProblem(answer, 'validation_failed');
});

test('H-116 a length that is none is no request', async () => {
  for (const length of ['-1', '+2', '2,2', '0x2', '2 ', ' 2', '1e1', '99999999999999999999', 'x']) {
    isProblem(await loginWith({ body: '{}', env: { CONTENT_LENGTH: length } }), 'invalid_request');
  }
  const huge = { CONTENT_LENGTH: '9223372036854775807' };
  isProblem(await loginWith({ body: '{}', env: huge }), 'payload_too_large');
});

test('H-119 chunks that nobody counted are no request, not an absent body', async () => {
  const { accessToken, refreshToken } = await newcomer();
  const answer = await call('logout', 'POST', '/api/auth/logout', { json: { refreshToken },
    env: { CONTENT_LENGTH: null, HTTP_TRANSFER_ENCODING: 'chunked' } });
  isProblem(answer, 'invalid_request');
  isOk(await me(accessToken));
});

test('variables that are missing or odd break nothing', async () => {
  for (const env of [
    { REMOTE_ADDR: null }, { REMOTE_ADDR: '' }, { REMOTE_ADDR: 'x'.repeat(100) },
    { REMOTE_ADDR: '\u0001"' },
    { HTTP_USER_AGENT: 'x'.repeat(70_000) }, { HTTP_USER_AGENT: 'é\r\n' }, { QUERY_STRING: '%00' },
    { PATH_INFO: null }, { REMOTE_ADDR: '::1' }, { HTTP_HOST: 'evil' }, { HTTP_PROXY: 'http://evil' },
  ]) isOk(await call('health', 'GET', '/healthz', { env }));
  isProblem(await call('health', '', '/healthz'), 'method_not_allowed');
  isProblem(await call('health', 'GET', '/healthz', { env: { SCRIPT_NAME: null } }), 'not_found');
  isProblem(await call('health', 'GET', `/${'x'.repeat(100_000)}`), 'not_found');
});

test('a server that can not start says 503, and why, to the log only', async () => {
  const answer = await call('me', 'GET', '/api/users/me', { env: { LATCHKEY_TOKEN_AGL: 'x' } });
  assert.equal(answer.exit, 1);
  assert.equal(answer.status, 503);
  assert.equal(answer.body.code, 'unavailable');
  assert.match(answer.stderr, /LATCHKEY_TOKEN_AGL/);
});

const names = [...new Set(operations.map(({ endpoint }) => endpoint))];
for (const name of names) {
  const program = `${build}/cgi-bin/${name}.fcgi`;

  test(`${name}.fcgi tells its use, and nothing else`, async () => {
    for (const args of [['--help'], ['--version'], ['x'], ['--describe', 'x'], ['']]) {
      const { status, stdout, stderr } = await run(program, args);
      assert.equal(status, 2, args.join());
      assert.equal(stdout, '');
      assert.match(stderr, new RegExp(`^usage: ${name}\\.fcgi [^\n]+\n$`));
    }
  });

  test(`${name}.fcgi tells its routes`, async () => {
    const { stdout } = await run(program, ['--routes']);
    // A path with an id is reached by what stands before it.
    const mine = operations.filter(({ endpoint }) => endpoint === name)
      .map(({ path }) => path.replace(/\/\{.*/, ''));
    assert.deepEqual(stdout.split('\n').slice(0, -1), [...new Set(mine)]);
  });
}
