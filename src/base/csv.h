/*
 * Comma-separated values (RFC 4180): cells with commas, quotes and line ends
 * in quotes, rows that end in CR LF or LF.
 */
#ifndef LATCHKEY_BASE_CSV_H
#define LATCHKEY_BASE_CSV_H

#include "base/attrs.h"
#include "base/input.h"
#include "base/limits.h"
#include "base/str.h"

enum { CSV_CELLS = 32 };

struct csv_record {
	/* In which it begins. */
	int64_t line;
	/* Of all cells; only the first CSV_CELLS are kept. */
	size_t count;
	/* In text; unquoted, and empty for nothing. */
	struct str cells[CSV_CELLS];
	size_t len;
	char text[LIMIT_IMPORT_ROW];
};

/*
 * The next record; empty lines are passed over.
 * Returns 1, 0 at the end, or -1 with a constant sentence part: then it can't
 * be told where rows begin any more, and reading must stop.
 */
MUST_CHECK NONNULL int
csv_read(struct input *input, struct csv_record *record, const char **reason_r);

#endif
