/* UUIDs: version 7 when made here. */
#include "../unit.h"

#include "base/rnd.h"
#include "base/uuid.h"

static int
no_randomness(void *bytes_r, size_t len)
{
	(void)bytes_r;
	(void)len;
	return -1;
}

static int
all_ones(void *bytes_r, size_t len)
{
	memset(bytes_r, 0xff, len);
	return 1;
}

static void
the_example_of_rfc_9562_has_its_form(void **state)
{
	char text[UUID_TEXT_LEN + 1];
	struct uuid uuid;

	(void)state;
	rnd_use(all_ones);
	/* Appendix A.6: 2022-02-22T19:22:22Z as milliseconds. */
	assert_int_equal(uuid_new(INT64_C(1645557742000), &uuid), 1);
	rnd_use(NULL);
	uuid_format(&uuid, text);
	assert_string_equal(text, "017f22e2-79b0-7fff-bfff-ffffffffffff");
}

static void
ids_sort_by_their_time(void **state)
{
	char before[UUID_TEXT_LEN + 1];
	char after[UUID_TEXT_LEN + 1];
	struct uuid uuid;

	(void)state;
	for (int64_t ms = 1795000000000; ms < 1795000000200; ms++) {
		assert_int_equal(uuid_new(ms, &uuid), 1);
		uuid_format(&uuid, before);
		assert_int_equal(uuid_new(ms + 1, &uuid), 1);
		uuid_format(&uuid, after);
		assert_true(strcmp(before, after) < 0);
	}
}

static void
two_of_the_same_millisecond_differ(void **state)
{
	struct uuid a;
	struct uuid b;

	(void)state;
	assert_int_equal(uuid_new(1, &a), 1);
	assert_int_equal(uuid_new(1, &b), 1);
	assert_false(uuid_equal(&a, &b));
	assert_true(uuid_equal(&a, &a));
}

static void
without_randomness_there_is_no_id(void **state)
{
	struct uuid uuid = { { 42 } };

	(void)state;
	rnd_use(no_randomness);
	assert_int_equal(uuid_new(1, &uuid), -1);
	rnd_use(NULL);
	assert_int_equal(uuid.bytes[0], 42);
}

static void
the_canonical_form_comes_back(void **state)
{
	static const char *const cases[] = {
		"00000000-0000-0000-0000-000000000000",
		"ffffffff-ffff-ffff-ffff-ffffffffffff",
		"01234567-89ab-7def-8123-456789abcdef",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[UUID_TEXT_LEN + 1];
		struct uuid uuid;

		ASSERT_CASE(cases[i],
		    uuid_parse(str_from(cases[i]), &uuid) == 1);
		uuid_format(&uuid, text);
		assert_string_equal(text, cases[i]);
	}
}

static void
any_other_form_is_refused(void **state)
{
	static const char *const cases[] = {
		"",
		"01234567-89AB-7def-8123-456789abcdef",
		"0123456789ab7def8123456789abcdef",
		"{01234567-89ab-7def-8123-456789abcdef}",
		"urn:uuid:01234567-89ab-7def-8123-456789abcdef",
		"01234567-89ab-7def-8123-456789abcde",
		"01234567-89ab-7def-8123-456789abcdef0",
		"01234567-89ab-7def-8123-456789abcdeg",
		"01234567-89ab-7def-8123-456789abcde ",
		"012345678-9ab-7def-8123-456789abcdef",
		"01234567_89ab_7def_8123_456789abcdef",
		"01234567-89ab-7def-8123456789abcdef-",
		"1abc",
		"' OR '1'='1' -- 456789abcdef01234567",
	};
	struct uuid uuid = { { 42 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		ASSERT_CASE(cases[i],
		    uuid_parse(str_from(cases[i]), &uuid) == 0);
	assert_int_equal(
	    uuid_parse(STR("01234567-89ab-7def-8123-456789abcd\0f"), &uuid), 0);
	assert_int_equal(uuid.bytes[0], 42);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_example_of_rfc_9562_has_its_form),
		cmocka_unit_test(ids_sort_by_their_time),
		cmocka_unit_test(two_of_the_same_millisecond_differ),
		cmocka_unit_test(without_randomness_there_is_no_id),
		cmocka_unit_test(the_canonical_form_comes_back),
		cmocka_unit_test(any_other_form_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
