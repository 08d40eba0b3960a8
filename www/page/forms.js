/* Forms: what was filled in, and what is wrong with it. */

import { $, exclusively, make, say, wordsOf, wordsOfField } from './dom.js';
import { t } from './i18n.js';

function clearFieldError(input) {
  $(`${input.id}-error`)?.remove();
  input.removeAttribute('aria-invalid');
  const hint = $(`${input.id}-hint`);
  if (hint) input.setAttribute('aria-describedby', hint.id);
  else input.removeAttribute('aria-describedby');
}

function showFieldError(input, message) {
  clearFieldError(input);
  const error = make('p', 'error', message);
  error.id = `${input.id}-error`;
  input.after(error);
  input.setAttribute('aria-invalid', 'true');
  const hint = input.getAttribute('aria-describedby');
  input.setAttribute('aria-describedby', hint ? `${error.id} ${hint}` : error.id);
  const details = input.closest('details');
  if (details) details.open = true;
}

const sameName = (field) => field;

/* Each error beside its field, if the form has the field. */
export function showProblem(form, note, answer, inputOf = sameName) {
  const errors = answer.body?.errors ?? [];
  const homeless = [];
  for (const error of errors) {
    const input = form.elements.namedItem(inputOf(error.field));
    if (input) showFieldError(input, wordsOfField(error));
    else homeless.push(`${error.field}: ${wordsOfField(error)}.`);
  }
  const first = form.querySelector('[aria-invalid]');
  if (!first) {
    say(note, errors.length > 0 ? homeless.join(' ') : wordsOf(answer), 'bad');
    return;
  }
  say(note, [t('lookAtMarked'), ...homeless].join(' '), 'bad');
  first.focus();
}

export function clearForm(form, note) {
  for (const input of form.querySelectorAll('[aria-invalid]')) clearFieldError(input);
  say(note, '');
}

/* What was filled in, without the empty fields. */
export const filledIn = (form) => Object.fromEntries([...new FormData(form)].filter(([, value]) => value));

/* Anything but digits goes as it is, for the server to judge. */
export const numberIn = (text) => (/^\d{1,9}$/.test(text) ? Number(text) : text);

export function onSubmit(form, action) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    exclusively(action);
  });
  form.addEventListener('input', (event) => clearFieldError(event.target));
}
