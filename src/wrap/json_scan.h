/* The grammar of RFC 8259 over bytes, before a library sees them. */
#ifndef LATCHKEY_WRAP_JSON_SCAN_H
#define LATCHKEY_WRAP_JSON_SCAN_H

#include "base/attrs.h"
#include "base/str.h"

/* The text grows by no more: "-0" becomes "-0e0". */
enum { JSON_SCAN_GROWTH = 2 };

struct json_scan {
	/* Object members written in the text, at every level. */
	size_t members;
	/*
	 * The same text with every integer that does not fit int64_t (and -0)
	 * written as a real number of the same value.
	 */
	size_t exact_len;
};

/*
 * Whether text is one JSON object as json_parse_object wants it, but for
 * duplicate names.  exact has room for text.len * JSON_SCAN_GROWTH bytes and
 * may be written to even where the text is refused.
 */
MUST_CHECK NONNULL bool
json_scan_object(struct str text, char *exact, struct json_scan *scan_r);

#endif
