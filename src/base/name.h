/* What the names of things may look like, in one place. */
#ifndef LATCHKEY_BASE_NAME_H
#define LATCHKEY_BASE_NAME_H

#include "base/attrs.h"
#include "base/str.h"

/* A role: a letter A-Z, then A-Z, 0-9, _ and -, LIMIT_ROLE_NAME in all. */
MUST_CHECK bool name_is_role(struct str name);

/*
 * A key id: 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-', as it may stand in
 * a token's header and in a file name.
 */
MUST_CHECK bool name_is_key_id(struct str name);

/*
 * An e-mail address we accept (RFC 5321, 4.1.2, without quoted local parts
 * and address literals): a dot-atom, '@', and a host name of at least two
 * labels.  ASCII only; an international domain comes in its xn-- form.
 */
MUST_CHECK bool name_is_email(struct str name);

/*
 * A user name: a letter or digit, then letters, digits, '.', '_' and '-',
 * 2 to LIMIT_USERNAME in all, ASCII only: nothing that looks like another,
 * and no '@', so that it can't be taken for an address.
 */
MUST_CHECK bool name_is_username(struct str name);

/* A telephone number: digits with at most one leading '+' and separators. */
MUST_CHECK bool name_is_phone(struct str name);

#endif
