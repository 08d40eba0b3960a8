/* What every part of the page needs: elements, notes, tabs. */

const ANNOUNCED_MS = 3000;

export const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
export const dateAndTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

export const $ = (id) => document.getElementById(id);

export function make(tag, className, ...children) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...children);
  return element;
}

/* An address may go on in the next line after its @. */
export const breakable = (text) => text.split(/(?<=@)/)
  .flatMap((part, i) => (i === 0 ? [part] : [document.createElement('wbr'), part]));

/*
 * Notes are seen; the announcer, which is never hidden, is heard.  It is
 * emptied soon, so that nobody comes upon the same words twice.
 */
let silence;
export function say(note, text, tone = '') {
  note.textContent = text;
  note.className = `note ${tone}`;
  $('announcer').textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => { $('announcer').textContent = ''; }, ANNOUNCED_MS);
}

/* A problem document (RFC 9457) in plain words. */
export function wordsOf({ status, body }) {
  if (status === 0) return 'The server does not answer. Is it running?';
  if (!body?.title) return `The server answered ${status} without an explanation.`;
  return `${body.title}. ${body.detail ?? ''}`;
}

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

export function selectTab(tab) {
  for (const other of document.querySelectorAll('[role=tab]')) {
    const isSelected = other === tab;
    other.setAttribute('aria-selected', String(isSelected));
    other.tabIndex = isSelected ? 0 : -1;
    $(other.getAttribute('aria-controls')).hidden = !isSelected;
  }
}

function onTabKey(event) {
  const tabs = [...document.querySelectorAll('[role=tab]')];
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

export function prepareTabs() {
  for (const tab of document.querySelectorAll('[role=tab]')) {
    tab.addEventListener('click', () => selectTab(tab));
    tab.addEventListener('keydown', onTabKey);
  }
}
