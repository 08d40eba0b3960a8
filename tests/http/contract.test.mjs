// What holds for every endpoint there is, by its own description: methods,
// paths and credentials.  A new endpoint is tested here without a new line.
import assert from 'node:assert/strict';
import test from 'node:test';
import { behaviour } from '../lib/front.mjs';
import { isProblem } from '../lib/oracle.mjs';
import { allowed, fill, isDeclared, operations, paths } from '../lib/operations.mjs';
import { api } from '../lib/people.mjs';
import { exchange } from '../lib/raw.mjs';
import { useService } from '../lib/service.mjs';

const service = await useService();
const { call, newcomer, administrator } = api(service);
const { accessToken } = await newcomer();
const { accessToken: adminToken } = await administrator();

// Some body, so that nothing else is at fault.
function plain({ method, body }) {
  if (method === 'GET') return {};
  return body === 'form' ? { form: {} } : { json: {} };
}

// What is sent as it stands; the web server or the endpoint may answer.
const rawly = (method, path, ...lines) => exchange(service,
  [`${method} ${path} HTTP/1.1`, 'Host: latchkey', 'Content-Length: 0', ...lines]);

test('there are endpoints to test', () => {
  const names = new Set(operations.map(({ endpoint }) => endpoint));
  for (const name of ['register', 'login', 'refresh', 'logout', 'me', 'weather', 'jwks', 'health']) {
    assert.ok(names.has(name), name);
  }
});

for (const path of paths) {
  const url = fill(path);
  const allow = allowed(path);
  const others = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']
    .filter((method) => !allow.split(', ').includes(method));

  test(`${path} answers other methods than ${allow} with 405 and Allow`, async () => {
    for (const method of others) {
      const answer = await rawly(method, url);
      assert.equal(answer.status, 405, method);
      if (method === 'TRACE' && !behaviour.passesTrace) continue;
      assert.equal(answer.headers.allow, allow, method);
      if (method === 'HEAD') assert.equal(answer.text, '');
      else assert.equal(JSON.parse(answer.text).code, 'method_not_allowed');
    }
  });

  test(`${path} with a method that is unknown, or in lower case, reaches nothing`, async () => {
    for (const method of ['FOO', 'get', 'post', 'Get', 'HEADS', 'GET\tX']) {
      const { status } = await rawly(method, url);
      assert.ok([400, 405, 501].includes(status), `${method}: ${status}`);
    }
  });

  test(`OPTIONS ${path} of a page elsewhere is no preflight that passes`, async () => {
    const answer = await rawly('OPTIONS', url, 'Origin: https://evil.example',
      'Access-Control-Request-Method: POST');
    assert.equal(answer.status, 405);
    for (const name of Object.keys(answer.headers)) assert.doesNotMatch(name, /^access-control/);
  });

  const longer = ['x', '/', '/x', '/../x', '.', '.json', ';x', '%2f', '%20', '-', '%00x'];
  test(`a path beside ${path} leads nowhere`, async () => {
    for (const other of longer.map((tail) => url + tail)) {
      if (isDeclared(decodeURIComponent(new URL(other, service.base).pathname))) continue;
      const { status } = await rawly(allow.split(',')[0], other);
      assert.ok([400, 404].includes(status), `${other}: ${status}`);
    }
    const { status } = await rawly(allow.split(',')[0], url.toUpperCase());
    // Files are only got.
    assert.ok([403, 404, 405].includes(status), `${url} in upper case: ${status}`);
  });

  test(`H-086 a detour to ${path} is judged like the straight way`, async () => {
    const method = allow.split(',')[0];
    const straight = await rawly(method, url);
    const detours = [`/x/..${url}`, url.replaceAll('/', '//'),
      url.replace(/\/([a-z.])/, (_, c) => `/%${c.charCodeAt(0).toString(16)}`)];
    for (const detour of detours) {
      const { status } = await rawly(method, detour);
      assert.ok([straight.status, 400, 404].includes(status), `${detour}: ${status}`);
    }
  });
}

for (const operation of operations) {
  const { method, path, url, auth, role } = operation;
  const some = plain(operation);

  if (method === 'GET') {
    test(`HEAD ${path} answers as GET, without the body`, async () => {
      for (const token of [undefined, accessToken, adminToken]) {
        const got = await call('GET', url, { token });
        const head = await call('HEAD', url, { token });
        // The same but for what differs from answer to answer.
        const { 'x-request-id': _, date: __, 'content-length': ___, 'keep-alive': ____,
          connection: _____, ...rest } = got.headers;
        assert.equal(head.status, got.status);
        for (const [name, value] of Object.entries(rest)) assert.equal(head.headers[name], value);
        assert.match(head.headers['content-length'], /^[1-9]\d*$/);
      }
    });
  }

  if (auth === 'bearer') {
    test(`${method} ${path} asks for a token`, async () => {
      isProblem(await call(method, url, some), 'authentication_required');
      isProblem(await call(method, url, { ...some, token: 'x.y.z' }), 'invalid_token');
    });
  }

  if (role !== null) {
    test(`${method} ${path} is for the role ${role}`, async () => {
      isProblem(await call(method, url, { ...some, token: accessToken }), 'forbidden');
    });
  }

  if (auth === 'genuine' || auth === 'refresh') {
    test(`${method} ${path} takes no forged token`, async () => {
      for (const token of ['x.y.z', `${accessToken}A`, accessToken.slice(0, -1)]) {
        isProblem(await call(method, url, { ...some, token }), 'invalid_token');
      }
    });
  }

  if (auth === 'client' || auth === 'maybe client') {
    test(`${method} ${path} takes no program but one it knows`, async () => {
      for (const more of [{ client: ['x', 'y'] }, { token: accessToken }, { headers: { authorization: 'Basic' } }]) {
        isProblem(await call(method, url, { ...some, ...more }), 'invalid_client');
      }
      isProblem(await call(method, url, some), auth === 'client' ? 'invalid_client' : 'invalid_request');
    });
  }

  if (auth === 'none') {
    test(`${method} ${path} does not look at credentials`, async () => {
      const without = await call(method, url, some);
      const withBad = await call(method, url, { ...some, token: 'x.y.z' });
      assert.equal(withBad.status, without.status);
    });
  }

  test(`${method} ${path} hears no query, and no cookie of others`, async () => {
    const headers = { cookie: 'a=b; latchkey-access=x; access=y; $Version=1; =; ;;' };
    const without = await call(method, url, some);
    const answer = await call(method, `${url}?a=1&b=..%2f..&${'c='.repeat(500)}`,
      { ...some, headers });
    assert.equal(answer.status, without.status);
  });
}

test('H-193 a header can be none of the variables an endpoint reads', async () => {
  for (const name of ['GATEWAY_INTERFACE', 'REMOTE_ADDR', 'SCRIPT_NAME', 'REQUEST_METHOD', 'STATE',
    'LATCHKEY_TOKEN_ALG', 'CONTENT_LENGTH_']) {
    const { status } = await rawly('GET', '/api/weather', `${name}: x`);
    assert.equal(status, 401, name);
  }
});
