/* Name and value pairs as in a query string or a form's body. */
#include "../unit.h"

#include "base/form.h"
#include "base/limits.h"

struct sample {
	const char *encoded;
	const char *name;
	enum form_found found;
	const char *value;
};

static const struct sample samples[] = {
	{ "", "a", FORM_ABSENT, "" },
	{ "&&", "a", FORM_ABSENT, "" },
	{ "=", "a", FORM_ABSENT, "" },
	{ "b=1", "a", FORM_ABSENT, "" },
	{ "ab=1", "a", FORM_ABSENT, "" },
	{ "a=1", "ab", FORM_ABSENT, "" },
	{ "a", "a", FORM_FOUND, "" },
	{ "a=", "a", FORM_FOUND, "" },
	{ "a=&b=1", "a", FORM_FOUND, "" },
	{ "=1", "", FORM_FOUND, "1" },
	{ "a=1", "a", FORM_FOUND, "1" },
	{ "b=2&a=1&c=3", "a", FORM_FOUND, "1" },
	{ "a=1=2", "a", FORM_FOUND, "1=2" },
	{ "a=x+y%2Bz", "a", FORM_FOUND, "x y+z" },
	{ "%61=%C3%a9", "a", FORM_FOUND, "\xc3\xa9" },
	{ "a+b=1", "a b", FORM_FOUND, "1" },
	{ "a=%26%3d", "a", FORM_FOUND, "&=" },
	{ "%zz=1&a=2", "a", FORM_FOUND, "2" },
	{ "b=%zz&a=2", "a", FORM_FOUND, "2" },
	{ "a=1&a=1", "a", FORM_BAD, "" },
	{ "a=&a=", "a", FORM_BAD, "" },
	{ "a=1&%61=1", "a", FORM_BAD, "" },
	{ "a=%", "a", FORM_BAD, "" },
	{ "a=%4", "a", FORM_BAD, "" },
	{ "a=%4g", "a", FORM_BAD, "" },
	{ "a=% 1", "a", FORM_BAD, "" },
	{ "a=%00", "a", FORM_BAD, "" },
	{ "a=x%00y", "a", FORM_BAD, "" },
	{ "a=%ff", "a", FORM_BAD, "" },
	{ "a=%c3", "a", FORM_BAD, "" },
	{ "a=%c0%af", "a", FORM_BAD, "" },
	{ "a=%ed%a0%80", "a", FORM_BAD, "" },
	{ "a=\xff", "a", FORM_BAD, "" },
};

static void
pairs_are_found_whole_and_once(void **state)
{
	struct arena *arena = arena_new(LIMIT_ARENA);

	(void)state;
	assert_non_null(arena);
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		const struct sample *s = &samples[i];
		struct str value = STR("");

		ASSERT_CASE(s->encoded,
		    form_find(arena, str_from(s->encoded), str_from(s->name),
		        &value) == s->found);
		ASSERT_CASE(s->encoded, str_equal(value, str_from(s->value)));
	}
	arena_free(&arena);
}

static void
nothing_is_no_query(void **state)
{
	struct arena *arena = arena_new(LIMIT_ARENA);
	struct str value;

	(void)state;
	assert_non_null(arena);
	assert_int_equal(form_find(arena, STR_NONE, STR("a"), &value),
	    FORM_ABSENT);
	arena_free(&arena);
}

static void
a_value_by_itself_may_hold_any_sign(void **state)
{
	struct arena *arena = arena_new(LIMIT_ARENA);
	struct str value;

	(void)state;
	assert_non_null(arena);
	assert_int_equal(form_decode(arena, STR("a=1&b%2B+c"), &value),
	    FORM_FOUND);
	assert_true(str_equal(value, STR("a=1&b+ c")));
	assert_int_equal(form_decode(arena, STR(""), &value), FORM_FOUND);
	assert_int_equal(value.len, 0);
	assert_int_equal(form_decode(arena, STR("%0"), &value), FORM_BAD);
	assert_int_equal(form_decode(arena, STR("%00"), &value), FORM_BAD);
	assert_int_equal(form_decode(arena, STR("%ff"), &value), FORM_BAD);
	arena_free(&arena);
}

static void
a_full_arena_is_said(void **state)
{
	struct arena *arena = arena_new(1);
	struct str value = STR("before");

	(void)state;
	assert_non_null(arena);
	assert_int_equal(form_find(arena, STR("a=1"), STR("a"), &value),
	    FORM_NO_MEMORY);
	assert_true(str_equal(value, STR("before")));
	arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_are_found_whole_and_once),
		cmocka_unit_test(nothing_is_no_query),
		cmocka_unit_test(a_value_by_itself_may_hold_any_sign),
		cmocka_unit_test(a_full_arena_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
