/* Comma-separated values (RFC 4180). */
#include "base/csv.h"

/* Takes the line end that is next, if it is one. */
static bool
take_line_end(struct input *input)
{
	if (input_peek(input) == '\r')
		(void)input_next(input);
	if (input_peek(input) == INPUT_END)
		return true;
	if (input_peek(input) != '\n')
		return false;
	(void)input_next(input);
	return true;
}

static int
add_byte(struct csv_record *record, int byte, const char **reason_r)
{
	if (record->len == sizeof record->text) {
		*reason_r =
		    "is longer than 64 KiB, or a quote in it is never closed";
		return -1;
	}
	record->text[record->len++] = (char)byte;
	return 1;
}

/* What stands behind the opening quote. */
static int
read_quoted(struct input *input, struct csv_record *record,
    const char **reason_r)
{
	int byte;

	while ((byte = input_next(input)) != INPUT_END) {
		if (byte == '"' && input_peek(input) != '"')
			return 1;
		if (byte == '"')
			(void)input_next(input);
		if (add_byte(record, byte, reason_r) < 0)
			return -1;
	}
	*reason_r = "has a quote that is never closed";
	return -1;
}

static int
read_plain(struct input *input, struct csv_record *record,
    const char **reason_r)
{
	for (;;) {
		const int byte = input_peek(input);

		if (byte == INPUT_END || byte == ',' || byte == '\r' ||
		    byte == '\n')
			return 1;
		if (byte == '"') {
			*reason_r =
			    "has a quote inside a cell that is not quoted";
			return -1;
		}
		(void)input_next(input);
		if (add_byte(record, byte, reason_r) < 0)
			return -1;
	}
}

static int
read_cell(struct input *input, struct csv_record *record, const char **reason_r)
{
	const size_t start = record->len;
	int rc;

	if (input_peek(input) == '"') {
		(void)input_next(input);
		rc = read_quoted(input, record, reason_r);
	} else {
		rc = read_plain(input, record, reason_r);
	}
	if (rc < 0)
		return -1;
	if (record->count < CSV_CELLS)
		record->cells[record->count] =
		    (struct str){ record->text + start, record->len - start };
	record->count++;
	return 1;
}

int
csv_read(struct input *input, struct csv_record *record, const char **reason_r)
{
	while (input_peek(input) == '\n' || input_peek(input) == '\r')
		(void)input_next(input);
	record->line = input->line;
	record->count = 0;
	record->len = 0;
	if (input_peek(input) == INPUT_END)
		return 0;
	for (;;) {
		if (read_cell(input, record, reason_r) < 0)
			return -1;
		if (input_peek(input) == ',') {
			(void)input_next(input);
			continue;
		}
		if (take_line_end(input))
			return 1;
		*reason_r =
		    "has something between a cell and the comma or line end "
		    "behind it";
		return -1;
	}
}
