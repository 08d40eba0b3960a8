// The page in Chromium, as a person meets it: with a mouse, with the keyboard,
// on a small screen, when it goes wrong.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useBrowser } from '../lib/browser.mjs';
import { useDemo } from '../lib/demo.mjs';
import { decode } from '../lib/jwt.mjs';
import { api, newEmail, newPassword, newUsername } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';

const browser = await useBrowser();
const service = await useService();
const { registered, weather } = api(service);
const demo = useDemo(browser, service);
const { complaints, says, logIn, requests } = demo;
const shownToken = demo.token;

let context;
let page;
const { openTab } = demo;
async function open(options) {
  page = await demo.open(options);
  ({ context } = demo);
}

const claim = (name) => page.locator('.claims > div').filter({ has: page.locator(`code:text-is("${name}")`) })
  .locator('dd').textContent();

test('from registration to logout', async () => {
  const email = newEmail();
  const password = newPassword();
  await open();
  await page.getByRole('tab', { name: 'Register' }).click();
  await page.locator('#register-email').fill(email);
  await page.locator('#register-password').fill(password);
  await page.locator('#register-confirm').fill(password);
  await page.getByText('More about you').click();
  await page.locator('#register-age').fill('30');
  await page.locator('#register > button').click();
  await says('#login-note', 'Your account is made');
  await page.locator('#login button').click();
  await says('#session-note', 'Logged in');
  await says('#session-user', email);
  const first = await shownToken();
  const { header, payload } = decode(first);
  assert.equal(await claim('kid'), header.kid);
  assert.equal(await claim('sub'), payload.sub);
  assert.equal(await claim('roles'), '["USER"]');
  assert.equal(await claim('age'), '30');
  assert.match(await claim('exp'), new RegExp(`^${payload.exp} \\([\\d:]{8}\\)$`));
  await says('#token-left', /^Expires in (15 min 0|14 min \d+) s,$/);
  assert.equal(await page.locator('#token-state').textContent(), 'Live');

  await page.getByRole('button', { name: 'Get the weather' }).click();
  await says('#weather-note', 'Let in');
  assert.equal(await page.locator('#weather-days li').count(), 5);

  await page.getByRole('button', { name: 'Refresh' }).click();
  await says('#session-note', 'Refreshed');
  assert.notEqual(await shownToken(), first);

  await page.locator('#logout').click();
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

test('the page is busy until every button does something', async () => {
  await open();
  // The panels are prepared one after the other, each when the last is painted.
  await page.addInitScript(() => {
    const post = MessagePort.prototype.postMessage;
    window.held = [];
    MessagePort.prototype.postMessage = function postLater(...message) {
      window.held.push(() => post.apply(this, message));
      if (window.isLetGo) window.held.pop()();
    };
  });
  await page.goto(service.base);
  await page.waitForFunction(() => window.held.length > 0);
  assert.equal(await page.locator('main').getAttribute('aria-busy'), 'true');
  await page.evaluate(() => {
    window.isLetGo = true;
    for (const post of window.held) post();
  });
  await demo.idle();
  await page.locator('#weather').click();
  await says('#weather-note', 'Log in');
});

test('what is wrong is said beside its field, and goes when it is mended', async () => {
  await open();
  await page.getByRole('tab', { name: 'Register' }).click();
  await page.getByText('More about you').click();
  await page.locator('#register-age').fill('old');
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
  await tabTo('now-tab');
  await keyboard.press('ArrowRight');
  assert.equal(await focused(), 'tasks-tab');
  await keyboard.press('Home');
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

// What other scripts and later visitors of the origin could find.
const stored = () => page.evaluate(async () => {
  const records = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((done) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => done(request.result);
    });
    records.push(await new Promise((done) => {
      const request = database.transaction('session').objectStore('session').get('record');
      request.onsuccess = () => done(request.result);
    }));
    database.close();
  }
  return { records: records.filter(Boolean), rest: [localStorage.length, sessionStorage.length, document.cookie, (await caches.keys()).length] };
});

test('token mode keeps the refresh token, and no access token', async () => {
  const person = await registered();
  await open();
  await logIn(person);
  const { records, rest } = await stored();
  assert.deepEqual(rest, [0, 0, '', 0]);
  const [{ refreshToken }] = records;
  assert.match(refreshToken, /^lkr_/);
  assert.deepEqual(records, [{ serial: records[0].serial, isOpen: true, refreshToken }]);
  assert.deepEqual(await context.cookies(), []);
  await page.reload();
  await says('#session-user', person.email);
  await page.locator('#logout').click();
  await says('#login-note', 'Logged out');
  assert.deepEqual((await stored()).records.map((record) => [record.isOpen, record.refreshToken]), [[false, null]]);
});

test('cookie mode keeps all tokens from scripts', async () => {
  const person = await registered();
  await open();
  await logIn(person, 'cookie');
  await says('#refresh-where', 'in a cookie that no script can read');
  assert.equal(await page.locator('#refresh-raw').isVisible(), false);
  await says('#token-left', /^Expires in (15 min 0|14 min \d+) s,$/);
  await page.locator('#token-unseen').waitFor();
  assert.equal(await page.locator('#token-raw').isVisible(), false);
  const { records, rest } = await stored();
  assert.deepEqual(rest, [0, 0, '', 0]);
  assert.deepEqual(records, [{ serial: records[0].serial, isOpen: true, refreshToken: null }]);
  const cookies = await context.cookies();
  assert.deepEqual(cookies.map(({ name, httpOnly, secure, sameSite }) => [name, httpOnly, secure, sameSite]).sort(), [
    ['__Host-latchkey-access', true, true, 'Strict'], ['__Host-latchkey-refresh', true, true, 'Strict']]);
  await page.getByRole('button', { name: 'Get the weather' }).click();
  await says('#weather-note', 'Let in');
  await page.getByRole('button', { name: 'Refresh' }).click();
  await says('#session-note', 'Refreshed');
  await page.reload();
  await says('#session-user', person.email);
  await page.locator('#logout').click();
  await says('#login-note', 'Logged out');
  assert.deepEqual(await context.cookies(), []);
  await page.getByRole('button', { name: 'Get the weather' }).click();
  await says('#weather-note', 'Authentication is required');
});

test('a visitor who was never logged in asks the server nothing', async () => {
  await open();
  await demo.idle();
  assert.deepEqual(await requests(), []);
});

for (const mode of ['token', 'cookie']) {
  test(`two tabs have one session, ${mode} mode`, async () => {
    const person = await registered();
    await open();
    const other = await openTab();
    await logIn(person, mode);
    await says('#session-user', person.email, other);
    const third = await openTab();
    await says('#session-user', person.email, third);
    await other.locator('#logout').click();
    for (const tab of [page, other, third]) await says('#login-note', 'Logged out', tab);
  });
}

test('an access token is renewed before it runs out', async () => {
  const person = await registered();
  await open();
  await page.clock.install();
  await page.reload();
  await logIn(person);
  const first = await shownToken();
  await page.clock.runFor(60_000);
  await says('#token-left', /^Expires in (14 min 0|13 min 5\d) s,$/);
  await page.clock.runFor(13 * 60_000);
  await says('#token-left', /^Expires in (15 min 0|14 min 5\d) s,$/);
  assert.notEqual(await shownToken(), first);
  assert.equal((await requests())[0], 'POST /api/auth/refresh 200 OK');
});

test('without a server it runs out before one\'s eyes, and comes back', async () => {
  const person = await registered();
  await open();
  await page.clock.install();
  await page.reload();
  await logIn(person);
  const before = complaints.length;
  await context.setOffline(true);
  await page.clock.runFor(15 * 60_000);
  await says('#token-left', 'Expired');
  assert.equal(await page.locator('#token-state').textContent(), 'Expired');
  await page.clock.resume();
  await context.setOffline(false);
  await says('#token-state', 'Live');
  complaints.length = before;
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
    for (const summary of await page.getByText('The token as it travels').all()) await summary.click();
    await page.getByRole('button', { name: 'Get the weather' }).click();
    await says('#weather-note', 'Let in');
    assert.ok(await fits());
  });
}

test('every field has a label, and nothing inline', async () => {
  await open();
  const unlabelled = await page.evaluate(() =>
    [...document.querySelectorAll('input')].filter(({ labels, ariaLabel }) => labels.length === 0 && !ariaLabel).length);
  assert.equal(unlabelled, 0);
  const inline = await page.evaluate(() =>
    document.querySelectorAll('[style], style, script:not([src]), [onclick]').length);
  assert.equal(inline, 0);
  const { headers } = await api(service).call('GET', '/', { by: 'server' });
  assert.match(headers['content-security-policy'], /^default-src 'self';/);
  assert.doesNotMatch(headers['content-security-policy'], /unsafe/);
});
