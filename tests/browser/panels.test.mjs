// The panels of the demo page, in both modes: tasks, sessions, password,
// profile, and what administrators have.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useBrowser } from '../lib/browser.mjs';
import { useDemo } from '../lib/demo.mjs';
import { api, newPassword } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';
import { until } from '../lib/wait.mjs';

const browser = await useBrowser();
const service = await useService();
const { registered, login, session, weather } = api(service);
const demo = useDemo(browser, service);
const { says, logIn } = demo;

const modes = ['token', 'cookie'];
// What would run, if it were ever markup.
const markup = '<img src=x onerror="window.hurt = 1"><script>window.hurt = 1</script> javascript:hurt()';
const isHurt = (page) => page.evaluate(() => 'hurt' in window);

async function openAs(person, mode) {
  const page = await demo.open();
  await logIn(person, mode);
  return page;
}

const tab = (page, id) => page.locator(`#${id}-tab`).click();
const titles = (page) => page.locator('#tasks-list .title').allTextContents();
const row = (page, list, text) => page.locator(`#${list} > li`).filter({ hasText: text });

async function addTask(page, title) {
  await page.locator('#task-title').fill(title);
  await page.locator('#task-add button').click();
  await says('#tasks-note', 'Added');
}

for (const mode of modes) {
  test(`tasks: add, tick, edit, delete, in all tabs, ${mode} mode`, async () => {
    const page = await openAs(await registered(), mode);
    await tab(page, 'tasks');
    await says('#tasks-none', 'No tasks yet');
    await addTask(page, 'Water the plants');
    const other = await demo.openTab();
    await other.locator('#session').waitFor();
    await tab(other, 'tasks');
    await says('#tasks-list', 'Water', other);

    await row(page, 'tasks-list', 'Water').getByRole('checkbox').check();
    await until('the other tab ticks it too', () => row(other, 'tasks-list', 'Water').getByRole('checkbox').isChecked());
    await page.getByRole('button', { name: 'Edit Water' }).click();
    await page.getByLabel('Title').fill('Feed the cat');
    await page.getByLabel('Notes').fill(markup);
    await page.getByLabel('Due').fill('2030-05-01T10:00');
    await page.getByRole('button', { name: 'Save' }).click();
    await says('#tasks-list', 'Feed the cat', other);
    await says('#tasks-list', 'due 1 May 2030, 10:00', other);
    assert.equal(await row(other, 'tasks-list', 'Feed').getByRole('checkbox').isChecked(), true);

    await page.getByRole('button', { name: 'Delete Feed' }).click();
    await says('#tasks-note', 'Deleted');
    await says('#tasks-none', 'No tasks yet', other);
    for (const each of [page, other]) assert.equal(await isHurt(each), false);
  });
}

test('H-154 markup in a title is text, and a title that is none is said beside its field', async () => {
  const page = await openAs(await registered({ firstName: 'O\'Neil' }), 'token');
  await tab(page, 'tasks');
  await page.locator('#task-add button').click();
  await page.locator('#task-title + .error').waitFor();
  assert.equal(await page.locator('#task-title').getAttribute('aria-invalid'), 'true');
  await addTask(page, markup);
  assert.deepEqual(await titles(page), [markup]);
  await page.locator('#wire summary').first().click();
  assert.equal(await isHurt(page), false);
  assert.equal(await page.locator('main img, main script').count(), 0);
});

for (const mode of modes) {
  test(`sessions: end one, then all others, ${mode} mode`, async () => {
    const person = await registered();
    const [first, second, third] = [await session(person), await session(person), await session(person)];
    const page = await openAs(person, mode);
    await tab(page, 'sessions');
    await says('#sessions-list', 'this one');
    assert.equal(await page.locator('#sessions-list > li').count(), 4);
    assert.equal(await page.locator('#sessions-list button').count(), 3);
    await page.locator('#sessions-list button').last().click();
    await says('#sessions-note', 'That session has ended');
    assert.equal(await page.locator('#sessions-list > li').count(), 3);
    const alive = await Promise.all([first, second, third].map(({ accessToken }) => weather(accessToken)));
    assert.deepEqual(alive.map(({ status }) => status).sort(), [200, 200, 401]);
    await page.locator('#sessions-others').click();
    await says('#sessions-note', 'All other sessions have ended');
    assert.equal(await page.locator('#sessions-list > li').count(), 1);
    for (const { accessToken } of [first, second, third]) assert.equal((await weather(accessToken)).status, 401);
    await tab(page, 'now');
    await page.locator('#logout-global').click();
    await says('#login-note', 'Logged out');
  });

  test(`password: what is wrong is said beside it, then it changes, ${mode} mode`, async () => {
    const person = await registered();
    const page = await openAs(person, mode);
    const password = newPassword();
    const change = async (...texts) => {
      for (const [i, id] of ['current', 'new', 'confirm'].entries()) await page.locator(`#change-${id}`).fill(texts[i]);
      await page.locator('#change button').click();
    };
    await tab(page, 'password');
    await change('not the password', password, password);
    await says('#change-current + .error', 'This is not the password');
    await change(person.password, password, `${password}!`);
    await page.locator('#change-confirm + .error').waitFor();
    await change(person.password, 'password', 'password');
    await page.locator('#change-new + .error').waitFor();
    await change(person.password, password, password);
    await says('#change-note', 'Changed');
    assert.equal(await page.locator('#change-new').inputValue(), '');
    assert.equal((await login(person)).status, 401);
    assert.equal((await login({ email: person.email, password })).status, 200);
    await page.locator('#weather').click();
    await says('#weather-note', 'Let in');
  });
}

test('a user sees nothing of the administration, and fetches none of it', async () => {
  const asked = [];
  const person = await registered();
  const page = await demo.open();
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await logIn(person);
  assert.equal(await page.locator('#admin').isVisible(), false);
  assert.deepEqual(asked.filter((path) => /admin|users\.js|audit/.test(path)), []);
});
