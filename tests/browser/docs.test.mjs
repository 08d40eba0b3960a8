// /docs/ in Chromium: the viewer of the API's description, under the policy
// that every page of this server has; and what is there without it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findings } from '../lib/axe.mjs';
import { useBrowser } from '../lib/browser.mjs';
import { useDemo } from '../lib/demo.mjs';
import { api } from '../lib/people.mjs';
import { root, useService } from '../lib/service.mjs';

const browser = await useBrowser();
const service = await useService();
const { call, newcomer } = api(service);
const demo = useDemo(browser, service);

const openapi = readFileSync(join(root, 'www/openapi.yaml'), 'utf8');

test('it shows every operation, and tries one out with a token', async () => {
  const { accessToken } = await newcomer();
  service.secrets.add(accessToken);
  const page = await demo.open({ viewport: { width: 1440, height: 900 } }, '/docs/');
  await page.locator('.opblock').first().waitFor();
  const shown = await page.locator('.opblock').count();
  assert.equal(shown, openapi.match(/^ {6}operationId: /gm).length);

  await page.getByRole('button', { name: 'Authorize' }).click();
  await page.locator('.modal-ux input').first().fill(accessToken);
  await page.locator('.modal-ux .authorize').first().click();
  await page.locator('.modal-ux .btn-done').first().click();
  const operation = page.locator('[id$=-readWeather]');
  await operation.locator('.opblock-summary-control').click();
  await operation.locator('.try-out__btn').click();
  await operation.locator('.execute').click();
  await operation.locator('.live-responses-table .response-col_status').filter({ hasText: '200' }).waitFor();
});

test('it fits a small screen, in the dark', async () => {
  const page = await demo.open({ viewport: { width: 320, height: 640 }, colorScheme: 'dark' }, '/docs/');
  await page.locator('[id$=-login] .opblock-summary-control').click();
  await page.locator('[id$=-login] .responses-table').first().waitFor();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.ok(await page.evaluate(() => document.documentElement.classList.contains('dark-mode')));
});

for (const size of [{ width: 1440, scheme: 'light' }, { width: 320, scheme: 'dark' }]) {
  test(`axe finds nothing wrong with it at ${size.width} px, ${size.scheme}`, async () => {
    const page = await demo.open({
      viewport: { width: size.width, height: 900 }, colorScheme: size.scheme, reducedMotion: 'reduce',
    }, '/docs/');
    await page.locator('.opblock').first().waitFor();
    const isFine = async (state) => {
      await demo.picture(`docs-${state}`, size);
      assert.deepEqual(await findings(page), [], state);
    };
    await isFine('list');
    const operation = page.locator('[id$=-login]');
    await operation.locator('.opblock-summary-control').click();
    await operation.locator('.responses-table').first().waitFor();
    await operation.locator('.try-out__btn').click();
    await operation.locator('.execute').waitFor();
    await isFine('operation');
    await page.getByRole('button', { name: 'Authorize' }).click();
    await page.locator('.modal-ux input').first().waitFor();
    await isFine('authorize');
  });
}

test('the policy is the same as everywhere, and nothing of it is relaxed', async () => {
  const policy = async (path) => (await call('GET', path, { by: 'lighttpd' })).headers['content-security-policy'];
  assert.equal(await policy('/docs/'), await policy('/'));
  assert.match(await policy('/docs/'), /^default-src 'self';/);
  assert.doesNotMatch(await policy('/docs/'), /unsafe|data:|nonce|sha256|https?:/);
});

// The file that the viewer's page takes the place of.
test('without the viewer the description stands there as text', async () => {
  const body = readFileSync(join(root, 'www/docs/index.html'), 'utf8');
  const page = await demo.open({ viewport: { width: 320, height: 640 } }, '/favicon.svg');
  await demo.context.route('**/docs/', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body });
  });
  await page.goto(`${service.base}/docs/`);
  await page.locator('#text').filter({ hasText: '/api/auth/login:' }).waitFor();
  assert.equal(await page.locator('#text').textContent(), openapi);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
});
