/*
 * A path of this site to go back to, or "/".  The same rule as src/base/path.c:
 * nothing that a browser or a server could take for another place.
 */
const MOST = 1024;
const FORM = /^\/(?:[A-Za-z0-9][A-Za-z0-9/._~%!$&'()*+,;=:@-]*)?(?:\?[A-Za-z0-9/?._~%!$&'()*+,;=:@-]*)?$/;
/* Empty segments, those that begin with a dot, and what hides one. */
const ODD = /\/(?:\/|\.)|%(?:2f|5c|2e|25|0|1)/i;

export function ownPath(text) {
  if (typeof text !== 'string' || text.length > MOST || !FORM.test(text)) return '/';
  return ODD.test(text.split('?')[0]) ? '/' : text;
}
