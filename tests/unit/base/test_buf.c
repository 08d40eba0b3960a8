/* A growing run of bytes in an arena. */
#include "../arena.h"
#include "../unit.h"

#include "base/buf.h"

static struct str
text_of(const struct buf *buf)
{
	struct str text;

	assert_int_equal(buf_str(buf, &text), 1);
	return text;
}

static void
pieces_join_in_order(void **state)
{
	struct buf buf = BUF_IN(*state);

	buf_add(&buf, STR("a\0b"));
	buf_add_c(&buf, "cd");
	buf_add_byte(&buf, 'e');
	buf_add_int(&buf, -42);
	buf_printf(&buf, "%s%03d", "-", 7);
	assert_true(str_equal(text_of(&buf), STR("a\0bcde-42-007")));
}

static void
nothing_added_is_an_empty_text(void **state)
{
	struct buf buf = BUF_IN(*state);

	assert_true(str_equal(text_of(&buf), STR("")));
	assert_non_null(text_of(&buf).ptr);
	buf_add(&buf, STR(""));
	buf_add(&buf, STR_NONE);
	buf_printf(&buf, "%s", "");
	assert_int_equal(text_of(&buf).len, 0);
}

static void
the_extreme_integers_are_written_whole(void **state)
{
	struct buf buf = BUF_IN(*state);

	buf_add_int(&buf, INT64_MIN);
	buf_add_int(&buf, INT64_MAX);
	assert_true(str_equal(text_of(&buf),
	    STR("-92233720368547758089223372036854775807")));
}

static void
growth_keeps_what_is_there(void **state)
{
	struct buf buf = BUF_IN(*state);
	struct str text;

	for (int i = 0; i < 100000; i++)
		buf_add_byte(&buf, (char)('a' + i % 26));
	text = text_of(&buf);
	assert_int_equal(text.len, 100000);
	for (int i = 0; i < 100000; i++)
		assert_int_equal(text.ptr[i], 'a' + i % 26);
}

static void
a_format_longer_than_the_first_piece_fits(void **state)
{
	struct buf buf = BUF_IN(*state);

	buf_add_c(&buf, "x");
	buf_printf(&buf, "%5000d", 1);
	assert_int_equal(text_of(&buf).len, 5001);
	assert_int_equal(text_of(&buf).ptr[5000], '1');
}

static void
room_is_counted_when_it_is_reserved(void **state)
{
	struct buf buf = BUF_IN(*state);
	char *room;

	buf_add_c(&buf, "ab");
	room = buf_reserve(&buf, 3);
	assert_non_null(room);
	for (int i = 0; i < 3; i++)
		room[i] = (char)('c' + i);
	buf_add_c(&buf, "f");
	assert_true(str_equal(text_of(&buf), STR("abcdef")));
}

static void
failure_stays_until_the_end(void **state)
{
	static char large[4096];
	struct arena *small = arena_new(1024);
	struct buf buf = BUF_IN(small);
	struct str text = STR("untouched");

	(void)state;
	assert_non_null(small);
	buf_add_c(&buf, "a");
	buf_add(&buf, (struct str){ large, sizeof large });
	assert_true(buf.is_failed);
	/* A short piece would fit again, but the text has a hole by now. */
	buf_add_c(&buf, "y");
	buf_printf(&buf, "%d", 1);
	assert_null(buf_reserve(&buf, 1));
	assert_int_equal(buf.len, 1);
	assert_int_equal(buf_str(&buf, &text), -1);
	assert_true(str_equal(text, STR("untouched")));
	arena_free(&small);
}

static void
a_length_near_the_largest_does_not_wrap_around(void **state)
{
	struct buf buf = BUF_IN(*state);

	buf_add_c(&buf, "some");
	assert_null(buf_reserve(&buf, SIZE_MAX - 1));
	assert_true(buf.is_failed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(pieces_join_in_order,
		    arena_setup, arena_teardown),
		cmocka_unit_test_setup_teardown(nothing_added_is_an_empty_text,
		    arena_setup, arena_teardown),
		cmocka_unit_test_setup_teardown(
		    the_extreme_integers_are_written_whole, arena_setup,
		    arena_teardown),
		cmocka_unit_test_setup_teardown(growth_keeps_what_is_there,
		    arena_setup, arena_teardown),
		cmocka_unit_test_setup_teardown(
		    a_format_longer_than_the_first_piece_fits, arena_setup,
		    arena_teardown),
		cmocka_unit_test_setup_teardown(
		    room_is_counted_when_it_is_reserved, arena_setup,
		    arena_teardown),
		cmocka_unit_test(failure_stays_until_the_end),
		cmocka_unit_test_setup_teardown(
		    a_length_near_the_largest_does_not_wrap_around, arena_setup,
		    arena_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
