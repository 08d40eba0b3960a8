/* The rows of a file of users, whatever its form. */
#include "ctl/import_rows.h"

#include "base/secret.h"

#include <inttypes.h>

static int
find_column(struct str name, enum import_column *column_r)
{
	for (size_t i = 0; i < IMPORT_COLUMN__MAX; i++) {
		if (!str_equal(name, str_from(import_column_names[i])))
			continue;
		*column_r = (enum import_column)i;
		return 1;
	}
	return 0;
}

/* A column that nobody asked for would be lost without a word. */
static int
say_unknown(struct str name, size_t number, struct why *why_r)
{
	if (str_equal(name, STR("password")))
		return why_say(why_r,
		    "plain passwords are not imported; a column of hashes is "
		    "named passwordHash");
	return why_say(why_r,
	    "column %zu of the first line has none of these names: email, "
	    "username, passwordHash, firstName, lastName, phoneNumber, age, "
	    "roles, status, createdAt",
	    number);
}

static int
read_header(struct rows *rows, struct why *why_r)
{
	const struct csv_record *record = &rows->record;
	bool is_there[IMPORT_COLUMN__MAX] = { false };
	const char *reason;
	const int rc = csv_read(&rows->input, &rows->record, &reason);

	if (rc < 0)
		return why_say(why_r, "line %" PRId64 " %s", record->line,
		    reason);
	if (rows->input.error != 0)
		return why_say(why_r, "the file can't be read: %s",
		    strerror(rows->input.error));
	rows->columns = rc == 0 ? 0 : record->count;
	if (rows->columns > CSV_CELLS)
		return why_say(why_r, "the first line has too many columns");
	for (size_t i = 0; i < rows->columns; i++) {
		const struct str name = record->cells[i];

		if (find_column(name, &rows->holds[i]) != 1)
			return say_unknown(name, i + 1, why_r);
		if (is_there[rows->holds[i]])
			return why_say(why_r, "there are two columns %s",
			    import_column_names[rows->holds[i]]);
		is_there[rows->holds[i]] = true;
	}
	if (!is_there[IMPORT_EMAIL] || !is_there[IMPORT_PASSWORD_HASH])
		return why_say(why_r,
		    "the first line must name the columns, email and "
		    "passwordHash among them");
	return 1;
}

int
rows_begin(struct rows *rows, enum rows_form form, int fd, struct why *why_r)
{
	rows->form = form;
	rows->json = NULL;
	input_begin(&rows->input, fd);
	return form == ROWS_CSV ? read_header(rows, why_r) : 1;
}

static int
next_csv(struct rows *rows, struct import_row *row_r,
    struct import_refusal *refusal_r, bool *is_over_r)
{
	const struct csv_record *record = &rows->record;
	const int rc =
	    csv_read(&rows->input, &rows->record, &refusal_r->reason);

	rows->line = record->line;
	refusal_r->what = "the row";
	*is_over_r = rc < 0;
	if (rc != 1)
		return rc;
	if (record->count != rows->columns) {
		refusal_r->reason =
		    "has more or fewer cells than the first line";
		return -1;
	}
	for (size_t i = 0; i < rows->columns; i++)
		row_r->cells[rows->holds[i]] = record->cells[i];
	return 1;
}

/* Roles may be an array of strings as well. */
static struct str
join(struct arena *arena, const struct json_value *array)
{
	struct buf list = BUF_IN(arena);
	struct str joined;

	buf_add(&list, STR(""));
	for (size_t i = 0; i < json_count(array); i++) {
		const struct json_value *one = json_element(array, i);

		if (i > 0)
			buf_add_byte(&list, ',');
		/* What is no string is no role either. */
		buf_add(&list,
		    json_type_of(one) == JSON_STRING ? json_str(one)
		                                     : STR("?"));
	}
	return buf_str(&list, &joined) < 0 ? STR("?") : joined;
}

static struct str
number_text(struct arena *arena, const struct json_value *value)
{
	struct buf text = BUF_IN(arena);
	struct str written;

	buf_add_int(&text, json_int(value));
	return buf_str(&text, &written) < 0 ? STR("?") : written;
}

/* A member as a cell of text; 0 where it has a type that is none of ours. */
static int
to_cell(struct arena *arena, enum import_column column,
    const struct json_value *value, struct str *cell_r)
{
	const enum json_type type = json_type_of(value);

	if (type == JSON_STRING)
		*cell_r = json_str(value);
	else if (type == JSON_INT && column == IMPORT_AGE)
		*cell_r = number_text(arena, value);
	else if (type == JSON_ARRAY && column == IMPORT_ROLES)
		*cell_r = join(arena, value);
	else if (type != JSON_NULL && type != JSON_ABSENT)
		return 0;
	return 1;
}

static int
take_members(struct rows *rows, struct arena *arena, struct import_row *row_r,
    struct import_refusal *refusal_r)
{
	const struct json_value *object = json_root(rows->json);
	size_t known = 0;

	for (size_t i = 0; i < IMPORT_COLUMN__MAX; i++) {
		const char *name = import_column_names[i];
		const struct json_value *value = json_member(object, name);

		known += json_type_of(value) != JSON_ABSENT;
		if (to_cell(arena, (enum import_column)i, value,
		        &row_r->cells[i]) != 1) {
			*refusal_r = (struct import_refusal){ name,
				"has a value of another type" };
			return -1;
		}
	}
	if (known == json_count(object))
		return 1;
	refusal_r->reason =
	    "has a member of another name than email, "
	    "username, passwordHash, firstName, lastName, "
	    "phoneNumber, age, roles, status, createdAt";
	return -1;
}

static int
next_json(struct rows *rows, struct arena *arena, struct import_row *row_r,
    struct import_refusal *refusal_r)
{
	struct str line;
	int rc;

	json_free(&rows->json);
	do {
		rows->line = rows->input.line;
		if (input_line(&rows->input, rows->record.text,
		        sizeof rows->record.text, &line) == 0)
			return 0;
	} while (line.ptr != NULL && str_trim(line).len == 0);
	refusal_r->what = "the row";
	refusal_r->reason = "is longer than 64 KiB";
	if (line.ptr == NULL)
		return -1;
	rc = json_parse_object(line, &rows->json);
	refusal_r->reason = rc == 0 ? "is no JSON object" : "finds no memory";
	return rc == 1 ? take_members(rows, arena, row_r, refusal_r) : -1;
}

int
rows_next(struct rows *rows, struct arena *arena, struct import_row *row_r,
    struct import_refusal *refusal_r, bool *is_over_r)
{
	*row_r = (struct import_row){ .cells = { STR_NONE } };
	*is_over_r = false;
	return rows->form == ROWS_CSV
	    ? next_csv(rows, row_r, refusal_r, is_over_r)
	    : next_json(rows, arena, row_r, refusal_r);
}

void
rows_end(struct rows *rows)
{
	json_free(&rows->json);
	input_wipe(&rows->input);
	secret_wipe(rows->record.text, sizeof rows->record.text);
}
