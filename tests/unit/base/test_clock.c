/* Readings of the clock, and times as text. */
#include "../unit.h"

#include "base/clock.h"

static struct clock_reading
noon(void)
{
	return (struct clock_reading){
		.unix_s = 1000,
		.unix_ms = 1000123,
		.mono_ms = 77,
	};
}

static void
a_reading_agrees_with_the_system(void **state)
{
	const time_t before = time(NULL);
	const struct clock_reading now = clock_read();
	const time_t after = time(NULL);

	(void)state;
	/* time() may lag behind by the length of one tick. */
	assert_true(now.unix_s >= before && now.unix_s <= after + 1);
	assert_int_equal(now.unix_ms / 1000, now.unix_s);
}

static void
the_monotonic_clock_never_goes_back(void **state)
{
	int64_t last = clock_mono_ms();

	(void)state;
	for (int i = 0; i < 10000; i++) {
		const int64_t now = clock_mono_ms();

		assert_true(now >= last);
		last = now;
	}
	assert_true(clock_read().mono_ms >= last);
}

static void
tests_can_put_their_own_clock_in_place(void **state)
{
	(void)state;
	clock_use(noon);
	assert_int_equal(clock_read().unix_s, 1000);
	assert_int_equal(clock_read().unix_ms, 1000123);
	assert_int_equal(clock_mono_ms(), 77);
	clock_use(NULL);
	assert_true(clock_read().unix_s > 1000000000);
}

static void
times_are_written_by_rfc_3339(void **state)
{
	static const struct {
		int64_t unix_s;
		const char *text;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ 1795341600, "2026-11-22T10:00:00Z" },
		{ -1, "1969-12-31T23:59:59Z" },
		{ 951782400, "2000-02-29T00:00:00Z" },
		{ INT64_C(2147483648), "2038-01-19T03:14:08Z" },
		{ INT64_C(4294967296), "2106-02-07T06:28:16Z" },
		{ INT64_C(253402300799), "9999-12-31T23:59:59Z" },
		{ INT64_C(-30610224000), "1000-01-01T00:00:00Z" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[CLOCK_TEXT_SIZE];

		clock_format(cases[i].unix_s, text);
		assert_string_equal(text, cases[i].text);
	}
}

static void
a_time_that_has_no_such_text_gives_none(void **state)
{
	static const int64_t cases[] = {
		INT64_C(253402300800),
		INT64_C(-62167219201),
		INT64_C(-99999999999),
		INT64_C(67767976233529600),
		INT64_MAX,
		INT64_MIN,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[CLOCK_TEXT_SIZE] = "untouched";

		clock_format(cases[i], text);
		assert_string_equal(text, "");
	}
}

static void
years_of_three_digits_are_padded(void **state)
{
	char text[CLOCK_TEXT_SIZE];

	(void)state;
	clock_format(INT64_C(-62167219200), text);
	assert_string_equal(text, "0000-01-01T00:00:00Z");
	clock_format(INT64_C(-30610224001), text);
	assert_string_equal(text, "0999-12-31T23:59:59Z");
}

/* The C library's calendar, a day in seventeen of ten thousand years. */
static void
every_year_agrees_with_the_library(void **state)
{
	enum { STEP_S = 17 * 86400 + 3671 };

	(void)state;
	for (int64_t at = INT64_C(-62167219200); at <= INT64_C(253402300799);
	     at += STEP_S) {
		const time_t when = (time_t)at;
		char text[CLOCK_TEXT_SIZE];
		char expected[64];
		struct tm parts;

		assert_non_null(gmtime_r(&when, &parts));
		snprintf(expected, sizeof expected,
		    "%04d-%02d-%02dT%02d:%02d:%02dZ", parts.tm_year + 1900,
		    parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
		    parts.tm_min, parts.tm_sec);
		clock_format(at, text);
		assert_string_equal(text, expected);
	}
}

static void
milliseconds_are_shown_where_there_are_any(void **state)
{
	static const struct {
		int64_t unix_ms;
		const char *text;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ 1, "1970-01-01T00:00:00.001Z" },
		{ 1000, "1970-01-01T00:00:01Z" },
		{ INT64_C(1795341600500), "2026-11-22T10:00:00.500Z" },
		{ -1, "1969-12-31T23:59:59.999Z" },
		{ -1000, "1969-12-31T23:59:59Z" },
		{ INT64_C(253402300799999), "9999-12-31T23:59:59.999Z" },
		{ INT64_C(253402300800000), "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[CLOCK_MS_TEXT_SIZE] = "untouched";

		clock_format_ms(cases[i].unix_ms, text);
		assert_string_equal(text, cases[i].text);
	}
}

