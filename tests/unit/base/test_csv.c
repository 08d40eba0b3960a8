/* Comma-separated values, and the bytes they come from. */
#include "../unit.h"

#include "base/csv.h"

#include <sys/wait.h>
#include <unistd.h>

/* Both are too large for a stack. */
static struct input input;
static struct csv_record record;

/* The read end of a pipe that another process writes text to, in pieces. */
static int
open_pipe(struct str text, size_t piece)
{
	int ends[2];
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(ends[0]);
		for (size_t at = 0; at < text.len; at += piece) {
			const size_t left = text.len - at;

			if (write(ends[1], text.ptr + at,
			        left < piece ? left : piece) < 0)
				_exit(1);
		}
		_exit(0);
	}
	close(ends[1]);
	return ends[0];
}

static void
begin(struct str text, size_t piece)
{
	input_begin(&input, open_pipe(text, piece));
}

static void
end(void)
{
	close(input.fd);
	(void)wait(NULL);
}

/* Cells in brackets, rows behind "LINE:". */
static const char *
read_all(struct str text, size_t piece)
{
	static char all[512];
	const char *reason = "";
	size_t len = 0;
	int rc;

	begin(text, piece);
	while ((rc = csv_read(&input, &record, &reason)) == 1) {
		len += (size_t)snprintf(all + len, sizeof all - len,
		    "%d:", (int)record.line);
		for (size_t i = 0; i < record.count; i++)
			len += (size_t)snprintf(all + len, sizeof all - len,
			    "[%.*s]", STR_ARG(record.cells[i]));
	}
	snprintf(all + len, sizeof all - len, "%s", rc < 0 ? "!" : "");
	end();
	return all;
}

static void
rows_and_cells_are_told_apart(void **state)
{
	static const struct {
		const char *text;
		const char *read;
	} cases[] = {
		{ "", "" },
		{ "\n\r\n\n", "" },
		{ "a", "1:[a]" },
		{ "a\n", "1:[a]" },
		{ "a,b\r\nc,d\r\n", "1:[a][b]2:[c][d]" },
		{ "a,\n,b\n", "1:[a][]2:[][b]" },
		{ ",", "1:[][]" },
		{ "\"\"", "1:[]" },
		{ "\"a,b\",c", "1:[a,b][c]" },
		{ "\"a\"\"b\"", "1:[a\"b]" },
		{ "\"\"\"\"", "1:[\"]" },
		{ "\"a\r\nb\"\nc", "1:[a\r\nb]3:[c]" },
		{ "a\n\n\nb", "1:[a]4:[b]" },
		{ " a , b ", "1:[ a ][ b ]" },
		{ "\xef\xbb\xbf"
		  "a",
		    "1:[a]" },
		{ "\"a\"\r", "1:[a]" },
		/* Not to be told apart. */
		{ "\"", "!" },
		{ "a\n\"b\nc", "1:[a]!" },
		{ "\"a\"b", "!" },
		{ "a\"b", "!" },
		{ "\"a\" ,b", "!" },
		{ "a\rb", "!" },
		{ "\"a\"\rb", "!" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct str text = str_from(cases[i].text);

		ASSERT_CASE(cases[i].text,
		    strcmp(read_all(text, 1), cases[i].read) == 0);
		ASSERT_CASE(cases[i].text,
		    strcmp(read_all(text, text.len + 1), cases[i].read) == 0);
	}
}

static void
cells_beyond_the_most_are_counted_and_not_kept(void **state)
{
	static char commas[3 * CSV_CELLS];
	const char *reason;

	(void)state;
	memset(commas, ',', sizeof commas);
	begin((struct str){ commas, sizeof commas }, sizeof commas);
	assert_int_equal(csv_read(&input, &record, &reason), 1);
	assert_int_equal(record.count, sizeof commas + 1);
	end();
}

static void
a_record_has_a_longest_length(void **state)
{
	static char text[LIMIT_IMPORT_ROW + 2];
	const char *reason = NULL;

	(void)state;
	memset(text, 'a', sizeof text);
	text[LIMIT_IMPORT_ROW] = '\n';
	begin((struct str){ text, sizeof text }, 1000);
	assert_int_equal(csv_read(&input, &record, &reason), 1);
	assert_int_equal(record.cells[0].len, LIMIT_IMPORT_ROW);
	assert_int_equal(csv_read(&input, &record, &reason), 1);
	assert_int_equal(record.cells[0].len, 1);
	end();
	text[LIMIT_IMPORT_ROW] = 'a';
	begin((struct str){ text, sizeof text }, 1000);
	assert_int_equal(csv_read(&input, &record, &reason), -1);
	assert_non_null(reason);
	end();
}

static void
a_line_too_long_is_passed_over(void **state)
{
	char text[4];
	struct str line;

	(void)state;
	begin(STR("1234\r\n12345\n\nlast"), 3);
	assert_int_equal(input_line(&input, text, sizeof text, &line), 1);
	/* The CR that does not belong to the line takes room as well. */
	assert_null(line.ptr);
	assert_int_equal(input_line(&input, text, sizeof text, &line), 1);
	assert_null(line.ptr);
	assert_int_equal(input_line(&input, text, sizeof text, &line), 1);
	assert_int_equal(line.len, 0);
	assert_int_equal(input.line, 4);
	assert_int_equal(input_line(&input, text, sizeof text, &line), 1);
	assert_true(str_equal(line, STR("last")));
	assert_int_equal(input_line(&input, text, sizeof text, &line), 0);
	end();
}

static void
a_read_that_fails_ends_the_input_and_is_kept(void **state)
{
	(void)state;
	input_begin(&input, -1);
	assert_int_equal(input_peek(&input), INPUT_END);
	assert_int_equal(input_next(&input), INPUT_END);
	assert_int_not_equal(input.error, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_and_cells_are_told_apart),
		cmocka_unit_test(
		    cells_beyond_the_most_are_counted_and_not_kept),
		cmocka_unit_test(a_record_has_a_longest_length),
		cmocka_unit_test(a_line_too_long_is_passed_over),
		cmocka_unit_test(a_read_that_fails_ends_the_input_and_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
