// Lists of the demo page that are read again while somebody works in them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { useBrowser } from '../lib/browser.mjs';
import { useDemo } from '../lib/demo.mjs';
import { api } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';
import { until } from '../lib/wait.mjs';

const browser = await useBrowser();
const service = await useService();
const { registered } = api(service);
const demo = useDemo(browser, service);
const { logIn, says } = demo;

async function openAsAdmin() {
  const password = readFileSync(join(service.state, 'demo-admin'), 'utf8').trim();
  const page = await demo.open();
  await logIn({ email: 'admin@example.org', password });
  await page.locator('#users-list > li').first().waitFor();
  return page;
}

// The next answer from the path is on its way until it is released.
async function holdNext(page, path) {
  let release;
  const released = new Promise((resolve) => { release = resolve; });
  const asked = page.waitForRequest((request) => new URL(request.url()).pathname === path);
  await page.route((url) => url.pathname === path, async (route) => {
    const response = await route.fetch();
    await released;
    await route.fulfill({ response });
  }, { times: 1 });
  return { asked, release };
}

async function addRole(page, name) {
  await page.locator('#role-new-name').fill(name);
  await page.locator('#role-new button').click();
  await says('#roles-list', name, page);
}

test('a button that has asked "Really?" outlives a second look at the list', async () => {
  const page = await openAsAdmin();
  await page.locator('#roles-tab').click();
  await addRole(page, 'KEPT');
  const remove = page.getByRole('button', { name: /(Delete|Really\?) KEPT/ });
  const element = await remove.elementHandle();
  await remove.click();
  const other = await demo.openTab();
  await other.locator('#roles-tab').click();
  await addRole(other, 'NEW');
  // As a late answer would come, without a click that takes the focus away.
  await page.locator('#roles-tab').dispatchEvent('select');
  await says('#roles-list', 'NEW', page);
  assert.equal(await element.textContent(), 'Really?');
  assert.equal(await element.evaluate((button) => button === document.activeElement), true);
  await element.click();
  await says('#roles-note', 'The role KEPT is deleted');
});

test('an answer that comes late does not take the place of a newer one', async () => {
  const person = await registered();
  const page = await openAsAdmin();
  const rows = page.locator('#users-list > li');
  const late = await holdNext(page, '/api/users');
  await page.locator('#users-tab').click();
  await late.asked;
  await page.locator('#users-search').fill(person.email);
  await page.locator('#users-filter button').click();
  await until('the list has only them', async () => await rows.count() === 1);
  const before = (await demo.requests()).length;
  late.release();
  await until('the late answer is there', async () => (await demo.requests()).length > before);
  assert.equal(await rows.count(), 1);
  await says('#users-list', person.email);
});

test('a change is said to be done once its row shows it', async () => {
  const { email, user } = await registered();
  const page = await openAsAdmin();
  const row = page.locator('#users-list > li').filter({ hasText: email });
  const done = 'All sessions of this user have ended';
  await row.locator('summary').click();
  const held = await holdNext(page, `/api/users/${user.id}`);
  await row.getByRole('button', { name: 'End all sessions' }).click();
  await held.asked;
  assert.ok(!(await page.locator('#users-note').textContent()).includes(done));
  held.release();
  await says('#users-note', done, page);
});