static void
times_are_read_by_rfc_3339(void **state)
{
	static const struct {
		struct str text;
		int64_t unix_ms;
	} cases[] = {
		{ STR_INIT("1970-01-01T00:00:00Z"), 0 },
		{ STR_INIT("2026-11-22T10:00:00Z"), INT64_C(1795341600000) },
		{ STR_INIT("2026-11-22t10:00:00z"), INT64_C(1795341600000) },
		{ STR_INIT("2026-11-22T11:30:00+01:30"),
		    INT64_C(1795341600000) },
		{ STR_INIT("2026-11-21T10:01:00-23:59"),
		    INT64_C(1795341600000) },
		{ STR_INIT("2026-11-22T10:00:00-00:00"),
		    INT64_C(1795341600000) },
		{ STR_INIT("2026-11-22T10:00:00.5Z"), INT64_C(1795341600500) },
		{ STR_INIT("2026-11-22T10:00:00.05Z"), INT64_C(1795341600050) },
		{ STR_INIT("2026-11-22T10:00:00.123999999Z"),
		    INT64_C(1795341600123) },
		{ STR_INIT("2000-02-29T00:00:00Z"), INT64_C(951782400000) },
		{ STR_INIT("1969-12-31T23:59:59.999Z"), -1 },
		{ STR_INIT("0000-01-01T00:00:00Z"), INT64_C(-62167219200000) },
		{ STR_INIT("9999-12-31T23:59:59.999Z"),
		    INT64_C(253402300799999) },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t unix_ms = 42;

		ASSERT_CASE(cases[i].text.ptr,
		    clock_parse(cases[i].text, &unix_ms) == 1);
		assert_int_equal(unix_ms, cases[i].unix_ms);
		assert_true(clock_is_time(cases[i].text));
	}
}

static void
what_is_no_time_is_refused(void **state)
{
	static const struct str cases[] = {
		STR_INIT(""),
		STR_INIT("2026-11-22"),
		STR_INIT("10:00:00Z"),
		STR_INIT("2026-11-22T10:00:00"),
		STR_INIT("2026-11-22T10:00Z"),
		STR_INIT("2026-11-22 10:00:00Z"),
		STR_INIT(" 2026-11-22T10:00:00Z"),
		STR_INIT("2026-11-22T10:00:00Z "),
		STR_INIT("2026-11-22T10:00:00Zx"),
		STR_INIT("2026-11-22T10:00:00Z\0"),
		STR_INIT("2026-11-22\0T10:00:00Z"),
		STR_INIT("2026-1-22T10:00:00Z"),
		STR_INIT("26-11-22T10:00:00Z"),
		STR_INIT("02026-11-22T10:00:00Z"),
		STR_INIT("-026-11-22T10:00:00Z"),
		STR_INIT("+026-11-22T10:00:00Z"),
		STR_INIT("2026-00-22T10:00:00Z"),
		STR_INIT("2026-13-22T10:00:00Z"),
		STR_INIT("2026-11-00T10:00:00Z"),
		STR_INIT("2026-11-31T10:00:00Z"),
		STR_INIT("2026-11-32T10:00:00Z"),
		STR_INIT("2026-02-29T10:00:00Z"),
		STR_INIT("1900-02-29T10:00:00Z"),
		STR_INIT("2026-11-22T24:00:00Z"),
		STR_INIT("2026-11-22T10:60:00Z"),
		STR_INIT("2026-11-22T10:00:60Z"),
		STR_INIT("2016-12-31T23:59:60Z"),
		STR_INIT("2026-11-22T1a:00:00Z"),
		STR_INIT("2026-11-22T10:00:00.Z"),
		STR_INIT("2026-11-22T10:00:00,5Z"),
		STR_INIT("2026-11-22T10:00:00.1234567890Z"),
		STR_INIT("2026-11-22T10:00:00.5"),
		STR_INIT("2026-11-22T10:00:00+24:00"),
		STR_INIT("2026-11-22T10:00:00+01:60"),
		STR_INIT("2026-11-22T10:00:00+0100"),
		STR_INIT("2026-11-22T10:00:00+01"),
		STR_INIT("2026-11-22T10:00:00 01:00"),
		STR_INIT("9999-12-31T23:59:59-00:01"),
		STR_INIT("0000-01-01T00:00:00+00:01"),
		STR_INIT("2026-W47-7T10:00:00Z"),
		STR_INIT("20261122T100000Z"),
		STR_INIT("\xd9\xa2\xd9\xa0-11-22T10:00:00Z"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t unix_ms = 42;

		ASSERT_CASE(cases[i].ptr, clock_parse(cases[i], &unix_ms) == 0);
		assert_int_equal(unix_ms, 42);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reading_agrees_with_the_system),
		cmocka_unit_test(the_monotonic_clock_never_goes_back),
		cmocka_unit_test(tests_can_put_their_own_clock_in_place),
		cmocka_unit_test(times_are_written_by_rfc_3339),
		cmocka_unit_test(a_time_that_has_no_such_text_gives_none),
		cmocka_unit_test(years_of_three_digits_are_padded),
		cmocka_unit_test(every_year_agrees_with_the_library),
		cmocka_unit_test(milliseconds_are_shown_where_there_are_any),
		cmocka_unit_test(times_are_read_by_rfc_3339),
		cmocka_unit_test(what_is_no_time_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
