// The gate in Chromium: to the login and back, renewed on the way, never to
// another site and never in circles.
import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import { ownPath } from '../../www/gate/own-path.js';
import { newProfile, useBrowser, useStranger, watch } from '../lib/browser.mjs';
import { accessName, refreshName } from '../lib/cookies.mjs';
import { api } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';

const browser = await useBrowser();
const service = await useService({ env: { LATCHKEY_GATE_LOGIN_URL: '/gate/login.html' } });
const stranger = await useStranger();
const { base } = service;
const { registered } = api(service);
const ann = await registered();

const complaints = [];
afterEach(() => { assert.deepEqual(complaints.splice(0), []); });

async function newcomer() {
  const context = await newProfile(browser);
  after(() => context.close());
  const page = await context.newPage();
  watch(page, complaints, base, `http://127.0.0.1:${stranger}`);
  return { context, page };
}

const isIn = (page) => page.getByRole('heading', { name: 'Behind the gate' }).waitFor();
const says = (page, text) => page.getByText(text).waitFor();

async function logIn(page) {
  await page.getByLabel('E-mail or user name').fill(ann.email);
  await page.getByLabel('Password').fill(ann.password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

async function loggedIn() {
  const person = await newcomer();
  await person.page.goto(`${base}/gate/login.html?to=/private/`);
  await logIn(person.page);
  await isIn(person.page);
  return person;
}

async function cookieNames(context) {
  const cookies = await context.cookies();
  for (const { value } of cookies) service.secrets.add(value);
  return Object.fromEntries(cookies.map(({ name, value }) => [name, value]));
}

// Documents that the page asked for from now on.
function documents(page) {
  const asked = [];
  page.on('request', (request) => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) asked.push(request.url());
  });
  return asked;
}

test('who opens a page logs in and is there', async () => {
  const { page, context } = await newcomer();
  await page.goto(`${base}/private/?a=1&b=%26#part`);
  await page.waitForURL('**/gate/login.html?to=*');
  await logIn(page);
  await isIn(page);
  assert.equal(page.url(), `${base}/private/?a=1&b=%26#part`);
  assert.deepEqual(Object.keys(await cookieNames(context)).sort(), [accessName, refreshName]);
});

test('the page to try leads there, and back', async () => {
  const { page } = await newcomer();
  await page.goto(base);
  await page.getByRole('link', { name: 'Behind the gate' }).click();
  await page.waitForURL('**/gate/login.html?to=*');
  await logIn(page);
  await isIn(page);
  await page.getByRole('link', { name: 'To the page to try' }).click();
  await page.getByRole('heading', { name: 'A login, step by step' }).waitFor();
});

test('a wrong password stays at the login and says so', async () => {
  const { page } = await newcomer();
  await page.goto(`${base}/gate/login.html?to=/private/`);
  await page.getByLabel('E-mail or user name').fill(ann.email);
  await page.getByLabel('Password').fill('not this one');
  await page.getByRole('button', { name: 'Log in' }).click();
  await says(page, 'No active account has this name and this password.');
});

test('an access cookie that is over is renewed on the way, and nobody notices', async () => {
  const { page, context } = await loggedIn();
  const before = await cookieNames(context);
  await context.clearCookies({ name: accessName });
  await page.goto(`${base}/private/?again`);
  await isIn(page);
  assert.equal(page.url(), `${base}/private/?again`);
  const now = await cookieNames(context);
  assert.notEqual(now[refreshName], before[refreshName]);
});

test('three tabs at once renew and stay logged in', async () => {
  const { page, context } = await loggedIn();
  await context.clearCookies({ name: accessName });
  const pages = await Promise.all(Array.from({ length: 2 }, () => context.newPage()));
  await Promise.all([page, ...pages].map(async (tab, i) => {
    await tab.goto(`${base}/private/?${i}`);
    await isIn(tab);
  }));
  await cookieNames(context);
});

test('a link of another site leads in, although its request has no cookie', async () => {
  const { page, context } = await loggedIn();
  const before = await cookieNames(context);
  await page.goto(`http://localhost:${stranger}/`);
  // localhost is another site than 127.0.0.1.
  complaints.length = 0;
  const asked = documents(page);
  await page.evaluate((to) => { location.href = to; }, `${base}/private/`);
  await isIn(page);
  assert.ok(asked.includes(`${base}/gate/return.html?to=/private/`), asked.join());
  // It was good all the time.
  assert.deepEqual(await cookieNames(context), before);
});

