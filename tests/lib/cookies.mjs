// Cookie mode, as a browser would have it: a jar of two cookies.
import assert from 'node:assert/strict';
import { isOk } from './oracle.mjs';
import { api } from './people.mjs';

export const accessName = '__Host-latchkey-access';
export const refreshName = '__Host-latchkey-refresh';

// What a browser says of a request by the service's own page.
export const ownPage = { 'sec-fetch-site': 'same-origin' };

// The cookies an answer sets: { name: { value, rest } }.
export function setCookies({ headers }) {
  return Object.fromEntries((headers['set-cookie'] ?? []).map((line) => {
    const [, name, value, rest] = /^([^=]+)=([^;]*); (.*)$/.exec(line);
    return [name, { value, rest }];
  }));
}

// { access, refresh }: the values an answer sets.
export function jarOf(answer) {
  const cookies = setCookies(answer);
  assert.deepEqual(Object.keys(cookies), [accessName, refreshName]);
  return { access: cookies[accessName].value, refresh: cookies[refreshName].value };
}

export function cookieHeader({ access, refresh }) {
  const pairs = [[accessName, access], [refreshName, refresh]];
  return pairs.filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`).join('; ');
}

export function cookieApi(service) {
  const calls = api(service);

  // A request with a jar, by the service's own page unless headers say else.
  const by = (method, path, jar, { headers = ownPage, ...more } = {}) =>
    calls.call(method, path, { ...more, headers: { cookie: cookieHeader(jar), ...headers } });

  // One more session of somebody registered: { access, refresh, sessionId }.
  async function jarFor({ email, password }) {
    const answer = await calls.login({ email, password, useCookies: true }, { headers: ownPage });
    isOk(answer);
    return { ...jarOf(answer), sessionId: answer.body.sessionId };
  }

  // Somebody registered and logged in: the person and the jar.
  async function cookieNewcomer(fields) {
    const person = await calls.registered(fields);
    return { ...person, ...await jarFor(person) };
  }

  return { ...calls, by, jarFor, cookieNewcomer };
}
