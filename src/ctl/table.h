/* Rows in columns, for people to read. */
#ifndef LATCHKEY_CTL_TABLE_H
#define LATCHKEY_CTL_TABLE_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/str.h"
#include "base/uuid.h"

#include <stdint.h>

enum { TABLE_COLUMNS = 12 };

struct table_row;

struct table {
	struct arena *arena;
	size_t columns;
	/* Widest cell of each column, in code points. */
	size_t widths[TABLE_COLUMNS];
	struct table_row *first;
	struct table_row *last;
	/* Of the row under way. */
	size_t column;
	bool is_failed;
};

/* A table with these column heads; heads ends with NULL. */
NONNULL void
table_begin(struct table *table, struct arena *arena, const char *const *heads);

/*
 * The next cell, row by row; the text is copied.  Absent shows as "-", what
 * could steer a terminal as "?".
 */
NONNULL void table_text(struct table *table, struct str text);
NONNULL void table_int(struct table *table, int64_t number);
NONNULL void table_uuid(struct table *table, const struct uuid *uuid);
/* Unix milliseconds. */
NONNULL void table_time(struct table *table, int64_t unix_ms);

/*
 * Print it, without spaces at the ends of lines.  Returns 1, or -1 without
 * memory or where standard output can't be written.
 */
MUST_CHECK NONNULL int table_print(const struct table *table);

#endif
