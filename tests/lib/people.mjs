// People who register, log in, call, refresh and log out.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from './http.mjs';
import { isOk } from './oracle.mjs';

const random = () => randomBytes(6).toString('hex');

export const newEmail = (name = 'ann') => `${name}-${random()}@example.org`;
export const newUsername = () => `user-${random()}`;
export const newPassword = () => `correct horse ${random()}`;

// The API in the words of a test.  more: options of the client's call.
export function api(service) {
  const http = connect(service);
  const { get, post } = http;
  const auth = (name) => (json, more) => post(`/api/auth/${name}`, json, more);
  const calls = {
    ...http,
    register: auth('register'),
    login: auth('login'),
    // Exchange a refresh token; token (a bearer) may come along.
    refresh: (refreshToken, token) => post('/api/auth/refresh', { refreshToken }, { token }),
    // Log out by bearer; without a body unless there is a scope.
    logout: (token, scope) => post('/api/auth/logout', scope && { scope }, { token }),
    me: (token) => get('/api/users/me', { token }),
    weather: (token) => get('/api/weather', { token }),
  };

  // Somebody registered: { email, password, user }, and the fields given.
  calls.registered = async (fields = {}) => {
    const person = { email: newEmail(), password: newPassword(), ...fields };
    const answer = await calls.register(person);
    isOk(answer, 201);
    return { ...person, user: answer.body };
  };

  // One more session of somebody registered: the token pair.
  calls.session = async ({ email, password }) => {
    const answer = await calls.login({ email, password });
    isOk(answer);
    return answer.body;
  };

  // Somebody registered and logged in: the above, and the token pair.
  calls.newcomer = async (fields) => {
    const person = await calls.registered(fields);
    return { ...person, ...await calls.session(person) };
  };

  // The demo administrator logged in: the token pair.
  calls.administrator = () => calls.session({
    email: 'admin@example.org',
    password: readFileSync(join(service.state, 'demo-admin'), 'utf8').trim(),
  });

  // What an administrator, by an access token, does to people.
  calls.users = (token) => {
    const at = (id, rest = '') => `/api/users/${id}${rest}`;
    return {
      list: (query = {}) => get(`/api/users?${new URLSearchParams(query)}`, { token }),
      add: (json) => post('/api/users', json, { token }),
      read: (id) => get(at(id), { token }),
      change: (id, json) => http.call('PATCH', at(id), { json, token }),
      remove: (id) => http.call('DELETE', at(id), { token }),
      setRoles: (id, roles) => http.call('PUT', at(id, '/roles'), { json: { roles }, token }),
      endSessions: (id) => http.call('DELETE', at(id, '/sessions'), { token }),
    };
  };

  return calls;
}
