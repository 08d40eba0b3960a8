// Cookie headers as attackers and broken clients send them.
import assert from 'node:assert/strict';
import test from 'node:test';
import { accessName, cookieApi, cookieHeader, refreshName } from '../lib/cookies.mjs';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { exchange } from '../lib/raw.mjs';
import { useService } from '../lib/service.mjs';

const service = await useService();
const { by, jarFor, cookieNewcomer, call } = cookieApi(service);
const ann = await cookieNewcomer();
const { pids } = service;
const before = pids();

const me = (cookie) => call('GET', '/api/users/me', { headers: { cookie } });
const refreshBy = (cookie) => call('POST', '/api/auth/refresh',
  { headers: { cookie, 'sec-fetch-site': 'same-origin' } });
const raw = (...lines) => exchange(service,
  ['GET /api/users/me HTTP/1.1', 'Host: latchkey', ...lines]);
const own = `${accessName}=${ann.access}`;

test('H-148 a cookie that comes twice is refused, whichever is the right one', async () => {
  for (const cookie of [`${own}; ${own}`, `${accessName}=x; ${own}`, `${own}; ${accessName}=x`,
    `${own}; a=b; ${accessName}=`, `${accessName}=; ${own}`]) {
    isProblem(await me(cookie), 'invalid_token');
  }
  for (const cookie of [`${refreshName}=x; ${refreshName}=${ann.refresh}`,
    `${cookieHeader(ann)}; ${refreshName}=${ann.refresh}`, `${own}; ${cookieHeader(ann)}`]) {
    isProblem(await refreshBy(cookie), 'invalid_token');
  }
});

test('H-148 two Cookie headers are read as one', async () => {
  const twice = await raw(`Cookie: ${own}`, `Cookie: ${accessName}=x`);
  assert.equal(twice.status, 401);
  const split = await raw('Cookie: a=b', `Cookie: ${own}`);
  assert.ok([200, 400, 401].includes(split.status), String(split.status));
});

test('H-148 names without the prefix, or nearly with it, are somebody else\'s', async () => {
  const names = ['latchkey-access', '__Secure-latchkey-access', '__host-latchkey-access',
    '__Host-Latchkey-access', '__Host-latchkey-acces', '__Host-latchkey-access2', 'at', '__Host-at',
    `x${accessName}`, `"${accessName}"`, `$${accessName}`];
  for (const name of names) {
    isProblem(await me(`${name}=${ann.access}`), 'authentication_required');
    isOk(await me(`${name}=x; ${own}`));
    isOk(await me(`${own}; ${name}=x`));
  }
});

test('H-136 values that are no token are no token', async () => {
  const { access } = ann;
  for (const value of [`"${access}"`, `${access}x`, access.slice(0, -1), 'x', `=${access}`,
    `${access},${access}`, `${access} x`, '%00', '\u00e9']) {
    isProblem(await me(`${accessName}=${value}`), 'invalid_token');
  }
});

test('H-151 an empty one is as good as none', async () => {
  isProblem(await me(`${accessName}=`), 'authentication_required');
  isProblem(await me(`${accessName}`), 'authentication_required');
  isProblem(await me(''), 'authentication_required');
});

test('H-136 what stands around it is skipped', async () => {
  for (const cookie of [`;;; ${own}`, `= ; ${own}`, `=; =x; ${own};`, `a; ${own}`, `a==b; ${own}; ;`,
    `$Version=1; ${own}; $Path=/`, `a="x; y"; ${own}`, `  ${own}  `, `a=b;${own};c=d`, `\t${own}`]) {
    isOk(await me(cookie));
  }
});

test('H-136 a thousand cookies are read once', async () => {
  const many = 'a=b;'.repeat(1000);
  isOk(await me(`${many}${own}`));
  isOk(await me(`${own};${many}`));
  isProblem(await me(many), 'authentication_required');
  isProblem(await me(';'.repeat(6000)), 'authentication_required');
  isProblem(await me(`${accessName}=x;`.repeat(200)), 'invalid_token');
});

test('H-136 a header of 16 kB goes no further than the web server', async () => {
  for (const cookie of ['x'.repeat(16_384), 'a=b;'.repeat(4096)]) {
    const { status } = await call('GET', '/api/users/me', { headers: { cookie }, by: 'server' });
    assert.ok([400, 401, 431].includes(status), String(status));
  }
});

test('H-136 H-131 NUL, folded lines and bytes above 127 crash nobody', async () => {
  for (const line of [`Cookie: ${own}\0`, `Cookie: a=\0; ${own}`, `Cookie: a=b;\r\n ${own}`,
    `Cookie: \x80\xff=\xfe; ${own}`, 'Cookie:', `Cookie : ${own}`]) {
    const { status } = await raw(line);
    assert.ok([200, 400, 401].includes(status), `${line.slice(0, 20)}: ${status}`);
  }
});

test('H-130 nothing of a request comes back in a Set-Cookie', async () => {
  const jar = await jarFor(ann);
  const answer = await by('POST', '/api/auth/logout', { ...jar, access: `${jar.access}; evil=1` });
  isOk(answer, 204);
  for (const line of answer.headers['set-cookie']) assert.doesNotMatch(line, /evil/);
});

test('H-136 after all that the same processes serve the same session', async () => {
  isOk(await me(own));
  isOk(await by('POST', '/api/auth/refresh', ann));
  assert.deepEqual(pids(), before);
});
