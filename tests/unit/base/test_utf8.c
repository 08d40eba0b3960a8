/* UTF-8 as RFC 3629 has it. */
#include "../unit.h"

#include "base/utf8.h"

static size_t
put(uint32_t point, char *out)
{
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		out[0] = (char)(0xc0 | point >> 6);
		out[1] = (char)(0x80 | (point & 0x3f));
		return 2;
	}
	if (point < 0x10000) {
		out[0] = (char)(0xe0 | point >> 12);
		out[1] = (char)(0x80 | (point >> 6 & 0x3f));
		out[2] = (char)(0x80 | (point & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | point >> 18);
	out[1] = (char)(0x80 | (point >> 12 & 0x3f));
	out[2] = (char)(0x80 | (point >> 6 & 0x3f));
	out[3] = (char)(0x80 | (point & 0x3f));
	return 4;
}

static void
every_code_point_is_read_back_but_surrogates(void **state)
{
	(void)state;
	for (uint32_t point = 0; point < 0x120000; point++) {
		char bytes[4];
		const size_t len = put(point, bytes);
		struct str rest = { bytes, len };
		const bool is_good =
		    point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
		uint32_t got = 42;
		const int rc = utf8_next(&rest, &got);

		if (rc != (is_good ? 1 : -1))
			fail_msg("U+%04X: %d", point, rc);
		if (is_good && (got != point || rest.len != 0))
			fail_msg("U+%04X: read as U+%04X", point, got);
		if (!is_good && rest.len != len)
			fail_msg("U+%04X: refused but taken", point);
	}
}

static void
malformed_bytes_are_refused(void **state)
{
	static const struct {
		const char *name;
		struct str bytes;
	} cases[] = {
		{ "lone continuation", STR_INIT("\x80") },
		{ "overlong slash in two", STR_INIT("\xc0\xaf") },
		{ "overlong slash in three", STR_INIT("\xe0\x80\xaf") },
		{ "overlong slash in four", STR_INIT("\xf0\x80\x80\xaf") },
		{ "overlong NUL", STR_INIT("\xc0\x80") },
		{ "overlong DEL", STR_INIT("\xc1\xbf") },
		{ "overlong U+07FF", STR_INIT("\xe0\x9f\xbf") },
		{ "overlong U+FFFF", STR_INIT("\xf0\x8f\xbf\xbf") },
		{ "high surrogate", STR_INIT("\xed\xa0\x80") },
		{ "low surrogate", STR_INIT("\xed\xbf\xbf") },
		{ "CESU-8 pair", STR_INIT("\xed\xa0\xbd\xed\xb8\x80") },
		{ "above U+10FFFF", STR_INIT("\xf4\x90\x80\x80") },
		{ "lead F5", STR_INIT("\xf5\x80\x80\x80") },
		{ "lead FE", STR_INIT("\xfe") },
		{ "lead FF", STR_INIT("\xff") },
		{ "cut after one of two", STR_INIT("\xc3") },
		{ "cut after two of three", STR_INIT("\xe2\x82") },
		{ "cut after three of four", STR_INIT("\xf0\x9f\x98") },
		{ "not continued", STR_INIT("\xc3(") },
		{ "Latin-1", STR_INIT("\xe4\xf6\xfc") },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		ASSERT_CASE(cases[i].name, utf8_count(cases[i].bytes) == -1);
		ASSERT_CASE(cases[i].name, !utf8_is_plain(cases[i].bytes));
	}
}

static void
a_sequence_that_goes_on_past_the_end_is_refused(void **state)
{
	static const struct str whole = STR_INIT("\xf0\x9f\x98\x80");
	uint32_t point;

	(void)state;
	for (size_t len = 1; len < whole.len; len++) {
		struct str rest = { whole.ptr, len };

		assert_int_equal(utf8_next(&rest, &point), -1);
	}
}

static void
code_points_are_counted_not_bytes(void **state)
{
	(void)state;
	assert_int_equal(utf8_count(STR("")), 0);
	assert_int_equal(utf8_count(STR_NONE), 0);
	assert_int_equal(utf8_count(STR("abc")), 3);
	assert_int_equal(utf8_count(STR("\xc3\xa4\xe2\x82\xac")), 2);
	assert_int_equal(utf8_count(STR("\xf0\x9f\x98\x80")), 1);
	assert_int_equal(utf8_count(STR("a\0b")), 3);
	assert_int_equal(utf8_count(STR("ab\xff")), -1);
}

static void
names_may_be_of_any_script(void **state)
{
	static const char *const names[] = {
		"",
		"Anna-Lena O'Neill",
		"J\xc3\xb6rg",
		"\xe6\x9d\x8e\xe5\xb0\x8f\xe9\xbe\x99",
		"\xd9\x85\xd8\xad\xd9\x85\xd8\xaf",
		"\xf0\x9f\x98\x80",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		ASSERT_CASE(names[i], utf8_is_plain(str_from(names[i])));
}

static void
a_name_that_hides_or_turns_text_is_refused(void **state)
{
	static const uint32_t points[] = { 0x00, 0x09, 0x0a, 0x0d, 0x1b, 0x1f,
		0x7f, 0x85, 0x9f, 0xad, 0x61c, 0x180e, 0x200b, 0x200d, 0x200e,
		0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2060, 0x2066, 0x2069,
		0xfeff, 0xfff9, 0xfffe, 0xffff, 0xfdd0, 0x1fffe, 0xe0001,
		0xe0041, 0x10ffff };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(points); i++) {
		char bytes[8] = "a";
		const size_t len = put(points[i], bytes + 1);

		bytes[1 + len] = 'b';
		if (utf8_is_plain((struct str){ bytes, len + 2 }))
			fail_msg("U+%04X passes", points[i]);
	}
}

static void
a_line_holds_all_but_what_breaks_or_controls_it(void **state)
{
	(void)state;
	for (uint32_t point = 0; point < 0x3000; point++) {
		char bytes[4] = { 0 };
		const bool breaks = point < 0x20 ||
		    (point >= 0x7f && point <= 0x9f) || point == 0x2028 ||
		    point == 0x2029;

		if (utf8_is_line((struct str){ bytes, put(point, bytes) }) ==
		    breaks)
			fail_msg("U+%04X", point);
	}
	assert_true(utf8_is_line(STR("")));
	assert_true(utf8_is_line(STR("\xf0\x9f\x98\x80 a\xe2\x80\x8d")));
	assert_false(utf8_is_line(STR("a\xff")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_point_is_read_back_but_surrogates),
		cmocka_unit_test(malformed_bytes_are_refused),
		cmocka_unit_test(
		    a_sequence_that_goes_on_past_the_end_is_refused),
		cmocka_unit_test(code_points_are_counted_not_bytes),
		cmocka_unit_test(names_may_be_of_any_script),
		cmocka_unit_test(a_name_that_hides_or_turns_text_is_refused),
		cmocka_unit_test(
		    a_line_holds_all_but_what_breaks_or_controls_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
