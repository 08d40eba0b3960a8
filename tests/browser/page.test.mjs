// The page in Chromium, as a person meets it: with a mouse, with the keyboard,
// on a small screen, when it goes wrong.
import assert from 'node:assert/strict';
import { after, afterEach, beforeEach, test } from 'node:test';
import { chromium } from 'playwright-core';
import { decode } from '../lib/jwt.mjs';
import { api, newEmail, newPassword, newUsername } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  // The first is for root, whose processes Chromium can't put into a sandbox;
  // the others keep it from calling home.
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update',
    '--disable-sync'],
});
// Before the service, which would wait for its connections.
after(() => browser.close());

const service = await useService();
const { registered, weather } = api(service);

const patienceMs = 10_000;
let context;
let page;
// What no page of ours may do, collected while it runs.
let complaints;

// Chromium reports every refusal of the server; those are what tests ask for.
const isRefusal = (text) => /^Failed to load resource: the server responded with a status of 4\d\d/.test(text);

async function open(options = {}) {
  context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', ...options });
  context.setDefaultTimeout(patienceMs);
  page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !isRefusal(message.text())) {
      complaints.push(`console: ${message.text()}`);
    }
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`${service.base}/`)) complaints.push(`request: ${request.url()}`);
  });
  await page.goto(`${service.base}/`);
}

beforeEach(() => { complaints = []; });
afterEach(async () => {
  await context.close();
  assert.deepEqual(complaints, []);
});

const says = (id, text) => page.locator(id).filter({ hasText: text }).waitFor();

async function logIn({ email, password }) {
  await page.getByLabel('E-mail or user name').fill(email);
  await page.locator('#login-password').fill(password);
  await page.locator('#login button').click();
  await page.locator('#session').waitFor();
}

// The token that the page shows.
const shownToken = () => page.locator('#token-raw').textContent();
const claim = (name) => page.locator('.claims > div').filter({ has: page.locator(`code:text-is("${name}")`) })
  .locator('dd').textContent();
const requests = () => page.locator('#log li').evaluateAll((rows) => rows.map((row) =>
  ['.method', '.path', '.status'].map((part) => row.querySelector(part).textContent.trim()).join(' ')));

test('from registration to logout', async () => {
  const email = newEmail();
  const password = newPassword();
  await open();
  await page.getByRole('tab', { name: 'Register' }).click();
  await page.locator('#register-email').fill(email);
  await page.locator('#register-password').fill(password);
  await page.locator('#register-confirm').fill(password);
  await page.getByText('More about you').click();
  await page.getByLabel('Age').fill('30');
  await page.locator('#register > button').click();
  await says('#login-note', 'Your account is made');
  await page.locator('#login button').click();
  await says('#session-note', 'Logged in');
  await says('#session-user', email);
  const first = await shownToken();
  const { header, payload } = decode(first);
  assert.equal(await claim('kid'), header.kid);
  assert.equal(await claim('sub'), payload.sub);
  assert.equal(await claim('roles'), 'USER');
  assert.equal(await claim('age'), '30');
  assert.match(await claim('exp'), new RegExp(`^\\d+ \\w+ \\d{4}, [\\d:]{8} \\(${payload.exp}\\)$`));
  await says('#token-left', /^Expires in (15 min 0|14 min \d+) s,$/);
  assert.equal(await page.locator('#token-state').textContent(), 'Live');

  await page.getByRole('button', { name: 'Get the weather' }).click();
  await says('#weather-note', 'Let in');
  assert.equal(await page.locator('#weather-days li').count(), 5);

  const ending = await page.locator('#session-refresh').textContent();
  await page.getByRole('button', { name: 'Refresh' }).click();
  await says('#session-note', 'Refreshed');
  assert.notEqual(await page.locator('#session-refresh').textContent(), ending);
  assert.notEqual(await shownToken(), first);

  await page.getByRole('button', { name: 'Log out' }).click();
  await says('#login-note', 'Logged out');
  assert.equal(await page.locator('#token-state').textContent(), 'Dead');
  assert.equal(await page.locator('#weather-days').isVisible(), false);
  await page.getByRole('button', { name: 'Get the weather' }).click();
  await says('#weather-note', 'The access token is not valid');
  assert.equal((await weather(await shownToken())).status, 401);
  assert.deepEqual(await requests(), [
    'GET /api/weather 401 invalid_token',
    'POST /api/auth/logout 204 No Content',
    'POST /api/auth/refresh 200 OK',
    'GET /api/weather 200 OK',
    'POST /api/auth/login 200 OK',
    'POST /api/auth/register 201 Created',
  ]);
});

test('what is wrong is said beside its field, and goes when it is mended', async () => {
  await open();
  await page.getByRole('tab', { name: 'Register' }).click();
  await page.getByText('More about you').click();
  await page.getByLabel('Age').fill('old');
  await page.getByText('More about you').click();
  await page.locator('#register-email').fill('ann@example');
  await page.locator('#register-password').fill(newPassword());
  await page.locator('#register > button').click();
  await says('#register-note', 'Please look at what is marked');
  const email = page.locator('#register-email');
  assert.equal(await page.locator('#register-email + .error').textContent(),
    'This is no e-mail address we accept');
  assert.equal(await email.getAttribute('aria-invalid'), 'true');
  assert.equal(await email.getAttribute('aria-describedby'), 'register-email-error');
  assert.equal(await email.evaluate((input) => input === document.activeElement), true);
  // Also where the field had been folded away.
  assert.equal(await page.locator('#register-age + .error').isVisible(), true);
  await email.fill('ann@example.org');
  assert.equal(await email.getAttribute('aria-invalid'), null);
  assert.equal(await page.locator('#register-email + .error').count(), 0);
});

