/* What must not be read over somebody's shoulder, and how it is shown. */

const SECRET_MEMBERS = [
  'password', 'confirmPassword', 'currentPassword', 'newPassword',
  'accessToken', 'refreshToken', 'clientSecret',
];
const SHOWN = 6;

/* A token's first letters tell one from another, and open nothing. */
export function maskText(text) {
  return /^(eyJ|lkr_)/.test(text) ? `${text.slice(0, SHOWN)}…` : '•••';
}

/* The same value with its secrets covered. */
export function mask(value) {
  if (Array.isArray(value)) return value.map(mask);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) =>
    [name, SECRET_MEMBERS.includes(name) && typeof member === 'string' ? maskText(member) : mask(member)]));
}

export const maskHeader = ([name, value]) => (name === 'authorization'
  ? [name, value.replace(/\S+$/, maskText)] : [name, value]);
