/* The token inspector: what the page holds, and how long it lasts. */

import { auth, news, session, tellTabs } from './auth.js';
import { listClaims, prepareClaims, valueOf } from './claims.js';
import { $, make } from './dom.js';
import { clock, count, dateAndTime, t } from './i18n.js';
import { differences, lettersOf, parseAccessToken, parseRefreshToken } from './token.js';
import { verify } from './verify.js';

const TICK_MS = 1000;

/* What is shown: { access, refresh, life, end, isOver }, or null. */
let shown = null;

/* --- The access token ---------------------------------------------------- */

function duration(seconds) {
  const parts = [[Math.floor(seconds / 3600), 'h'], [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's']];
  const first = parts.findIndex(([amount]) => amount > 0);
  return parts.slice(first < 0 ? 2 : first).map(([amount, unit]) => `${amount} ${unit}`).join(' ');
}

function showBadge(state, tone) {
  $('token-state').textContent = t(`token.${state}`);
  $('token-state').className = `badge ${tone}`;
  $('token-state').hidden = false;
}

function stateOf(left) {
  if (shown.isOver) return ['dead', 'bad'];
  return left > 0 ? ['live', 'good'] : ['expired', 'warn'];
}

function tick() {
  if (!shown) return;
  const left = shown.isOver ? 0 : auth.secondsLeft;
  const [state, tone] = stateOf(left);
  const values = { left: duration(Math.ceil(left)), end: clock.format(shown.end) };
  const plan = state === 'live' && !auth.renewsAhead ? 'liveUntilEnd' : state;
  showBadge(state, tone);
  $('token-left').textContent = t(`left.${state}`, values);
  $('token-end').textContent = t(`then.${plan}`, values);
  $('token-key').classList.toggle('worn', state !== 'live');
  $('token-life').max = shown.life;
  $('token-life').value = left;
}

async function showSignature(access) {
  const verdict = $('token-signature');
  verdict.textContent = t('sig.checking');
  verdict.className = 'verdict';
  const result = await verify(access);
  if (shown?.access !== access) return;
  const { alg, kid } = access.header;
  verdict.textContent = t(`sig.${result}`, { alg, kid });
  verdict.className = `verdict ${{ valid: 'good', invalid: 'bad' }[result] ?? ''}`;
}

function showAccess(access) {
  for (const part of document.querySelectorAll('.token-part')) part.hidden = !access;
  $('token-unseen').hidden = Boolean(access);
  $('token').hidden = false;
  $('token-none').hidden = true;
  if (!access) return;
  listClaims($('token-header'), Object.entries(access.header));
  listClaims($('token-payload'), Object.entries(access.payload));
  const [header, payload, signature] = access.parts;
  $('token-raw').replaceChildren(
    make('span', 'part-1', header), '.', make('span', 'part-2', payload), '.',
    make('span', 'part-3', signature));
  showSignature(access);
}

/* --- The refresh token --------------------------------------------------- */

function showRefresh(token, fields) {
  for (const part of document.querySelectorAll('.refresh-part')) part.hidden = !fields;
  $('refresh-none').hidden = true;
  $('refresh-token').hidden = false;
  $('refresh-where').textContent = t(`refreshWhere.${auth.mode}`, {
    time: dateAndTime.format(auth.sessionExpiresAt),
  });
  $('refresh-generation').hidden = !fields;
  if (!fields) return;
  $('refresh-generation').textContent = t('generation', { number: count(fields.generation) });
  listClaims($('refresh-fields'), Object.entries(fields), 'lk');
  $('refresh-raw').replaceChildren(...lettersOf(token).map(([name, letters]) => make('span', `lk-${name}`, letters)));
}

/* --- The rotation -------------------------------------------------------- */

function listChanges(changed) {
  $('rotation-changes').replaceChildren(...changed.map(([name, before, after]) => make('div', '',
    make('dt', '', make('code', '', name)),
    make('dd', '',
      make('del', '', valueOf(name, before)), ' ',
      make('ins', '', valueOf(name, after))))));
}

function showRotation(before, after) {
  const isSeen = before?.access && after.access && !before.isOver
    && before.access.payload.sid === after.access.payload.sid;
  $('rotation').hidden = !isSeen;
  if (!isSeen) return;
  const access = differences(before.access.payload, after.access.payload);
  const refresh = differences(before.refresh ?? {}, after.refresh ?? {});
  listChanges([...refresh.changed, ...access.changed]);
  $('rotation-same').textContent = t('rotationSame', { names: [...refresh.same, ...access.same].join(', ') });
}

/* --- Together ------------------------------------------------------------ */

async function onSession() {
  const token = auth.accessToken;
  const isSameToken = shown && !shown.isOver && shown.token === token && shown.end === endOf();
  if (isSameToken) return;
  const refreshToken = await auth.readRefreshToken();
  if (!auth.isLoggedIn || auth.accessToken !== token) return;
  const before = shown;
  shown = {
    token,
    access: token && parseAccessToken(token),
    refresh: parseRefreshToken(refreshToken),
    life: auth.lifeS,
    end: endOf(),
    isOver: false,
  };
  showAccess(shown.access);
  showRefresh(refreshToken, shown.refresh);
  if (token !== before?.token) showRotation(before, shown);
  $('let-expire').hidden = false;
  $('let-expire-hint').hidden = false;
  tick();
}

const endOf = () => Math.round((Date.now() + auth.secondsLeft * 1000) / 1000) * 1000;

function onGuest() {
  if (!shown) return;
  shown.isOver = true;
  setRenewal(true);
  $('let-expire').hidden = true;
  $('let-expire-hint').hidden = true;
  $('refresh-where').textContent = t('refreshWhere.over');
  $('rotation').hidden = true;
  tick();
}

/* In all tabs, since each would renew for the others. */
function setRenewal(isAhead) {
  auth.renewsAhead = isAhead;
  $('let-expire').setAttribute('aria-pressed', String(!isAhead));
  $('let-expire-hint').textContent = t(isAhead ? 'renewsAhead' : 'letsExpire');
  tick();
}

function toggleRenewal() {
  const isAhead = !auth.renewsAhead;
  setRenewal(isAhead);
  tellTabs('renewal', isAhead);
}

export function prepareInspector() {
  prepareClaims();
  session.addEventListener('session', ({ detail }) => detail.waitUntil(onSession()));
  session.addEventListener('guest', onGuest);
  $('let-expire').addEventListener('click', toggleRenewal);
  news.addEventListener('renewal', ({ detail }) => setRenewal(detail));
  $('let-expire-hint').textContent = t('renewsAhead');
  setInterval(tick, TICK_MS);
}
