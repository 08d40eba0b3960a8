/* Shows the description of this server's API, to read and to try out. */

const isDark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', isDark.matches);
follow();
isDark.addEventListener('change', follow);

/* What the viewer leaves for those who do not see it, or have no mouse. */
const name = (text) => (element) => element.setAttribute('aria-label', text);
const level = (number) => (heading) => heading.setAttribute('aria-level', number);
const region = (text) => (element) => {
  element.setAttribute('role', 'region');
  name(text)(element);
};
const MENDS = [
  [':is(h3, h4):not([aria-level])', level(2)],
  ['.information-container:not([role])', region('About')],
  ['.schemes-server-container:not([role])', region('Server and authorization')],
  /* A link inside of the button that opens the same operation. */
  ['.opblock-summary-control a[href]', (link) => link.removeAttribute('href')],
  ['.microlight:not([tabindex])', (code) => { code.tabIndex = 0; }],
  ['select:not([aria-label])', name('Choose')],
  ['textarea:not([aria-label])', name('Request body')],
  ['.close-modal:not([aria-label])', name('Close')],
  ['.auth-btn-wrapper [aria-label]', (button) => button.removeAttribute('aria-label')],
  ['.modal-ux:not([role])', (dialog) => {
    dialog.setAttribute('role', 'dialog');
    dialog.setAttribute('aria-modal', 'true');
    dialog.setAttribute('aria-label', 'Authorize');
  }],
];

function mend() {
  for (const [selector, action] of MENDS) document.querySelectorAll(`#viewer ${selector}`).forEach(action);
}

new MutationObserver(mend).observe(document.getElementById('viewer'), { childList: true, subtree: true });

globalThis.SwaggerUIBundle({
  url: '../openapi.yaml',
  dom_id: '#viewer',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  /* Neither asks other servers nor keeps what was typed. */
  validatorUrl: null,
  persistAuthorization: false,
  queryConfigEnabled: false,
});
