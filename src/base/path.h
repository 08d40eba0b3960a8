/* Paths that a browser may be sent to. */
#ifndef LATCHKEY_BASE_PATH_H
#define LATCHKEY_BASE_PATH_H

#include "base/attrs.h"
#include "base/str.h"

/*
 * Whether text is a path on this site, perhaps with a query, that no browser
 * takes for an address elsewhere: "/", or a slash, a letter or digit, and
 * then letters, digits and the punctuation of RFC 3986 without fragment; in
 * the path no empty segment and none that begins with a dot, nor a slash,
 * backslash or dot that is hidden by a percent sign; LIMIT_RETURN in all.
 */
MUST_CHECK bool path_is_own(struct str text);

/* Whether every byte may stand in a path or a query (RFC 3986, 3.3). */
MUST_CHECK bool path_has_plain_bytes(struct str text);

#endif
