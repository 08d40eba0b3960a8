/* Every place where one is logged in. */

import { auth, call, isGood, news, outcome, session, tellTabs } from './auth.js';
import { $, exclusively, isSelected, make, makeButton, onClick, say, wordsOf } from './dom.js';
import { shortTime, t } from './i18n.js';
import { newestOf, showRows } from './lists.js';
import { loadWithTab } from './session.js';

const read = newestOf(() => call('GET', '/api/auth/sessions'));

/* A browser's name out of what it calls itself; else the first word. */
function browserOf(userAgent) {
  if (!userAgent) return t('unknownProgram');
  const known = [['Edg/', 'Edge'], ['Firefox/', 'Firefox'], ['Chrome/', 'Chrome'], ['Safari/', 'Safari']]
    .find(([mark]) => userAgent.includes(mark));
  return known ? known[1] : userAgent.split(/[/ ]/)[0];
}

async function end(id) {
  const answer = await call('DELETE', `/api/auth/sessions/${id}`);
  await load();
  tellTabs('sessions');
  if (isGood(answer)) {
    say($('sessions-note'), t('sessionEnded'), 'good');
    $('sessions-tab').focus();
  } else {
    say($('sessions-note'), wordsOf(answer), 'bad');
  }
}

function makeRow({ id, current, userAgent, lastIp, createdAt, lastUsedAt, expiresAt }) {
  const name = browserOf(userAgent);
  const times = t('sessionTimes', {
    since: shortTime.format(new Date(createdAt)), used: shortTime.format(new Date(lastUsedAt)),
    until: shortTime.format(new Date(expiresAt)),
  });
  const button = makeButton(t('end'), '', () => exclusively(() => end(id)));
  button.setAttribute('aria-label', t('endOf', { name, ip: lastIp }));
  const title = make('p', 'title', `${name}, ${lastIp}`);
  if (current) title.append(' ', make('span', 'badge good', t('thisOne')));
  return make('li', '', make('div', 'about', title, make('p', 'hint', times)), ...(current ? [] : [button]));
}

async function load() {
  const answer = await read();
  if (answer === null || !auth.isLoggedIn) return;
  if (!isGood(answer)) {
    say($('sessions-note'), wordsOf(answer), 'bad');
    return;
  }
  const { sessions } = answer.body;
  showRows($('sessions-list'), sessions, makeRow);
  $('sessions-others').hidden = sessions.length < 2;
}

async function endOthers() {
  const answer = await outcome(auth.logout('others'));
  if (!auth.isLoggedIn) return;
  await load();
  tellTabs('sessions');
  if (isGood(answer)) say($('sessions-note'), t('othersOut'), 'good');
  else say($('sessions-note'), wordsOf(answer), 'bad');
}

export function prepareSessions() {
  loadWithTab($('sessions-tab'), () => {
    say($('sessions-note'), '');
    return load();
  });
  onClick('sessions-others', endOthers);
  news.addEventListener('sessions', () => { if (auth.isLoggedIn && isSelected($('sessions-tab'))) load(); });
  session.addEventListener('guest', () => $('sessions-list').replaceChildren());
}
