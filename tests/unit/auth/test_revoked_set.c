/* What a set of revocations knows, and how much room it takes. */
#include "../unit.h"

#include "auth/revoked_set.h"

#include <malloc.h>

enum {
	MANY = 12000,
	/* About half of 16,384 slots: 20 to 40 in a row by chance. */
	HALF = 8000,
	MOST_NEIGHBOURS = 100,
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
		/* There is always an end to what is looked through. */
		assert_false(has_session(MANY));
		assert_int_equal(least_version(MANY), 0);
	}
	for (size_t i = 0; i < MANY; i++) {
		assert_true(has_session(i));
		assert_int_equal(least_version(i), i + 1);
	}
	assert_true(revoked_set_is_crowded(&set));
}

/* The bytes that differ between ids decide where one is looked for. */
static void
test_ids_are_spread(void **state)
{
	struct revoked_table *sessions = &set.sessions;
	size_t neighbours = 0;
	struct uuid id;

	(void)state;
	for (size_t i = 0; i < HALF; i++) {
		assert_int_equal(uuid_new(1, &id), 1);
		assert_int_equal(revoked_set_add_session(&set, &id), 1);
	}
	/* As long as the longest run of used slots takes a look-up. */
	for (size_t i = 0, run = 0; i < sessions->size; i++) {
		run = sessions->ids[i] == 0 ? 0 : run + 1;
		if (neighbours < run)
			neighbours = run;
	}
	assert_true(neighbours < MOST_NEIGHBOURS);
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
	const struct uuid lower = id_of(4);
	const struct uuid higher = id_of(5);
	struct revoked_set other = { 0 };

	(void)state;
	add_session(1);
	add_user(4, 8);
	add_user(5, 2);
	assert_int_equal(revoked_set_add_session(&other, &session), 1);
	assert_int_equal(revoked_set_add_user(&other, &lower, 6), 1);
	assert_int_equal(revoked_set_add_user(&other, &higher, 3), 1);
	assert_int_equal(revoked_set_add_all(&set, &other), 1);
	revoked_set_free(&other);
	assert_true(has_session(1));
	assert_true(has_session(3));
	assert_int_equal(least_version(4), 8);
	assert_int_equal(least_version(5), 3);
}

/* No id of ours does, but a row may be anybody's. */
static void
test_an_id_may_end_in_zeros(void **state)
{
	const struct uuid zeros = { 0 };

	(void)state;
	add_session(2);
	assert_false(revoked_set_has_session(&set, &zeros));
	assert_int_equal(revoked_set_add_session(&set, &zeros), 1);
	assert_true(revoked_set_has_session(&set, &zeros));
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
		cmocka_unit_test_teardown(test_ids_are_spread, teardown),
		cmocka_unit_test_teardown(test_a_session_takes_eight_bytes,
		    teardown),
		cmocka_unit_test_teardown(test_one_takes_in_another, teardown),
		cmocka_unit_test_teardown(test_an_id_may_end_in_zeros,
		    teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
