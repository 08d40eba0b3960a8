/* What only administrators see: users, roles, and the audit trail. */

import { $, make, prepareTabs, selectTab } from './dom.js';
import { prepareAudit } from './audit.js';
import { t } from './i18n.js';
import { prepareRoles } from './roles.js';
import { prepareUsers } from './users.js';

const PANELS = { users: prepareUsers, roles: prepareRoles, audit: prepareAudit };

function makeTab(name, isFirst) {
  const tab = make('button', '', t(`admin.${name}`));
  tab.type = 'button';
  tab.id = `${name}-tab`;
  tab.setAttribute('role', 'tab');
  tab.setAttribute('aria-controls', `${name}-panel`);
  tab.setAttribute('aria-selected', String(isFirst));
  tab.tabIndex = isFirst ? 0 : -1;
  return tab;
}

function makePanel(name) {
  const panel = make('div', 'stack');
  panel.id = `${name}-panel`;
  panel.setAttribute('role', 'tabpanel');
  panel.setAttribute('aria-labelledby', `${name}-tab`);
  return panel;
}

export function prepareAdmin() {
  const title = make('h2', '', t('admin'));
  title.id = 'admin-title';
  const names = Object.keys(PANELS);
  const tabs = make('div', 'tabs', ...names.map((name, i) => makeTab(name, i === 0)));
  tabs.setAttribute('role', 'tablist');
  tabs.setAttribute('aria-labelledby', title.id);
  $('admin').append(title, tabs, ...names.map(makePanel));
  for (const name of names) PANELS[name]($(`${name}-panel`), $(`${name}-tab`));
  prepareTabs($('admin'));
  selectTab($('users-tab'));
}
