/*
 * The demo page.  It does everything by latchkey.js, which an application
 * would use in the same way; each panel is a module in page/.
 */

import { prepareAccount } from './page/account.js';
import { session, user } from './page/auth.js';
import { prepareAttacks } from './page/breakit.js';
import { prepareDiagram } from './page/diagram.js';
import { $, exclusively, prepareTabs } from './page/dom.js';
import { language, t, translate } from './page/i18n.js';
import { prepareInspector } from './page/inspector.js';
import { goOn, prepareSession } from './page/session.js';
import { prepareSessions } from './page/sessions.js';
import { prepareTasks } from './page/tasks.js';
import { prepareWeather } from './page/weather.js';
import { prepareWire } from './page/wire-view.js';

/* Few need it, so it is fetched when somebody does. */
async function showAdmin() {
  const isAdmin = user?.roles.includes('ADMIN') ?? false;
  if (isAdmin && !$('admin').hasChildNodes()) {
    const { prepareAdmin } = await import('./page/admin.js');
    if (!$('admin').hasChildNodes()) prepareAdmin();
  }
  $('admin').hidden = !isAdmin;
}

function offerLanguage() {
  const other = language === 'en' ? 'de' : 'en';
  const link = $('other-language');
  link.href = `?lang=${other}`;
  link.lang = other;
  link.hreflang = other;
  link.textContent = t('otherLanguage');
}

/* What has been pressed and painted so far comes first: no timer, which would
   wait for a second in a tab that is not seen. */
function breathe() {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

const PANELS = [
  prepareTabs, prepareDiagram, prepareWire, prepareInspector, prepareWeather, prepareSessions,
  prepareTasks, prepareAccount, prepareAttacks,
];

/* Busy until every button does something and it is known who is here. */
async function start() {
  for (const prepare of PANELS) {
    prepare();
    await breathe();
  }
  session.addEventListener('session', showAdmin);
  session.addEventListener('guest', () => { $('admin').hidden = true; });
  prepareSession();
  await goOn();
}

translate();
offerLanguage();
exclusively(start);
