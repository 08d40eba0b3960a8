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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
