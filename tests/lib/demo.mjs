// The demo page as a person meets it, for tests of its panels.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'node:test';
import { newProfile, watch } from './browser.mjs';

// What an answer refers to itself is no flow of the page's.
const isKeys = (line) => line.includes('/.well-known/');

// Where "make screenshots" wants a picture of each state; undefined for a test.
const pictures = process.env.SCREENSHOTS;
export const wantsPictures = pictures !== undefined;

// One profile a test; it ends with the test, and without a complaint.
export function useDemo(browser, service) {
  const demo = { complaints: [], context: null, page: null };

  demo.openTab = async (path = '/') => {
    const tab = await demo.context.newPage();
    watch(tab, demo.complaints, service.base);
    await tab.goto(service.base + path);
    await demo.idle(tab);
    return tab;
  };

  demo.open = async (options, path) => {
    demo.context = await newProfile(browser, options);
    demo.page = await demo.openTab(path);
    return demo.page;
  };

  // Chromium complains by itself about what it can't reach.
  demo.away = async (action) => {
    const before = demo.complaints.length;
    await demo.context.setOffline(true);
    await action();
    demo.complaints.length = before;
    await demo.context.setOffline(false);
  };

  demo.says = (id, text, tab = demo.page) => tab.locator(id).filter({ hasText: text }).waitFor();

  demo.logIn = async ({ email, password }, mode = 'token', tab = demo.page) => {
    await tab.locator('#login-name').fill(email);
    await tab.locator('#login-password').fill(password);
    await tab.locator(`#login [value=${mode}]`).check();
    await tab.locator('#login button').click();
    await tab.locator('#session').waitFor();
    await demo.idle(tab);
  };

  demo.idle = (tab = demo.page) => tab.locator('main[aria-busy=true]').waitFor({ state: 'detached' });

  // "POST /api/auth/login 200 OK", the newest first.
  demo.requests = async (tab = demo.page) => (await tab.locator('#wire > li').evaluateAll((rows) => rows.map((row) =>
    ['.method', '.path', '.status'].map((part) => row.querySelector(part).textContent.trim()).join(' '))))
    .filter((line) => !isKeys(line));

  // The token that the page shows.
  demo.token = (tab = demo.page) => tab.locator('#token-raw').textContent();

  demo.picture = async (name, { width, scheme }) => {
    if (!wantsPictures) return;
    const directory = join(pictures, `${width}-${scheme}`);
    mkdirSync(directory, { recursive: true });
    await demo.page.screenshot({ path: join(directory, `${name}.png`), fullPage: true });
  };

  beforeEach(() => { demo.complaints.length = 0; });
  afterEach(async () => {
    await demo.context?.close();
    demo.context = null;
    assert.deepEqual(demo.complaints, []);
  });
  return demo;
}
