/* Parts of forms that are made by script. */

import { exclusively, make, makeButton } from './dom.js';
import { t } from './i18n.js';

/* A labelled field; attributes as properties of the input. */
export function makeField(id, name, label, properties = {}, tag = 'input') {
  const control = make(tag, '');
  Object.assign(control, { id, name, autocomplete: 'off', ...properties });
  const caption = make('label', '', label);
  caption.htmlFor = id;
  return make('div', 'field', caption, control);
}

/* choices: [value, text]. */
export function makeSelect(id, name, label, choices) {
  const field = makeField(id, name, label, {}, 'select');
  field.lastChild.append(...choices.map(([value, text]) => new Option(text, value)));
  return field;
}

export function makeForm(className, ...children) {
  const form = make('form', className, ...children);
  form.method = 'post';
  form.noValidate = true;
  return form;
}

export function makeNote(id) {
  const note = make('p', 'note');
  note.id = id;
  return note;
}

/* What can't be undone is asked twice, in the same place. */
export function makeDangerButton(text, label, action) {
  const button = makeButton(text, 'danger', () => {
    if (button.dataset.sure) {
      exclusively(action);
    } else {
      button.dataset.sure = 'yes';
      button.textContent = t('sure');
      button.setAttribute('aria-label', `${t('sure')} ${label}`);
    }
  });
  const calm = () => {
    delete button.dataset.sure;
    button.textContent = text;
    button.setAttribute('aria-label', label);
  };
  button.addEventListener('blur', calm);
  calm();
  return button;
}