test('a wrong password is said in plain words, and heard', async () => {
  const { email } = await registered();
  await open();
  await page.getByLabel('E-mail or user name').fill(email);
  await page.locator('#login-password').fill('not the password');
  await page.locator('#login button').click();
  await says('#login-note', 'The credentials are not right. No active account has this name');
  await says('[role=status]', 'The credentials are not right');
  assert.deepEqual(await requests(), ['POST /api/auth/login 401 invalid_credentials']);
});

test('it works by the keyboard alone', async () => {
  const { email, password } = await registered();
  await open();
  const { keyboard } = page;
  const focused = () => page.evaluate(() => document.activeElement.id);
  const tabTo = async (id) => {
    for (let steps = 0; steps < 20 && await focused() !== id; steps++) await keyboard.press('Tab');
    assert.equal(await focused(), id);
  };
  await tabTo('login-tab');
  await keyboard.press('ArrowRight');
  assert.equal(await focused(), 'register-tab');
  await keyboard.press('Tab');
  assert.equal(await focused(), 'register-email');
  await keyboard.press('Shift+Tab');
  await keyboard.press('Home');
  assert.equal(await focused(), 'login-tab');
  await tabTo('login-name');
  await keyboard.type(email);
  await keyboard.press('Tab');
  await keyboard.type(password);
  await keyboard.press('Enter');
  await page.locator('#session').waitFor();
  assert.equal(await focused(), 'session-title');
  await tabTo('refresh');
  const outline = await page.locator('#refresh').evaluate((button) => getComputedStyle(button).outlineStyle);
  assert.equal(outline, 'solid');
  await keyboard.press('Space');
  await says('#session-note', 'Refreshed');
  await tabTo('logout');
  await keyboard.press('Enter');
  await says('#login-note', 'Logged out');
  assert.equal(await focused(), 'account-title');
});

test('tokens are kept in memory alone', async () => {
  const person = await registered();
  await open();
  await logIn(person);
  const stored = await page.evaluate(async () => [localStorage.length, sessionStorage.length,
    document.cookie, (await indexedDB.databases()).length, (await caches.keys()).length]);
  assert.deepEqual(stored, [0, 0, '', 0, 0]);
  assert.deepEqual(await context.cookies(), []);
  await page.reload();
  assert.equal(await page.locator('#login').isVisible(), true);
  assert.equal(await page.locator('#token').isVisible(), false);
});

test('an access token runs out before one\'s eyes', async () => {
  const person = await registered();
  await open();
  await page.clock.install();
  await page.reload();
  await logIn(person);
  await page.clock.runFor(60_000);
  await says('#token-left', /^Expires in (14 min 0|13 min 5\d) s,$/);
  await page.clock.runFor(14 * 60_000);
  await says('#token-left', 'Expired');
  assert.equal(await page.locator('#token-state').textContent(), 'Expired');
  await page.getByRole('button', { name: 'Refresh' }).click();
  await says('#token-state', 'Live');
});

test('a server that is away is said, and the session outlives it', async () => {
  const person = await registered();
  await open();
  await logIn(person);
  // Chromium complains by itself about what it can't reach.
  const before = complaints.length;
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await says('#session-note', 'The server does not answer');
  complaints.length = before;
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await says('#session-note', 'Refreshed');
});

test('a session that has ended elsewhere leads back to the form', async () => {
  const person = await registered();
  const { logout, login } = api(service);
  await open();
  await logIn(person);
  const { body } = await login({ email: person.email, password: person.password });
  assert.equal((await logout(body.accessToken, 'global')).status, 204);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await says('#login-note', 'The session has ended. Log in again.');
  assert.equal(await page.locator('#login').isVisible(), true);
});

for (const colorScheme of ['light', 'dark']) {
  test(`it fits a screen of 320 pixels, ${colorScheme}`, async () => {
    const person = await registered({ username: newUsername().padEnd(64, 'x') });
    await open({ viewport: { width: 320, height: 640 }, colorScheme });
    const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(ground, colorScheme === 'light' ? 'rgb(242, 245, 244)' : 'rgb(15, 20, 19)');
    assert.ok(await fits());
    await page.getByRole('tab', { name: 'Register' }).click();
    await page.getByText('More about you').click();
    await page.locator('#register > button').click();
    await says('#register-note', 'Please look');
    assert.ok(await fits());
    await page.getByRole('tab', { name: 'Log in' }).click();
    await logIn(person);
    await page.getByText('The token as it travels').click();
    await page.getByRole('button', { name: 'Get the weather' }).click();
    await says('#weather-note', 'Let in');
    assert.ok(await fits());
  });
}

test('every field has a label, and nothing inline', async () => {
  await open();
  const unlabelled = await page.evaluate(() =>
    [...document.querySelectorAll('input')].filter(({ labels }) => labels.length === 0).length);
  assert.equal(unlabelled, 0);
  const inline = await page.evaluate(() =>
    document.querySelectorAll('[style], style, script:not([src]), [onclick]').length);
  assert.equal(inline, 0);
  const { headers } = await api(service).call('GET', '/', { by: 'lighttpd' });
  assert.match(headers['content-security-policy'], /^default-src 'self';/);
  assert.doesNotMatch(headers['content-security-policy'], /unsafe/);
});
