/* A login by cookies for sites behind the gate, and back to the page. */
import { Latchkey, LatchkeyError } from '../latchkey.js';
import { ownPath } from './own-path.js';

const auth = new Latchkey({ mode: 'cookie' });
const to = ownPath(new URLSearchParams(location.search).get('to')) + location.hash;
const element = (id) => document.getElementById(id);

async function logIn() {
  const name = element('name').value.trim();
  const password = element('password').value;
  await auth.login({ [name.includes('@') ? 'email' : 'username']: name, password });
  location.replace(to);
}

element('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  element('note').textContent = '';
  element('send').disabled = true;
  try {
    await logIn();
  } catch (error) {
    element('note').textContent = error instanceof LatchkeyError
      ? error.message : 'The service does not answer at the moment.';
    element('send').disabled = false;
    element('password').select();
  }
});
