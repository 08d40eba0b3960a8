/*
 * Name and value pairs as in a query string or a form's body
 * (application/x-www-form-urlencoded, WHATWG URL, 5.1).
 */
#ifndef LATCHKEY_BASE_FORM_H
#define LATCHKEY_BASE_FORM_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/str.h"

enum form_found {
	FORM_ABSENT,
	FORM_FOUND,
	/*
	 * The name occurs twice, or its value holds an escape that is none,
	 * NUL, or what is no UTF-8.
	 */
	FORM_BAD,
	FORM_NO_MEMORY,
};

/*
 * Look a name up in the encoded text.  *value_r is decoded, lives in the
 * arena, and is written only where FORM_FOUND.  Other names do not matter.
 */
MUST_CHECK NONNULL enum form_found form_find(struct arena *arena,
    struct str encoded, struct str name, struct str *value_r);

/*
 * The same for a value by itself.  Returns FORM_FOUND, FORM_BAD or
 * FORM_NO_MEMORY.
 */
MUST_CHECK NONNULL enum form_found
form_decode(struct arena *arena, struct str encoded, struct str *value_r);

#endif
