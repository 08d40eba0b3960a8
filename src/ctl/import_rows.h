/* The rows of a file of users, whatever its form. */
#ifndef LATCHKEY_CTL_IMPORT_ROWS_H
#define LATCHKEY_CTL_IMPORT_ROWS_H

#include "auth/import.h"
#include "base/csv.h"
#include "base/input.h"
#include "wrap/json.h"

enum rows_form {
	ROWS_NONE,
	/* With a line of column names first. */
	ROWS_CSV,
	/* One JSON object a line. */
	ROWS_JSONL,
};

struct rows {
	enum rows_form form;
	/* Of the row that was read last. */
	int64_t line;
	/* CSV: how many columns there are, and what each holds. */
	size_t columns;
	enum import_column holds[CSV_CELLS];
	/* JSON: the row that was read last. */
	struct json *json;
	struct input input;
	struct csv_record record;
};

/*
 * Begin with an open file.  Returns 1, or -1 with a line for people where a
 * CSV file's first line is not to be read.
 */
MUST_CHECK NONNULL int
rows_begin(struct rows *rows, enum rows_form form, int fd, struct why *why_r);

/*
 * The next row; its texts live until the next call, some of them in the arena.
 * Returns 1, 0 at the end, or -1 with *refusal_r: a row that can't be read, or,
 * with *is_over_r, one after which nothing can.
 */
MUST_CHECK NONNULL int
rows_next(struct rows *rows, struct arena *arena, struct import_row *row_r,
    struct import_refusal *refusal_r, bool *is_over_r);

NONNULL void rows_end(struct rows *rows);

#endif
