/* Borrowed byte runs and the one number parser. */
#include "../unit.h"

#include "base/limits.h"
#include "base/str.h"

static void
equality_looks_at_length_and_bytes(void **state)
{
	(void)state;
	assert_true(str_equal(STR("abc"), STR("abc")));
	assert_false(str_equal(STR("abc"), STR("abd")));
	assert_false(str_equal(STR("abc"), STR("ab")));
	assert_false(str_equal(STR("abc"), STR("abc\0")));
	assert_true(str_equal(STR(""), STR_NONE));
	assert_true(str_equal(STR("a\0b"), STR("a\0b")));
	assert_false(str_equal(STR("a\0b"), STR("a\0c")));
	assert_false(str_equal(STR("abc"), STR("ABC")));
}

static void
equality_without_case_knows_ascii_only(void **state)
{
	(void)state;
	assert_true(str_equal_nocase(STR("BeArEr"), STR("bearer")));
	assert_false(str_equal_nocase(STR("bearer"), STR("bearer ")));
	assert_false(str_equal_nocase(STR("[{"), STR("{[")));
	assert_false(str_equal_nocase(STR("@"), STR("`")));
	assert_false(str_equal_nocase(STR("\xc3\x84"), STR("\xc3\xa4")));
	/* KELVIN SIGN folds to k in Unicode, never here. */
	assert_false(str_equal_nocase(STR("\xe2\x84\xaa"), STR("k")));
}

static void
prefix_and_suffix(void **state)
{
	static const struct {
		const char *s;
		const char *part;
		bool starts;
		bool ends;
	} cases[] = {
		{ "abc", "", true, true },
		{ "abc", "abc", true, true },
		{ "abc", "ab", true, false },
		{ "abc", "bc", false, true },
		{ "abc", "abcd", false, false },
		{ "", "a", false, false },
		{ "", "", true, true },
		{ "aba", "a", true, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct str s = str_from(cases[i].s);
		const struct str part = str_from(cases[i].part);

		ASSERT_CASE(cases[i].part,
		    str_starts(s, part) == cases[i].starts);
		ASSERT_CASE(cases[i].part, str_ends(s, part) == cases[i].ends);
	}
}

static void
a_byte_is_found_even_if_it_is_nul(void **state)
{
	(void)state;
	assert_true(str_has_byte(STR("a,b"), ','));
	assert_false(str_has_byte(STR("a,b"), 'c'));
	assert_true(str_has_byte(STR("a\0b"), '\0'));
	assert_false(str_has_byte(STR("ab"), '\0'));
	assert_false(str_has_byte(STR_NONE, 'a'));
}

static void
trimming_takes_spaces_and_tabs_only(void **state)
{
	static const struct {
		const char *in;
		const char *out;
	} cases[] = {
		{ "a", "a" },
		{ " \ta b\t ", "a b" },
		{ "   ", "" },
		{ "", "" },
		{ "\na\n", "\na\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		ASSERT_CASE(cases[i].in,
		    str_equal(str_trim(str_from(cases[i].in)),
		        str_from(cases[i].out)));
}

static void
an_offset_past_the_end_is_empty_and_present(void **state)
{
	(void)state;
	assert_true(str_equal(str_from_offset(STR("abc"), 1), STR("bc")));
	assert_int_equal(str_from_offset(STR("abc"), 3).len, 0);
	assert_int_equal(str_from_offset(STR("abc"), 99).len, 0);
	assert_non_null(str_from_offset(STR("abc"), 99).ptr);
}

static void
cutting_takes_parts_until_none_is_left(void **state)
{
	struct str rest = STR("a..bc");
	struct str part;

	(void)state;
	assert_true(str_cut(&rest, '.', &part));
	assert_true(str_equal(part, STR("a")));
	assert_true(str_cut(&rest, '.', &part));
	assert_true(str_equal(part, STR("")));
	assert_false(str_cut(&rest, '.', &part));
	assert_true(str_equal(part, STR("bc")));
	assert_int_equal(rest.len, 0);
	assert_false(str_cut(&rest, '.', &part));
	assert_int_equal(part.len, 0);
}

static void
a_separator_at_the_end_leaves_an_empty_part(void **state)
{
	struct str rest = STR("a.");
	struct str part;

	(void)state;
	assert_true(str_cut(&rest, '.', &part));
	assert_false(str_cut(&rest, '.', &part));
	assert_int_equal(part.len, 0);
}

static void
numbers_that_pass(void **state)
{
	static const struct {
		const char *text;
		int64_t value;
	} cases[] = {
		{ "0", 0 },
		{ "7", 7 },
		{ "10", 10 },
		{ "-1", -1 },
		{ "-10", -10 },
		{ "9223372036854775807", INT64_MAX },
		{ "-9223372036854775808", INT64_MIN },
	};
	int64_t value;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		ASSERT_CASE(cases[i].text,
		    str_to_int64(str_from(cases[i].text), &value) == 1);
		ASSERT_CASE(cases[i].text, value == cases[i].value);
	}
}

static void
numbers_that_are_refused_leave_the_value_alone(void **state)
{
	static const char *const cases[] = {
		"",
		"-",
		"-0",
		"+1",
		" 1",
		"1 ",
		"01",
		"-01",
		"00",
		"1e0",
		"0x1",
		"1abc",
		"1.0",
		"--1",
		"1-",
		"\xd9\xa1",
		"9223372036854775808",
		"-9223372036854775809",
		"18446744073709551616",
		"99999999999999999999999999999999999999999999999999",
	};
	int64_t value = 42;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		ASSERT_CASE(cases[i],
		    str_to_int64(str_from(cases[i]), &value) == 0);
		ASSERT_CASE(cases[i], value == 42);
	}
	assert_int_equal(str_to_int64(STR("1\0"), &value), 0);
}

