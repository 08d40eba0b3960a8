/*
 * The attacks of "Try to break it".  Each takes a token pair of an account
 * made for it, tells what it does step by step, and whether the service held.
 */

import { callWith } from './auth.js';
import { encodePart, parseAccessToken } from './token.js';

const RACERS = 5;

const weather = (token) => callWith(token, 'GET', '/api/weather');
const refresh = (refreshToken) => callWith(null, 'POST', '/api/auth/refresh', { refreshToken });

/* Two rotations on, the first token is spent, and its grace too. */
async function replay(pair, tell) {
  const second = await refresh(pair.refreshToken);
  tell('rotate', second);
  const third = await refresh(second.body?.refreshToken);
  tell('rotateAgain', third);
  const theft = await refresh(pair.refreshToken);
  tell('replay', theft);
  const owner = await refresh(third.body?.refreshToken);
  tell('ownerRefresh', owner);
  return {
    held: theft.body?.code === 'refresh_token_reused' && owner.body?.code === 'session_ended',
    why: 'replay',
  };
}

async function afterLogout({ accessToken }, tell) {
  tell('callLive', await weather(accessToken));
  tell('logOut', await callWith(accessToken, 'POST', '/api/auth/logout', {}));
  const late = await weather(accessToken);
  tell('callDead', late);
  return { held: late.body?.code === 'invalid_token', why: 'afterLogout' };
}

async function tamper({ accessToken }, tell) {
  const { parts, payload } = parseAccessToken(accessToken);
  const forged = [parts[0], encodePart({ ...payload, roles: ['ADMIN'] }), parts[2]].join('.');
  tell('callLive', await weather(accessToken));
  const answer = await weather(forged);
  tell('callForged', answer);
  return { held: answer.body?.code === 'invalid_token', why: 'tamper' };
}

async function race({ refreshToken }, tell) {
  const answers = await Promise.all(Array.from({ length: RACERS }, () => refresh(refreshToken)));
  for (const answer of answers) tell('race', answer);
  const successors = new Set(answers.filter(({ status }) => status === 200).map(({ body }) => body.refreshToken));
  const winners = answers.filter(({ status }) => status === 200).length;
  return { held: successors.size === 1, why: winners === RACERS ? 'race' : 'raceStrict', values: { winners } };
}

async function climb({ accessToken }, tell) {
  const answer = await callWith(accessToken, 'GET', '/api/users');
  tell('callAdmin', answer);
  return { held: answer.status === 403, why: 'climb' };
}

export const ATTACKS = { replay, afterLogout, tamper, race, climb };

const EMAIL_HOST = 'attack.invalid';
const random = () => [...crypto.getRandomValues(new Uint8Array(12))]
  .map((byte) => byte.toString(16).padStart(2, '0')).join('');

/* An account for attacks: { email, password }, or the refusal as { problem }. */
export async function makeVictim() {
  const person = { email: `victim-${random()}@${EMAIL_HOST}`, password: `${random()} ${random()}` };
  const answer = await callWith(null, 'POST', '/api/auth/register', person);
  return answer.status === 201 ? person : { problem: answer };
}

export const logIn = ({ email, password }) =>
  callWith(null, 'POST', '/api/auth/login', { email, password });

/* It leaves nothing behind. */
export async function deleteVictim(person) {
  const { body } = await logIn(person);
  await callWith(body?.accessToken, 'DELETE', '/api/users/me', { password: person.password });
}
