/* "Try to break it": a button for each attack, and what came of it. */

import { ATTACKS, deleteVictim, logIn, makeVictim } from './attacks.js';
import { isGood } from './auth.js';
import { $, announce, exclusively, make, makeButton, onClick, say, wordsOf } from './dom.js';
import { t } from './i18n.js';

/* By name: where its outcome is shown. */
const places = new Map();

function showStep(list, what, answer) {
  const code = answer.body?.code ?? '';
  const tone = isGood(answer) ? 'good' : 'warn';
  list.append(make('li', '',
    make('span', '', t(`do.${what}`)), ' ',
    make('span', `status ${tone}`, answer.status === 0 ? t('noAnswerShort') : `${answer.status} ${code}`)));
}

function showVerdict(place, { held, why, values }) {
  const text = held ? t(`why.${why}`, values) : t('why.failed');
  place.append(
    make('p', `badge ${held ? 'good' : 'bad'}`, t(held ? 'held' : 'broke')),
    make('p', '', text));
  announce(`${t(held ? 'held' : 'broke')} ${text}`);
}

async function attack(name, person) {
  const place = places.get(name);
  const list = make('ol', 'steps');
  place.replaceChildren(list);
  const login = await logIn(person);
  if (!isGood(login)) {
    say($('attacks-note'), wordsOf(login), 'bad');
    return;
  }
  const result = await ATTACKS[name](login.body, (what, answer) => showStep(list, what, answer));
  showVerdict(place, result);
}

async function attackAll(names) {
  say($('attacks-note'), '');
  const person = await makeVictim();
  if (person.problem) {
    say($('attacks-note'), t('noVictim', { why: wordsOf(person.problem) }), 'bad');
    return;
  }
  for (const name of names) await attack(name, person);
  await deleteVictim(person);
}

function makeCard(name) {
  const place = make('div', 'outcome');
  place.id = `attack-${name}-outcome`;
  places.set(name, place);
  const title = make('h3', '', t(`attack.${name}`));
  title.id = `attack-${name}-title`;
  const button = makeButton(t('attackOne'), '', () => exclusively(() => attackAll([name])));
  button.id = `attack-${name}`;
  button.setAttribute('aria-describedby', title.id);
  return make('article', 'attack', title, make('p', 'hint', t(`attack.${name}.what`)), button, place);
}

export function prepareAttacks() {
  $('attacks').append(...Object.keys(ATTACKS).map(makeCard));
  onClick('attack-all', () => attackAll(Object.keys(ATTACKS)));
}
