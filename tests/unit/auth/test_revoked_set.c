/* What a set of revocations knows, and how much room it takes. */
#include "../unit.h"

#include "auth/revoked_set.h"

#include <malloc.h>

enum {
	MANY = 12000,
	/* For 16,384 ids of eight bytes, and what malloc needs. */
	MANY_SIZE = 132 * 1024,
};

static struct revoked_set set;

static struct uuid
id_of(size_t number)
{
	struct uuid id = { .bytes = { [UUID_SIZE - 8] = 0x80 } };

	id.bytes[UUID_SIZE - 1] = (unsigned char)number;
	id.bytes[UUID_SIZE - 2] = (unsigned char)(number >> 8);
	id.bytes[UUID_SIZE - 7] = (unsigned char)number;
	return id;
}

static void
add_session(size_t number)
{
	const struct uuid id = id_of(number);

	assert_int_equal(revoked_set_add_session(&set, &id), 1);
}

static void
add_user(size_t number, int64_t least_version)
{
	const struct uuid id = id_of(number);

	assert_int_equal(revoked_set_add_user(&set, &id, least_version), 1);
}

static bool
has_session(size_t number)
{
	const struct uuid id = id_of(number);

	return revoked_set_has_session(&set, &id);
}

static int64_t
least_version(size_t number)
{
	const struct uuid id = id_of(number);

	return revoked_set_least_version(&set, &id);
}

static int
teardown(void **state)
{
	(void)state;
	revoked_set_free(&set);
	return 0;
}

static void
test_an_empty_one_knows_nothing(void **state)
{
	(void)state;
	assert_false(has_session(1));
	assert_int_equal(least_version(1), 0);
	assert_false(revoked_set_is_crowded(&set));
}

static void
test_sessions_are_no_users(void **state)
{
	(void)state;
	add_session(1);
	add_user(2, 7);
	assert_true(has_session(1));
	assert_false(has_session(2));
	assert_int_equal(least_version(1), 0);
	assert_int_equal(least_version(2), 7);
}

/* Rows come in any order. */
static void
test_the_highest_version_counts(void **state)
{
	(void)state;
	add_user(1, 3);
	add_user(1, 9);
	add_user(1, 5);
	assert_int_equal(least_version(1), 9);
}

static void
test_it_grows(void **state)
{
	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		add_session(i);
		add_user(i, (int64_t)i + 1);
	}
	for (size_t i = 0; i < MANY; i++) {
		assert_true(has_session(i));
		assert_int_equal(least_version(i), i + 1);
	}
	assert_false(has_session(MANY));
	assert_int_equal(least_version(MANY), 0);
	assert_true(revoked_set_is_crowded(&set));
}

/* Five endpoints of a host have all that is in force. */
static void
test_a_session_takes_eight_bytes(void **state)
{
	const size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		add_session(i);
		add_session(i);
	}
	assert_true(
	    mallinfo2().uordblks + mallinfo2().hblkhd <= before + MANY_SIZE);
}

static void
test_one_takes_in_another(void **state)
{
	const struct uuid session = id_of(3);
	const struct uuid user = id_of(4);
	struct revoked_set other = { 0 };

	(void)state;
	add_session(1);
	add_user(4, 8);
	assert_int_equal(revoked_set_add_session(&other, &session), 1);
	assert_int_equal(revoked_set_add_user(&other, &user, 6), 1);
	assert_int_equal(revoked_set_add_all(&set, &other), 1);
	revoked_set_free(&other);
	assert_true(has_session(1));
	assert_true(has_session(3));
	assert_int_equal(least_version(4), 8);
}

/* No id of ours ends so, but a row may be anybody's. */
static void
test_an_id_of_zeros_is_one(void **state)
{
	const struct uuid zeros = { 0 };

	(void)state;
	assert_int_equal(revoked_set_add_session(&set, &zeros), 1);
	assert_true(revoked_set_has_session(&set, &zeros));
	assert_false(has_session(2));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_an_empty_one_knows_nothing,
		    teardown),
		cmocka_unit_test_teardown(test_sessions_are_no_users, teardown),
		cmocka_unit_test_teardown(test_the_highest_version_counts,
		    teardown),
		cmocka_unit_test_teardown(test_it_grows, teardown),
		cmocka_unit_test_teardown(test_a_session_takes_eight_bytes,
		    teardown),
		cmocka_unit_test_teardown(test_one_takes_in_another, teardown),
		cmocka_unit_test_teardown(test_an_id_of_zeros_is_one, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
