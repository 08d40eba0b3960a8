/* Rows in columns, for people to read. */
#ifndef LATCHKEY_CTL_TABLE_H
#define LATCHKEY_CTL_TABLE_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/opt.h"
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

/* Two columns without heads: what it is, and the value. */
NONNULL void table_pairs(struct table *table, struct arena *arena);

/*
 * One row without heads, as wide as is asked for after each cell, so that
 * lines printed one by one stay in columns.
 */
NONNULL void table_line(struct table *table, struct arena *arena);
NONNULL void table_widen(struct table *table, size_t width);

/*
 * The next cell, row by row; the text is copied.  Absent shows as "-", what
 * could steer a terminal as "?".
 */
NONNULL void table_text(struct table *table, struct str text);
NONNULL void table_int(struct table *table, int64_t number);
NONNULL void table_uuid(struct table *table, const struct uuid *uuid);
NONNULL void table_opt_int(struct table *table, struct opt_int number);
/* Unix milliseconds. */
NONNULL void table_time(struct table *table, int64_t unix_ms);
NONNULL void table_opt_time(struct table *table, struct opt_int unix_ms);

/*
 * Print it, without spaces at the ends of lines.  Returns CTL_OK, or
 * CTL_FAILED with a line.
 */
MUST_CHECK NONNULL int table_print(const struct table *table);

#endif
