/*
 * The language of the page: English, which stands in index.html and
 * lang/en.js, or that of a file in lang/ which the browser prefers.  A link
 * with ?lang= chooses too.
 */

import english from '../lang/en.js';

const OTHERS = ['de'];

const wish = new URLSearchParams(location.search).get('lang');
const wishes = [...(wish ? [wish] : []), ...navigator.languages];
const known = (tag) => ['en', ...OTHERS].find((language) => tag.toLowerCase().split('-')[0] === language);
export const language = wishes.map(known).find(Boolean) ?? 'en';
/* Dates as the reader's region writes them; without one, the day comes first. */
const region = navigator.languages.find((tag) => tag.includes('-') && known(tag) === language);
const locale = region ?? (language === 'en' ? 'en-GB' : language);

const messages = language === 'en' ? english
  : { ...english, ...(await import(`../lang/${language}.js`)).default };

export const has = (key) => key in messages;

/* The message of a key, with {names} filled in. */
export const t = (key, values = {}) =>
  (messages[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

export const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
export const dateAndTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
export const shortTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
export const day = new Intl.DateTimeFormat(locale, {
  weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC',
});
const number = new Intl.NumberFormat(locale);
export const count = (value) => number.format(value);

/* What stands in index.html, in the reader's language. */
export function translate(root = document) {
  if (language === 'en') return;
  document.documentElement.lang = language;
  for (const element of root.querySelectorAll('[data-t]')) element.textContent = t(element.dataset.t);
  for (const element of root.querySelectorAll('[data-t-label]')) {
    element.setAttribute('aria-label', t(element.dataset.tLabel));
  }
}