static void
copies_are_terminated_and_their_own(void **state)
{
	struct arena *arena = arena_new(LIMIT_ARENA);
	char text[] = "AbC\x80";
	struct str copy;

	(void)state;
	assert_non_null(arena);
	copy = str_copy(arena, str_from(text));
	assert_true(str_equal(copy, str_from(text)));
	assert_true(copy.ptr != text);
	assert_int_equal(copy.ptr[copy.len], 0);
	assert_true(
	    str_equal(str_lower(arena, str_from(text)), STR("abc\x80")));
	assert_string_equal(str_to_c(arena, STR("")), "");
	assert_non_null(str_copy(arena, STR_NONE).ptr);
	arena_free(&arena);
}

static void
a_visible_copy_is_cut_and_holds_printable_ascii_only(void **state)
{
	struct arena *arena = arena_new(LIMIT_ARENA);

	(void)state;
	assert_non_null(arena);
	for (int c = -128; c < 128; c++) {
		const char byte = (char)c;
		const struct str copy =
		    str_visible(arena, (struct str){ &byte, 1 }, 1);
		const bool is_visible = c >= ' ' && c <= '~';

		assert_int_equal(copy.len, 1);
		assert_int_equal(copy.ptr[0], is_visible ? byte : '?');
	}
	assert_true(
	    str_equal(str_visible(arena, STR("a\nb\033[2J"), 4), STR("a?b?")));
	assert_true(str_equal(str_visible(arena, STR("abc"), 0), STR("")));
	assert_non_null(str_visible(arena, STR_NONE, 8).ptr);
	arena_free(&arena);
}

static void
a_copy_that_does_not_fit_is_absent(void **state)
{
	struct arena *arena = arena_new(16);

	(void)state;
	assert_non_null(arena);
	assert_null(str_to_c(arena, STR("more than sixteen bytes")));
	assert_null(str_copy(arena, STR("more than sixteen bytes")).ptr);
	assert_null(str_lower(arena, STR("more than sixteen bytes")).ptr);
	assert_null(str_visible(arena, STR("more than sixteen bytes"), 23).ptr);
	arena_free(&arena);
}

static void
ascii_classes_ignore_bytes_above_127(void **state)
{
	(void)state;
	for (int c = -128; c < 128; c++) {
		const char byte = (char)c;
		const bool digit = c >= '0' && c <= '9';
		const bool upper = c >= 'A' && c <= 'Z';
		const bool lower = c >= 'a' && c <= 'z';

		assert_int_equal(ascii_is_digit(byte), digit);
		assert_int_equal(ascii_is_alpha(byte), upper || lower);
		assert_int_equal(ascii_is_alnum(byte), digit || upper || lower);
		assert_int_equal(ascii_lower(byte), upper ? byte + 32 : byte);
		assert_int_equal(ascii_upper(byte), lower ? byte - 32 : byte);
	}
}

static void
a_list_has_whole_items_only(void **state)
{
	static const struct {
		const char *list;
		const char *item;
		bool has;
	} cases[] = {
		{ "", "", false },
		{ "", "A", false },
		{ "A", "A", true },
		{ "A,B", "B", true },
		{ "AB,C", "A", false },
		{ "AB,C", "B", false },
		{ "A,,B", "", true },
		{ "A,B,", "B", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		ASSERT_CASE(cases[i].list,
		    str_list_has(str_from(cases[i].list), ',',
		        str_from(cases[i].item)) == cases[i].has);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_has_whole_items_only),
		cmocka_unit_test(equality_looks_at_length_and_bytes),
		cmocka_unit_test(equality_without_case_knows_ascii_only),
		cmocka_unit_test(prefix_and_suffix),
		cmocka_unit_test(a_byte_is_found_even_if_it_is_nul),
		cmocka_unit_test(trimming_takes_spaces_and_tabs_only),
		cmocka_unit_test(an_offset_past_the_end_is_empty_and_present),
		cmocka_unit_test(cutting_takes_parts_until_none_is_left),
		cmocka_unit_test(a_separator_at_the_end_leaves_an_empty_part),
		cmocka_unit_test(numbers_that_pass),
		cmocka_unit_test(
		    numbers_that_are_refused_leave_the_value_alone),
		cmocka_unit_test(copies_are_terminated_and_their_own),
		cmocka_unit_test(
		    a_visible_copy_is_cut_and_holds_printable_ascii_only),
		cmocka_unit_test(a_copy_that_does_not_fit_is_absent),
		cmocka_unit_test(ascii_classes_ignore_bytes_above_127),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
