/* Where words begin in a text, for a search by their beginnings. */
#ifndef LATCHKEY_BASE_WORDS_H
#define LATCHKEY_BASE_WORDS_H

#include "base/attrs.h"
#include "base/str.h"

struct words {
	struct str text;
	size_t next;
};

#define WORDS_OF(s) ((struct words){ .text = (s) })

/*
 * The text from the next beginning of a word to its end.  Words begin at the
 * first byte, at every ASCII character that is no letter and no digit, after
 * one, and where letters and digits meet; all else is letters.  So
 * "ann.lee7" gives "ann.lee7", ".lee7", "lee7", "7".
 * Returns 1, or 0 after the last.
 */
MUST_CHECK NONNULL int words_next(struct words *words, struct str *rest_r);

#endif
