/* The access token, taken apart, and how much life it has left. */

import { $, clock, dateAndTime, make } from './dom.js';

const CLAIMS = {
  alg: 'Algorithm',
  kid: 'Signing key',
  typ: 'Type',
  iss: 'Issuer',
  aud: 'Audience',
  sub: 'User id',
  sid: 'Session id',
  ver: 'Version of the user',
  jti: 'Token id',
  iat: 'Issued',
  nbf: 'Valid from',
  exp: 'Valid until',
  client_id: 'Client',
  token_use: 'Use',
  email: 'E-mail',
  roles: 'Roles',
  preferred_username: 'User name',
  phone_number: 'Phone',
  age: 'Age',
};
const TIME_CLAIMS = ['iat', 'nbf', 'exp'];

function decodePart(part) {
  const bytes = atob(part.replaceAll('-', '+').replaceAll('_', '/'));
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0))));
}

function valueOf(name, value) {
  if (TIME_CLAIMS.includes(name)) return `${dateAndTime.format(value * 1000)} (${value})`;
  if (Array.isArray(value)) return value.join(', ') || 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function listClaims(list, claims) {
  list.replaceChildren(...Object.entries(claims).map(([name, value]) => make('div', '',
    make('dt', '', CLAIMS[name] ?? '', ' ', make('code', '', name)),
    make('dd', '', valueOf(name, value)))));
}

/* null: it is in a cookie, where no script sees it. */
export function showToken(token) {
  const parts = token?.split('.');
  if (parts) {
    listClaims($('token-header'), decodePart(parts[0]));
    listClaims($('token-payload'), decodePart(parts[1]));
    $('token-raw').replaceChildren(
      make('span', 'part-1', parts[0]), '.',
      make('span', 'part-2', parts[1]), '.',
      make('span', 'part-3', parts[2]));
  }
  for (const part of document.querySelectorAll('.token-part')) part.hidden = !parts;
  $('token-unseen').hidden = Boolean(parts);
  $('token').hidden = false;
  $('token-none').hidden = true;
}

function duration(seconds) {
  const parts = [[Math.floor(seconds / 3600), 'h'], [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's']];
  const first = parts.findIndex(([count]) => count > 0);
  return parts.slice(first < 0 ? 2 : first).map(([count, unit]) => `${count} ${unit}`).join(' ');
}

function showBadge(text, tone) {
  $('token-state').textContent = text;
  $('token-state').className = `badge ${tone}`;
  $('token-state').hidden = false;
}

/* left, life: in seconds; end: when, in milliseconds. */
export function showLife({ left, life, end, isOver }) {
  const isLive = !isOver && left > 0;
  const endsAt = clock.format(end);
  if (isOver) {
    showBadge('Dead', 'bad');
    $('token-left').textContent = 'Dead, because its session has ended.';
    $('token-end').textContent = `Its own time would have lasted until ${endsAt}.`;
  } else if (isLive) {
    showBadge('Live', 'good');
    $('token-left').textContent = `Expires in ${duration(Math.ceil(left))},`;
    $('token-end').textContent = `at ${endsAt}. Before that, a new one takes its place.`;
  } else {
    showBadge('Expired', 'warn');
    $('token-left').textContent = 'Expired.';
    $('token-end').textContent = 'Refresh, and a new one takes its place.';
  }
  $('token-key').classList.toggle('worn', !isLive);
  $('token-life').max = life;
  $('token-life').value = isLive ? left : 0;
}
