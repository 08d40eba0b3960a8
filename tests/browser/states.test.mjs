// Every state of the page, from the smallest screen to a large one: nothing
// sticks out, nothing is inline, and axe-core finds nothing wrong.
// SCREENSHOTS: a directory for a picture of each state, for all sizes and both
// colour schemes ("make screenshots").
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findings } from '../lib/axe.mjs';
import { useBrowser } from '../lib/browser.mjs';
import { useDemo, wantsPictures } from '../lib/demo.mjs';
import { api, newPassword } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';

const all = [320, 768, 1440].flatMap((width) => ['light', 'dark'].map((scheme) => ({ width, scheme })));
const sizes = wantsPictures ? all : [{ width: 320, scheme: 'dark' }, { width: 1440, scheme: 'light' }];

const browser = await useBrowser();
const service = await useService();
const { registered } = api(service);
const demo = useDemo(browser, service);
const { says, logIn } = demo;

let page;
let size;
let seen;

async function open(path, options = {}) {
  page = await demo.open({
    viewport: { width: size.width, height: 900 }, colorScheme: size.scheme, reducedMotion: 'reduce', ...options,
  }, path);
  await demo.idle();
}

// Called in each state; all that is wrong is told at the end of a walk.
async function state(name) {
  await demo.idle();
  const { sticksOut, inline } = await page.evaluate(() => ({
    sticksOut: document.documentElement.scrollWidth > innerWidth,
    inline: [...document.querySelectorAll('[style]:not([style=""]), style, script:not([src]), [onclick]')]
      .map((element) => element.cloneNode().outerHTML),
  }));
  if (sticksOut) seen.push(`${name}: something sticks out`);
  if (inline.length > 0) seen.push(`${name}: inline, ${inline[0]}`);
  for (const finding of await findings(page)) seen.push(`${name}: ${finding}`);
  await demo.picture(name, size);
}

function walk(name, steps) {
  for (const one of sizes) {
    test(`${name}, ${one.width} px, ${one.scheme}`, async () => {
      size = one;
      seen = [];
      await steps();
      assert.deepEqual(seen, []);
    });
  }
}

const tab = (id) => page.locator(`#${id}-tab`).click();

walk('a guest', async () => {
  await open();
  await state('guest');
  await tab('register');
  await page.locator('#register details summary').click();
  await page.locator('#register > button').click();
  await says('#register-note', 'Please look');
  await state('register-errors');
  await tab('login');
  await page.locator('#login-name').fill('nobody');
  await page.locator('#login-password').fill('not the password');
  await page.locator('#login button').click();
  await says('#login-note', 'The credentials are not right');
  await state('login-error');
});

walk('a session with its tokens in the page', async () => {
  const person = await registered({ username: `u${Date.now()}`, firstName: 'Ann', age: 30 });
  await open();
  await logIn(person);
  await says('#token-signature', 'Valid');
  await state('session');
  await page.locator('#weather').click();
  await says('#weather-note', 'Let in');
  await page.locator('#refresh').click();
  await says('#session-note', 'Refreshed');
  await page.locator('#whoami').click();
  await says('#session-note', 'That is what');
  await page.locator('#wire summary').first().click();
  await page.locator('#let-expire').click();
  for (const id of ['token', 'refresh']) await page.locator(`.${id}-part summary`).click();
  await page.locator('#token-payload .claim').first().focus();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  await state('everything-open');
  await tab('tasks');
  await page.locator('#task-title').fill('Water the plants');
  await page.locator('#task-add button').click();
  await says('#tasks-list', 'Water');
  await state('tasks');
  await page.locator('#tasks-list').getByRole('button', { name: 'Edit' }).click();
  await state('task-editing');
  await tab('sessions');
  await says('#sessions-list', 'this one');
  await state('sessions');
  await tab('profile');
  await page.locator('#profile-panel summary').click();
  await state('profile');
  await tab('password');
  await page.locator('#change-current').fill('wrong');
  await page.locator('#change-new').fill('short');
  await page.locator('#change button').click();
  await page.locator('#change .error').first().waitFor();
  await state('password-error');
  await tab('now');
  await demo.away(async () => {
    await page.locator('#refresh').click();
    await says('#session-note', 'does not answer');
    await state('no-answer');
  });
  await page.locator('#logout').click();
  await says('#login-note', 'Logged out');
  await page.locator('#weather').click();
  await says('#weather-note', 'not valid');
  await state('logged-out');
});

walk('a session with its tokens in cookies, and the attacks', async () => {
  const person = await registered();
  await open();
  await logIn(person, 'cookie');
  await page.locator('#weather').click();
  await says('#weather-note', 'Let in');
  await page.locator('#attack-all').click();
  await says('#attack-climb-outcome', 'It held.');
  await page.locator('#wire summary').first().click();
  await state('cookies-and-attacks');
});

walk('an administrator', async () => {
  const password = readFileSync(join(service.state, 'demo-admin'), 'utf8').trim();
  await open();
  await logIn({ email: 'admin@example.org', password });
  await page.locator('#users-list summary').first().click();
  await page.locator('#users-panel > details > summary').click();
  await state('users');
  await tab('roles');
  await says('#roles-list', 'ADMIN');
  await state('roles');
  await tab('audit');
  await says('#audit-list', 'login_ok');
  await state('audit');
});

walk('in German', async () => {
  const person = await registered();
  await open('/', { locale: 'de-DE' });
  await state('german-guest');
  await page.locator('#login-name').fill(person.email);
  await page.locator('#login-password').fill(newPassword());
  await page.locator('#login button').click();
  await says('#login-note', 'Die Angaben stimmen nicht');
  await page.locator('#login-password').fill(person.password);
  await page.locator('#login button').click();
  await says('#session-note', 'Angemeldet');
  await says('#token-signature', 'Gültig');
  await state('german-session');
});