test('H-152 neither page leads to another site', async () => {
  const { page } = await loggedIn();
  // The whole list is the next test's.
  for (const to of ['//evil.example', '/\\evil.example', 'https://evil.example/', '/%5cevil.example',
    'javascript:alert(1)', '/..//evil.example']) {
    await page.goto(`${base}/gate/return.html?to=${encodeURIComponent(to)}`);
    await page.waitForURL(`${base}/`);
    // It counts how often it went there.
    await page.evaluate(() => sessionStorage.clear());
  }
});

test('the rule for the way back is the same here as in the gate', () => {
  for (const good of ['/', '/a', '/a/b.html?x=1&y=%20%26', '/a?b=//c', '/%41', '/A+B?c+d', '/?x', '/a/', '/a/b/?']) {
    assert.equal(ownPath(good), /^\/%/.test(good) ? '/' : good);
  }
  for (const bad of [undefined, null, 1, '', 'a', '//a', '/\\a', '/../a', '/./a', '/.a', '/a/../b', '/a//b',
    '/a/%2e%2e/b', '/a%2fb', '/a%5Cb', '/a%0d%0aX', '/a%00', '/a%252e', '/a b', '/a"b', '/a<b>', '/\u0080', '/@e',
    '/:8', '/;x', '/?\\', '/a#b', '/a\n', `/${'a'.repeat(1024)}`, 'https://evil/', 'javascript:x']) {
    assert.equal(ownPath(bad), '/', String(bad));
  }
  assert.equal(ownPath(`/${'a'.repeat(1023)}`).length, 1024);
});

// A page that refuses for ever, whatever the gate says of the token.
async function refuseFor(page, answer) {
  let times = 0;
  await page.route('**/private/refusing*', (route) => {
    times++;
    return route.fulfill(answer);
  });
  return () => times;
}

test('a page that goes on refusing is asked a few times and then the person', async () => {
  const { page } = await loggedIn();
  const times = await refuseFor(page, { status: 302, headers: { location: '/gate/return.html?to=/private/refusing' } });
  await page.goto(`${base}/private/refusing`);
  await says(page, 'The page still does not open for you.');
  assert.equal(times(), 3);
  assert.equal(await page.getByRole('link', { name: 'Try again' }).getAttribute('href'), '/private/refusing');
  await page.getByRole('link', { name: 'Try again' }).click();
  await says(page, 'The page still does not open for you.');
  assert.equal(times(), 4);
});

test('a login that sends everybody back is no circle either', async () => {
  const { page } = await newcomer();
  let times = 0;
  await page.route('**/gate/login.html*', (route) => {
    times++;
    return route.fulfill({ status: 302, headers: { location: '/private/' } });
  });
  await page.goto(`${base}/private/`);
  await says(page, 'The page still does not open for you.');
  assert.equal(times, 2);
  assert.equal(await page.getByRole('link', { name: 'Log in' }).getAttribute('href'),
    `${base}/gate/login.html?to=%2Fprivate%2F`);
});

test('a service that is away is no reason to log in', async () => {
  const { page } = await loggedIn();
  for (const answer of [(route) => route.fulfill({ status: 503 }), (route) => route.abort()]) {
    await page.route('**/auth/verify', (route) => route.fulfill({ status: 401 }));
    await page.route('**/api/auth/refresh', answer);
    await page.goto(`${base}/gate/return.html?to=/private/`);
    await says(page, 'The service does not answer at the moment.');
    await page.unrouteAll();
  }
  // What Chromium says of it.
  complaints.length = 0;
});

test('served in the place of the page that was asked for, it opens that page', async () => {
  const { page, context } = await loggedIn();
  const html = await (await page.request.get(`${base}/gate/return.html`)).text();
  await context.clearCookies({ name: accessName });
  let first = true;
  await page.route('**/private/?in-place', (route) => {
    if (!first) return route.continue();
    first = false;
    return route.fulfill({ status: 401, contentType: 'text/html', body: html });
  });
  await page.goto(`${base}/private/?in-place`);
  await isIn(page);
  assert.equal(page.url(), `${base}/private/?in-place`);
  await cookieNames(context);
});

test('without a name for the login, the page says what is missing', async () => {
  const { page } = await newcomer();
  await page.route('**/auth/verify', (route) => route.fulfill({ status: 401 }));
  await page.goto(`${base}/gate/return.html?to=/private/`);
  await says(page, 'You have to log in first.');
});
