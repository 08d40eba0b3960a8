/* Rows in columns, for people to read. */
#include "ctl/table.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "ctl/ctl.h"

#include <assert.h>
#include <stdio.h>

enum {
	GAP = 2,
	MS_PER_S = 1000,
	DELETE = 0x7f,
	C1_LEAD = 0xc2,
	C1_FIRST = 0x80,
	C1_LAST = 0x9f,
};

struct table_row {
	struct table_row *next;
	struct str cells[TABLE_COLUMNS];
};

static size_t
width_of(struct str cell)
{
	const int64_t points = utf8_count(cell);

	return points < 0 ? cell.len : (size_t)points;
}

/* Returns 1 or -1. */
static int
begin_row(struct table *table)
{
	struct table_row *row = arena_alloc(table->arena, sizeof *row);

	if (row == NULL)
		return -1;
	if (table->last == NULL)
		table->first = row;
	else
		table->last->next = row;
	table->last = row;
	table->column = 0;
	return 1;
}

static void
put(struct table *table, struct str cell)
{
	const bool is_first =
	    table->column == 0 || table->column == table->columns;
	const size_t width = width_of(cell);

	if (cell.ptr == NULL || (is_first && begin_row(table) < 0)) {
		table->is_failed = true;
		return;
	}
	if (width > table->widths[table->column])
		table->widths[table->column] = width;
	table->last->cells[table->column++] = cell;
}

void
table_begin(struct table *table, struct arena *arena, const char *const *heads)
{
	*table = (struct table){ .arena = arena };
	while (heads[table->columns] != NULL)
		table->columns++;
	assert(table->columns <= TABLE_COLUMNS);
	for (size_t i = 0; i < table->columns; i++)
		put(table, str_from(heads[i]));
}

void
table_pairs(struct table *table, struct arena *arena)
{
	*table = (struct table){ .arena = arena, .columns = 2 };
}

void
table_line(struct table *table, struct arena *arena)
{
	*table = (struct table){ .arena = arena, .columns = TABLE_COLUMNS };
}

void
table_widen(struct table *table, size_t width)
{
	if (table->widths[table->column - 1] < width)
		table->widths[table->column - 1] = width;
}

/* Control characters: C0, delete, and C1, which have two bytes in UTF-8. */
static bool
steers(const char *at)
{
	const unsigned char byte = (unsigned char)at[0];
	const unsigned char next = (unsigned char)(byte == 0 ? 0 : at[1]);

	return byte < ' ' || byte == DELETE ||
	    (byte == C1_LEAD && next >= C1_FIRST && next <= C1_LAST);
}

void
table_text(struct table *table, struct str text)
{
	char *copy;

	if (text.ptr == NULL) {
		put(table, STR("-"));
		return;
	}
	copy = str_to_c(table->arena, text);
	for (size_t i = 0; copy != NULL && i < text.len; i++)
		if (steers(copy + i)) {
			/* Both bytes of C1: the second alone is no UTF-8. */
			if ((unsigned char)copy[i] == C1_LEAD)
				copy[i + 1] = '?';
			copy[i] = '?';
		}
	put(table, (struct str){ copy, text.len });
}

void
table_int(struct table *table, int64_t number)
{
	struct buf buf = BUF_IN(table->arena);
	struct str text;

	buf_add_int(&buf, number);
	put(table, buf_str(&buf, &text) == 1 ? text : STR_NONE);
}

void
table_uuid(struct table *table, const struct uuid *uuid)
{
	char text[UUID_TEXT_LEN + 1];

	uuid_format(uuid, text);
	table_text(table, str_from(text));
}

void
table_time(struct table *table, int64_t unix_ms)
{
	char text[CLOCK_TEXT_SIZE];

	clock_format(unix_ms / MS_PER_S, text);
	table_text(table, str_from(text));
}

void
table_opt_int(struct table *table, struct opt_int number)
{
	if (number.is_set)
		table_int(table, number.value);
	else
		table_text(table, STR_NONE);
}

void
table_opt_time(struct table *table, struct opt_int unix_ms)
{
	if (unix_ms.is_set)
		table_time(table, unix_ms.value);
	else
		table_text(table, STR_NONE);
}

static void
print_row(const struct table *table, const struct table_row *row)
{
	size_t owed = 0;

	for (size_t i = 0; i < table->columns; i++) {
		const struct str cell = row->cells[i];

		if (cell.len > 0)
			printf("%*s%.*s", (int)owed, "", STR_ARG(cell));
		owed = (cell.len > 0 ? 0 : owed) + table->widths[i] -
		    width_of(cell) + GAP;
	}
	putchar('\n');
}

int
table_print(const struct table *table)
{
	if (table->is_failed)
		return ctl_fail("out of memory");
	for (const struct table_row *row = table->first; row != NULL;
	     row = row->next)
		print_row(table, row);
	return fflush(stdout) == 0
	    ? CTL_OK
	    : ctl_fail("standard output can't be written");
}
