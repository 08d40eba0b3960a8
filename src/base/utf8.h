/* UTF-8 as RFC 3629 has it: no overlong forms, no surrogates. */
#ifndef LATCHKEY_BASE_UTF8_H
#define LATCHKEY_BASE_UTF8_H

#include "base/attrs.h"
#include "base/str.h"

#include <stdint.h>

/* Bytes of a code point, at most. */
enum { UTF8_MOST = 4 };

/*
 * Take one code point off the front of *rest.
 * Returns 1, 0 at the end, or -1 where the bytes are no UTF-8.
 */
MUST_CHECK NONNULL int utf8_next(struct str *rest, uint32_t *point_r);

/* Number of code points, or -1 where the bytes are no UTF-8. */
MUST_CHECK int64_t utf8_count(struct str s);

/*
 * Whether a person may carry this as a name: no control characters and none
 * that turn or hide the text around them (bidi controls, zero width, BOM).
 */
MUST_CHECK bool utf8_is_plain(struct str s);

/* Whether it is one line: no control characters, nothing that breaks it. */
MUST_CHECK bool utf8_is_line(struct str s);

#endif
