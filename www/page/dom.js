/* What every part of the page needs: elements, notes, tabs. */

import { has, t } from './i18n.js';

const ANNOUNCED_MS = 3000;

export const $ = (id) => document.getElementById(id);

export function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

export function makeButton(text, className, action) {
  const button = make('button', className, text);
  button.type = 'button';
  button.addEventListener('click', action);
  return button;
}

/* An address may go on in the next line after its @. */
export const breakable = (text) => text.split(/(?<=@)/)
  .flatMap((part, i) => (i === 0 ? [part] : [document.createElement('wbr'), part]));

/*
 * Notes are seen; the announcer, which is never hidden, is heard.  It is
 * emptied soon, so that nobody comes upon the same words twice.
 */
let silence;
export function announce(text) {
  $('announcer').textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => { $('announcer').textContent = ''; }, ANNOUNCED_MS);
}

export function say(note, text, tone = '') {
  note.textContent = text;
  note.className = `note ${tone}`;
  if (text) announce(text);
}

/* A problem document (RFC 9457) in plain words. */
export function wordsOf({ status, body }) {
  if (status === 0) return t('noAnswer');
  if (!body?.title) return t('noExplanation', { status });
  return has(`problem.${body.code}`) ? t(`problem.${body.code}`) : `${body.title}. ${body.detail ?? ''}`;
}

/* What is wrong with one field: in the reader's language if that is known. */
export const wordsOfField = ({ code, message }) => (has(`field.${code}`) ? t(`field.${code}`) : message);

/* Requests one after the other: an answer never meets another state. */
export async function exclusively(action) {
  const main = document.querySelector('main');
  if (main.getAttribute('aria-busy') === 'true') return;
  main.setAttribute('aria-busy', 'true');
  try {
    await action();
  } finally {
    main.setAttribute('aria-busy', 'false');
  }
}

export const onClick = (id, action) => $(id).addEventListener('click', () => exclusively(action));

const tabsOf = (tab) => [...tab.closest('[role=tablist]').querySelectorAll('[role=tab]')];

/* Whoever shows something in the tab's panel hears "select" on it. */
export function selectTab(tab) {
  for (const other of tabsOf(tab)) {
    const isSelected = other === tab;
    other.setAttribute('aria-selected', String(isSelected));
    other.tabIndex = isSelected ? 0 : -1;
    $(other.getAttribute('aria-controls')).hidden = !isSelected;
  }
  tab.dispatchEvent(new Event('select'));
}

export const isSelected = (tab) => tab.getAttribute('aria-selected') === 'true';

function onTabKey(event) {
  const tabs = tabsOf(event.target);
  const at = tabs.indexOf(event.target);
  const next = {
    ArrowRight: (at + 1) % tabs.length,
    ArrowLeft: (at + tabs.length - 1) % tabs.length,
    Home: 0,
    End: tabs.length - 1,
  }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  selectTab(tabs[next]);
  tabs[next].focus();
}

export function prepareTabs(root = document) {
  for (const tab of root.querySelectorAll('[role=tab]')) {
    tab.addEventListener('click', () => selectTab(tab));
    tab.addEventListener('keydown', onTabKey);
  }
}
