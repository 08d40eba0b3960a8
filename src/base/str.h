/* A borrowed run of bytes, and what one asks of it. */
#ifndef LATCHKEY_BASE_STR_H
#define LATCHKEY_BASE_STR_H

#include "base/arena.h"
#include "base/attrs.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Not terminated, may hold any byte; ptr is NULL for an absent value. */
struct str {
	const char *ptr;
	size_t len;
};

#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
#define STR_INIT(literal) \
	{ \
		"" literal, sizeof(literal) - 1 \
	}
#define STR_NONE ((struct str){ NULL, 0 })

/* For printf's "%.*s". */
#define STR_ARG(s) (int)(s).len, (s).ptr == NULL ? "" : (s).ptr

/* NULL gives an absent value. */
MUST_CHECK struct str str_from(const char *text);
MUST_CHECK bool str_equal(struct str a, struct str b);
/* ASCII letters only: no locale takes part. */
MUST_CHECK bool str_equal_nocase(struct str a, struct str b);
MUST_CHECK bool str_starts(struct str s, struct str prefix);
MUST_CHECK bool str_ends(struct str s, struct str suffix);
MUST_CHECK bool str_has_byte(struct str s, char byte);
/* Without spaces and tabs at both ends. */
MUST_CHECK struct str str_trim(struct str s);
/* s from offset on; empty past the end. */
MUST_CHECK struct str str_from_offset(struct str s, size_t offset);

/*
 * Take the part of *rest before sep and leave what follows it.  Returns
 * false, with all of it taken, where sep does not occur.
 */
NONNULL bool str_cut(struct str *rest, char sep, struct str *part_r);

/* Whether a list of texts, separated by sep, has this one. */
MUST_CHECK bool str_list_has(struct str list, char sep, struct str item);

/*
 * A decimal integer: an optional '-', digits, nothing else, no leading zero.
 * Returns 1, or 0 for any other text or a value that does not fit.
 */
MUST_CHECK NONNULL int str_to_int64(struct str s, int64_t *value_r);

/* A terminated copy; NULL when the arena is full. */
MUST_CHECK NONNULL char *str_to_c(struct arena *arena, struct str s);
/* A copy in the arena; absent when the arena is full. */
MUST_CHECK NONNULL struct str str_copy(struct arena *arena, struct str s);
/* A copy with A-Z lowered; absent when the arena is full. */
MUST_CHECK NONNULL struct str str_lower(struct arena *arena, struct str s);

/*
 * A copy of at most `most` bytes, with '?' for whatever is no printable ASCII;
 * absent when the arena is full.
 */
MUST_CHECK NONNULL struct str
str_visible(struct arena *arena, struct str s, size_t most);

/* ASCII classes without a locale. */
MUST_CHECK bool ascii_is_digit(char c);
MUST_CHECK bool ascii_is_alpha(char c);
MUST_CHECK bool ascii_is_alnum(char c);
MUST_CHECK char ascii_lower(char c);
MUST_CHECK char ascii_upper(char c);

#endif
