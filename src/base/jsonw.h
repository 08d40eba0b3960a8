/*
 * Writing JSON (RFC 8259), member by member, straight into a buffer.  Commas
 * take care of themselves; closing what was opened is the caller's part.
 */
#ifndef LATCHKEY_BASE_JSONW_H
#define LATCHKEY_BASE_JSONW_H

#include "base/attrs.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/uuid.h"

struct jsonw {
	struct buf *buf;
	/* The next value is the first of its object or array. */
	bool is_first;
};

#define JSONW_INTO(b) ((struct jsonw){ .buf = (b), .is_first = true })

/*
 * How many bytes of s, from its start, are what they are in a JSON string:
 * printable ASCII without quotes and backslashes.
 */
MUST_CHECK size_t jsonw_verbatim_len(struct str s);

/* name is NULL inside an array and for the outermost value. */
void jsonw_object(struct jsonw *w, const char *name);
void jsonw_object_end(struct jsonw *w);
void jsonw_array(struct jsonw *w, const char *name);
void jsonw_array_end(struct jsonw *w);
/* An absent value is written as null; bytes that are no UTF-8 as U+FFFD. */
void jsonw_str(struct jsonw *w, const char *name, struct str value);
void jsonw_int(struct jsonw *w, const char *name, int64_t value);
void jsonw_bool(struct jsonw *w, const char *name, bool value);
void jsonw_null(struct jsonw *w, const char *name);
/* RFC 3339 text of Unix seconds. */
void jsonw_time(struct jsonw *w, const char *name, int64_t unix_s);
/* The same of Unix milliseconds, which are shown where they are not 0. */
void jsonw_time_ms(struct jsonw *w, const char *name, int64_t unix_ms);
void jsonw_uuid(struct jsonw *w, const char *name, const struct uuid *uuid);

#endif
