/* Two ways to read a user's JSON, which must never say different things. */
#include "../arena.h"
#include "../unit.h"

#include "model/user_json.h"

static const struct str sample = STR_INIT(
    "{\"email\": \"ann@example.org\", \"username\": null, "
    "\"first_name\": \"Ann\", \"last_name\": \"O'Neil\", "
    "\"phone_number\": \"+49\", \"age\": 30, \"status\": 1, "
    "\"token_version\": 7, \"created_ms\": 1795341600000, "
    "\"last_login_ms\": null, \"roles\": \"ADMIN,USER\"}");

static bool
is_same_text(struct str a, struct str b)
{
	return (a.ptr == NULL) == (b.ptr == NULL) && str_equal(a, b);
}

static bool
is_same_number(struct opt_int a, struct opt_int b)
{
	return a.is_set == b.is_set && (!a.is_set || a.value == b.value);
}

static bool
is_same(const struct user *a, const struct user *b)
{
	return is_same_text(a->email, b->email) &&
	    is_same_text(a->username, b->username) &&
	    is_same_text(a->first_name, b->first_name) &&
	    is_same_text(a->last_name, b->last_name) &&
	    is_same_text(a->phone_number, b->phone_number) &&
	    is_same_number(a->age, b->age) && a->status == b->status &&
	    a->token_version == b->token_version &&
	    a->created_ms == b->created_ms &&
	    is_same_number(a->last_login_ms, b->last_login_ms) &&
	    is_same_text(a->roles, b->roles);
}

/* Returns whether the quick way took it; the other way must agree then. */
static bool
both_agree(struct arena *arena, struct str text)
{
	struct user own = { .status = 0 };
	struct user any = { .status = 0 };
	const int rc = user_json_read_own(arena, text, &own);

	assert_true(rc >= 0);
	if (rc == 1)
		ASSERT_CASE(text.ptr,
		    user_json_read_any(arena, text, &any) == 1 &&
		        is_same(&own, &any));
	arena_reset(arena);
	return rc == 1;
}

static void
what_the_database_writes_is_read_the_quick_way(void **state)
{
	struct arena *arena = *state;
	struct user user = { .id = { { 7 } } };

	assert_true(both_agree(arena, sample));
	assert_int_equal(user_read_json(arena, sample, &user), 1);
	assert_true(str_equal(user.email, STR("ann@example.org")));
	assert_true(user.username.ptr == NULL);
	assert_true(user.age.is_set && user.age.value == 30);
	assert_false(user.last_login_ms.is_set);
	assert_int_equal(user.status, 1);
	assert_int_equal(user.token_version, 7);
	assert_true(str_equal(user.roles, STR("ADMIN,USER")));
	assert_int_equal(user.id.bytes[0], 7);
}

static void
other_texts_and_orders_are_read_the_other_way(void **state)
{
	static const struct str names[] = {
		STR_INIT("{\"email\": \"a\", \"username\": \"\\\"x\", "
		         "\"first_name\": \"J\xc3\xb6rg\", \"last_name\": \"\","
		         " \"phone_number\": null, \"age\": null, "
		         "\"status\": 2, \"token_version\": 0, "
		         "\"created_ms\": 1, \"last_login_ms\": 2, "
		         "\"roles\": \"\"}"),
		STR_INIT("{\"roles\":\"\",\"username\":\"\\\"x\","
		         "\"first_name\":\"J\\u00f6rg\",\"last_name\":\"\","
		         "\"phone_number\":null,\"age\":null,\"status\":2,"
		         "\"token_version\":0,\"created_ms\":1,"
		         "\"last_login_ms\":2,\"email\":\"a\"}"),
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct user user = { .status = 0 };

		assert_false(both_agree(*state, names[i]));
		ASSERT_CASE(names[i].ptr,
		    user_read_json(*state, names[i], &user) == 1);
		assert_true(str_equal(user.username, STR("\"x")));
		assert_true(str_equal(user.first_name, STR("J\xc3\xb6rg")));
		assert_true(user.last_name.ptr != NULL);
		assert_int_equal(user.last_login_ms.value, 2);
	}
}

static void
a_part_is_no_user(void **state)
{
	struct user user = { .status = 3 };

	for (size_t len = 0; len < sample.len; len++) {
		const struct str part = { sample.ptr, len };

		assert_false(both_agree(*state, part));
		assert_int_equal(user_read_json(*state, part, &user), -1);
	}
	assert_int_equal(user_read_json(*state, STR_NONE, &user), -1);
	assert_int_equal(user.status, 3);
}

/* Each byte replaced by each of those that mean something in JSON. */
static void
no_single_change_makes_them_differ(void **state)
{
	static const char others[] = "\"\\{}[]:, 0-1.eEnt\n\x7f\x80";
	char text[512];
	size_t taken = 0;

	assert_true(sample.len <= sizeof text);
	for (size_t at = 0; at < sample.len; at++)
		for (size_t i = 0; i < sizeof others; i++) {
			memcpy(text, sample.ptr, sample.len);
			text[at] = others[i];
			taken += both_agree(*state,
			    (struct str){ text, sample.len });
		}
	/* Letters within values, mostly: the comparison was made. */
	assert_true(taken > 500);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    what_the_database_writes_is_read_the_quick_way, arena_setup,
		    arena_teardown),
		cmocka_unit_test_setup_teardown(
		    other_texts_and_orders_are_read_the_other_way, arena_setup,
		    arena_teardown),
		cmocka_unit_test_setup_teardown(a_part_is_no_user, arena_setup,
		    arena_teardown),
		cmocka_unit_test_setup_teardown(
		    no_single_change_makes_them_differ, arena_setup,
		    arena_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
