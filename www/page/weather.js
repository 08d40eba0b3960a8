/* The sample of a protected address, also with a token that is dead. */

import { auth, callWith, call, isGood, session } from './auth.js';
import { $, make, onClick, say, wordsOf } from './dom.js';
import { day, t } from './i18n.js';

/* The last access token seen; it outlives its session, to be refused. */
let lastToken = null;

const degrees = (number, unit) => `${String(number).replace('-', '−')} °${unit}`;

function showDays(days) {
  $('weather-days').replaceChildren(...days.map(({ date, summary, temperatureC, temperatureF }) =>
    make('li', '',
      make('span', 'day', day.format(new Date(date))), ' ',
      make('span', 'sky', t(`sky.${summary}`)), ' ',
      make('span', 'warm', degrees(temperatureC, 'C')), ' ',
      make('span', 'warm soft', degrees(temperatureF, 'F')))));
  $('weather-days').hidden = false;
}

async function getWeather() {
  const isLate = !auth.isLoggedIn && lastToken !== null;
  const answer = isLate ? await callWith(lastToken, 'GET', '/api/weather', undefined, 'late')
    : await call('GET', '/api/weather');
  if (isGood(answer)) showDays(answer.body);
  else $('weather-days').hidden = true;
  say($('weather-note'), isGood(answer) ? t('letIn') : wordsOf(answer), isGood(answer) ? 'good' : 'bad');
}

function onSession({ detail }) {
  lastToken = auth.accessToken;
  $('weather').classList.add('main');
  $('weather-hint').textContent = t(`weatherHint.${auth.mode}`);
  if (detail.isNew) say($('weather-note'), '');
}

function onGuest() {
  $('weather').classList.remove('main');
  $('weather-days').hidden = true;
  $('weather-days').replaceChildren();
  $('weather-hint').textContent = t(lastToken ? 'weatherLate' : 'weatherLateCookie');
  say($('weather-note'), '');
}

export function prepareWeather() {
  session.addEventListener('session', onSession);
  session.addEventListener('guest', onGuest);
  onClick('weather', getWeather);
}
