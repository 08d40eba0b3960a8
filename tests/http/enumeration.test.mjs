// H-001: a login does not tell who has an account.
import assert from 'node:assert/strict';
import test from 'node:test';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newEmail, newPassword, newUsername } from '../lib/people.mjs';
import { sqlId, useService } from '../lib/service.mjs';

const service = await useService();
const { login, register, registered, session, refresh, me } = api(service);

// All that a caller sees, without what differs by nature.
function seen({ status, headers, text, body }) {
  const { 'x-request-id': id, date, 'keep-alive': _, connection, ...rest } = headers;
  return { status, headers: rest, text: text.replaceAll(body.requestId, '') };
}

async function disabled() {
  const person = await registered({ username: newUsername() });
  await service.sql(
    `UPDATE user SET status = 0 WHERE id = ${sqlId(person.user.id)}`);
  return person;
}

test('unknown, wrong, disabled: the same answer, byte for byte', async () => {
  const known = await registered({ username: newUsername() });
  const shut = await disabled();
  const password = newPassword();
  const answers = [
    await login({ email: newEmail(), password }),
    await login({ email: known.email, password }),
    await login({ email: shut.email, password }),
    await login({ email: shut.email, password: shut.password }),
    await login({ username: newUsername(), password }),
    await login({ username: known.username, password }),
    await login({ username: shut.username, password: shut.password }),
    await login({ email: 'no address at all', password }),
    await login({ email: known.email, password: '' }),
  ];
  isProblem(answers[0], 'invalid_credentials');
  for (const answer of answers) assert.deepEqual(seen(answer), seen(answers[0]));
});

test('an account that is disabled can be enabled again', async () => {
  const person = await disabled();
  isProblem(await login(person), 'validation_failed', 'username ambiguous');
  await service.sql('UPDATE user SET status = 1');
  isOk(await login({ email: person.email, password: person.password }));
});

test('who is disabled can no longer ask about himself, nor refresh', async () => {
  const person = await registered();
  const { accessToken, refreshToken } = await session(person);
  isOk(await me(accessToken));
  await service.sql(
    `UPDATE user SET status = 0 WHERE id = ${sqlId(person.user.id)}`);
  isProblem(await me(accessToken), 'invalid_token');
  isProblem(await refresh(refreshToken), 'session_ended');
});

test('registration tells that an address is taken only after the password is judged', async () => {
  const { email } = await registered();
  isProblem(await register({ email, password: 'short' }),
    'validation_failed', 'password password_too_short');
  isProblem(await register({ email: newEmail(), password: 'short' }),
    'validation_failed', 'password password_too_short');
});
