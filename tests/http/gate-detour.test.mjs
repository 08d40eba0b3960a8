// A browser that the gate turns away: where it is sent, and where never.
import assert from 'node:assert/strict';
import test from 'node:test';
import { cookieApi, cookieHeader } from '../lib/cookies.mjs';
import { authorize } from '../lib/fcgi.mjs';
import { behaviour } from '../lib/front.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { useService } from '../lib/service.mjs';

const login = '/gate/login.html';
const service = await useService({ env: { LATCHKEY_GATE_LOGIN_URL: login } });
const { call, get, cookieNewcomer } = cookieApi(service);

const ann = await cookieNewcomer();
const bearer = (token) => ({ HTTP_AUTHORIZATION: `Bearer ${token}` });
const opening = { HTTP_SEC_FETCH_MODE: 'navigate', HTTP_SEC_FETCH_DEST: 'document', HTTP_SEC_FETCH_SITE: 'none' };
const arrival = async (uri, more = opening) => {
  const answer = await authorize(service, { REQUEST_URI: uri, ...more });
  assert.equal(answer.status, 302, uri);
  assert.equal(answer.text, '');
  return answer.headers.location;
};

test('a browser that opens a page is sent to the page that renews, and can come back', async () => {
  for (const uri of ['/', '/private/', '/a', '/a/b.html?x=1&y=%20%26#', '/a?b=//c', '/%C3%A4/~x-y_z.w',
    '/a;b=c,d/@e:f', '/A+B?c+d', '/a?next=https://evil.example/']) {
    const plain = uri.replace('#', '');
    const location = await arrival(plain);
    if (plain === '/%C3%A4/~x-y_z.w') {
      assert.equal(location, '/gate/return.html');
    } else {
      assert.match(location, /^\/gate\/return\.html\?to=[A-Za-z0-9/._~%-]+$/);
      assert.equal(new URL(location, service.base).searchParams.get('to'), plain);
    }
  }
});

test('H-152 no address but a path of this site is carried along', async () => {
  for (const uri of ['//evil', '/\\evil', '\\\\evil', 'https:evil', 'https://evil/', '/%09/evil', '/%5cevil',
    '/%2fevil', '/%2Fevil', 'javascript:alert(1)', 'data:,x', '//good@evil', 'https://good.evil', '///evil',
    '/..//evil', '/../x', '/./x', '/.x', '/a/../b', '/a//b', '/a/%2e%2e/b', '/a/%2E./b', '/a%2fb', '/a%5Cb',
    '/a%0d%0aX:y', '/a%00', '/a%252e', '/a\r\nX: y', '/a\\b', '/a b', '/a"b', '/a<b>', '/\x80', '/@evil',
    '/:80', '/;x', '/?\\', `/${'a'.repeat(10_000)}`, '', 'x', '*']) {
    assert.equal(await arrival(uri), '/gate/return.html', JSON.stringify(uri.slice(0, 30)));
  }
});

test('who takes no page, or shows a token, gets 401', async () => {
  const others = [
    {}, { HTTP_ACCEPT: 'application/json' }, { HTTP_ACCEPT: '*/*' },
    { ...opening, REQUEST_METHOD: 'HEAD' }, { ...opening, REQUEST_METHOD: 'POST' },
    { ...opening, HTTP_SEC_FETCH_MODE: 'cors', HTTP_ACCEPT: 'text/html' },
    { ...opening, HTTP_SEC_FETCH_MODE: 'no-cors' },
    { ...opening, HTTP_SEC_FETCH_DEST: 'iframe' }, { ...opening, HTTP_SEC_FETCH_DEST: 'image' },
    { ...opening, ...bearer('x.y.z') }, { ...opening, ...bearer('') },
  ];
  for (const variables of others) {
    const answer = await authorize(service, variables);
    assert.equal(answer.status, 401, JSON.stringify(variables));
    assert.equal(answer.headers.location, undefined);
  }
  assert.equal(await arrival('/a', { HTTP_ACCEPT: 'text/html,application/xhtml+xml,*/*;q=0.8' }),
    '/gate/return.html?to=/a');
});

test('neither the page that renews nor the login is redirected to itself', async () => {
  for (const uri of ['/gate/return.html', '/gate/return.html?to=/a', login, `${login}?to=/a`]) {
    assert.equal((await authorize(service, { REQUEST_URI: uri, ...opening })).status, 401, uri);
  }
});

test('a bad cookie sends there too, and a role that is missing does not', async () => {
  const gone = { ...opening, HTTP_COOKIE: '__Host-latchkey-access=x' };
  assert.equal(await arrival('/a', gone), '/gate/return.html?to=/a');
  const answer = await authorize(service, { ...opening, HTTP_COOKIE: cookieHeader(ann), GATE_ROLE: 'ADMIN' });
  isProblem(answer, 'forbidden');
});

test('/auth/verify stays 401 and names the login', async () => {
  const answer = await get('/auth/verify', { headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate' } });
  isProblem(answer, 'authentication_required');
  assert.equal(answer.headers['x-auth-login'], login);
  isOk(await get('/auth/verify', { headers: { cookie: cookieHeader(ann) } }));
});

test('a browser is led on, and back to where it was', async () => {
  const open = (accept) => call('GET', '/private/?a=1&b=2', { headers: { accept }, by: 'lighttpd' });
  const answer = await open('text/html');
  if (behaviour.detoursInPlace) {
    assert.equal(answer.status, 401);
    assert.match(answer.text, /gate\/return\.js/);
    assert.equal((await open('application/json')).text.includes('gate/'), false);
    return;
  }
  assert.equal(answer.status, 302);
  assert.equal(answer.headers.location, '/gate/return.html?to=/private/%3Fa%3D1%26b%3D2');
  assert.equal(answer.headers['cache-control'], 'no-store');
});
