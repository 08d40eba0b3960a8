// The panels of the demo page, in both modes: tasks, sessions, password,
// profile, and what administrators have.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { useBrowser } from '../lib/browser.mjs';
import { useDemo } from '../lib/demo.mjs';
import { api, newEmail, newPassword } from '../lib/people.mjs';
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

  test(`profile: edit it, in all tabs, and delete the account, ${mode} mode`, async () => {
    const person = await registered({ lastName: 'Smith' });
    const page = await openAs(person, mode);
    const other = await demo.openTab();
    await says('#session-user', person.email, other);
    await tab(page, 'profile');
    assert.equal(await page.locator('#profile-last').inputValue(), 'Smith');
    await page.locator('#profile-age').fill('old');
    await page.locator('#profile > button').click();
    await page.locator('#profile-age + .error').waitFor();
    await page.locator('#profile-age').fill('44');
    await page.locator('#profile-last').fill('');
    await page.locator('#profile-username').fill(`ann-${person.user.id.slice(-8)}`);
    await page.locator('#profile > button').click();
    await says('#profile-note', 'Saved');
    await says('#session-user', 'ann-', other);
    const { body } = await login({ email: person.email, password: person.password });
    assert.equal(body.user.lastName, null);
    assert.equal(body.user.age, 44);

    await page.locator('#profile-panel summary').click();
    await page.locator('#leave-password').fill('not the password');
    await page.locator('#leave button').click();
    await says('#leave-password + .error', 'This is not the password');
    await page.locator('#leave-password').fill(person.password);
    await page.locator('#leave button').click();
    await says('#login-note', 'The account is deleted');
    await other.locator('#guest').waitFor();
    assert.equal((await login(person)).status, 401);
  });
}

const admin = () => ({
  email: 'admin@example.org', password: readFileSync(join(service.state, 'demo-admin'), 'utf8').trim(),
});

for (const mode of modes) {
  test(`administrators: users, roles, audit trail, ${mode} mode`, async () => {
    const person = await registered({ firstName: 'Bob' });
    const access = (await session(person)).accessToken;
    const page = await openAs(admin(), mode);
    const role = `R${person.user.id.slice(-8).toUpperCase()}`;

    await tab(page, 'roles');
    await page.locator('#role-new-name').fill('not a role');
    await page.locator('#role-new button').click();
    await page.locator('#role-new-name + .error').waitFor();
    await page.locator('#role-new-name').fill(role);
    await page.locator('#role-new-description').fill('May <b>edit</b>');
    await page.locator('#role-new button').click();
    await says('#roles-note', `There is a role ${role} now`);

    await tab(page, 'users');
    await page.locator('#users-search').fill(person.email);
    await page.locator('#users-filter button').click();
    const found = row(page, 'users-list', person.email);
    await until('the list has only them', async () => await page.locator('#users-list > li').count() === 1);
    await found.locator('summary').click();
    await found.getByLabel(role).check();
    await found.getByRole('button', { name: 'Save the roles' }).click();
    await says('#users-note', 'Saved');
    await says('#users-list .roles', role);
    // A change of roles ends what was issued before.
    assert.equal((await weather(access)).status, 401);
    await found.getByRole('button', { name: 'Disable' }).click();
    await says('#users-list .badge', 'disabled');
    assert.equal((await login(person)).status, 401);
    await found.getByRole('button', { name: 'Enable' }).click();
    await says('#users-list .badge', 'active');
    const again = await session(person);
    await found.getByRole('button', { name: 'End all sessions' }).click();
    await says('#users-note', 'All sessions of this user have ended');
    assert.equal((await weather(again.accessToken)).status, 401);
    // What can't be undone is asked twice.
    await found.getByRole('button', { name: 'Delete' }).click();
    await found.getByRole('button', { name: 'Really?' }).click();
    await says('#users-note', 'The account is deleted');
    assert.equal((await login(person)).status, 401);

    const email = newEmail();
    await page.locator('#users-panel > details > summary').click();
    await page.locator('#user-new-email').fill(email);
    await page.locator('#user-new-password').fill(newPassword());
    await page.locator('#user-new button').click();
    await says('#users-note', `${email} has an account now`);

    await tab(page, 'roles');
    const mine = row(page, 'roles-list', role);
    await says('#roles-list', 'May <b>edit</b>');
    await mine.getByRole('button', { name: 'Delete' }).click();
    await mine.getByRole('button', { name: 'Really?' }).click();
    await says('#roles-note', `The role ${role} is deleted`);

    await tab(page, 'audit');
    await page.locator('#audit-user').fill(person.user.id);
    await page.locator('#audit-filter button').click();
    await says('#audit-list', 'login_ok');
    await page.locator('#audit-since').fill('2099-01-01T00:00');
    await page.locator('#audit-filter button').click();
    await says('#audit-note', 'Nothing of the kind');
    await page.locator('#logout').click();
    await says('#login-note', 'Logged out');
    assert.equal(await page.locator('#admin').isVisible(), false);
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
