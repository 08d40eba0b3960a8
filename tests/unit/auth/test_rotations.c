/* Who shares a statement with whom, and what follows where that fails. */
#include "rotations_scene.h"

static void
test_one_waits_for_nobody(void **state)
{
	(void)state;
	begin(0);
	await_begun(1);
	begin(1);
	await_begun(2);
	end_all(2);
	assert_all(2, 1);
	assert_int_equal(statements_of(1), 2);
}

static void
test_those_that_wait_share(void **state)
{
	(void)state;
	begin_all(SINGLES + 8);
	end_all(SINGLES + 8);
	assert_all(SINGLES + 8, 1);
	assert_int_equal(statements_of(1), SINGLES);
	assert_int_equal(statements_of(8), 1);
	assert_true(database.is_sorted);
}

/* One with two steps is under way: three wait for it, four do not. */
static void
test_four_wait_for_nobody(void **state)
{
	const size_t first = SINGLES + 2;

	(void)state;
	begin_behind(first, 3);
	begin(first + 3);
	await_begun(SINGLES + 2);
	assert_int_equal(rotations_waiting(), 0);
	end_all(first + 4);
	assert_all(first + 4, 1);
	assert_int_equal(statements_of(2), 1);
	assert_int_equal(statements_of(4), 1);
}

static void
test_any_number_is_done(void **state)
{
	(void)state;
	for (size_t more = 1; more <= STEPS_MAX - SINGLES; more++) {
		setup(state);
		begin_all(SINGLES + more);
		end_all(SINGLES + more);
		assert_all(SINGLES + more, 1);
	}
}

static void
test_after_a_conflict_each_alone(void **state)
{
	(void)state;
	database.together = DB_ERROR_CONFLICT;
	begin_all(SINGLES + 4);
	end_all(SINGLES + 4);
	assert_all(SINGLES + 4, 1);
	assert_int_equal(statements_of(4), 1);
	assert_int_equal(statements_of(1), SINGLES + 4);
}

static void
test_only_who_is_missing_is_missing(void **state)
{
	(void)state;
	database.missing = STEPS_MAX - SINGLES;
	begin_all(SINGLES + 4);
	end_all(SINGLES + 4);
	assert_int_equal(askers[SINGLES].rc, 0);
	askers[SINGLES] = askers[0];
	assert_all(SINGLES + 4, 1);
}

/* Whether it was carried out, nobody knows: once more might end a session. */
static void
test_what_is_lost_is_not_tried_again(void **state)
{
	(void)state;
	database.together = DB_ERROR_LOST;
	begin_all(SINGLES + 4);
	end_all(SINGLES + 4);
	assert_all(SINGLES, 1);
	for (size_t i = SINGLES; i < SINGLES + 4; i++)
		assert_int_equal(askers[i].rc, -1);
	assert_int_equal(database.begun, SINGLES + 1);
}

/* They wait out of the queue, in which the next one then is the first. */
static void
test_who_waits_for_a_row_keeps_nobody(void **state)
{
	(void)state;
	database.held = STEPS_MAX - 2;
	for (size_t i = 0; i < SINGLES + 3; i++) {
		begin(i);
		await_begun(i + 1);
	}
	end_all(SINGLES + 3);
	assert_all(SINGLES + 3, 1);
}

/* A database that hangs with two does not hold up the others. */
static void
test_nobody_waits_for_long(void **state)
{
	(void)state;
	clock_use(NULL);
	for (size_t i = 0; i < SINGLES + 3; i++) {
		begin(i);
		await_begun(i + 1);
	}
	assert_int_equal(rotations_waiting(), 0);
	end_all(SINGLES + 3);
	assert_all(SINGLES + 3, 1);
	assert_int_equal(statements_of(1), SINGLES + 3);
}

/* More than one statement takes: only the first of them may lead. */
static void
test_first_loses_patience(void **state)
{
	(void)state;
	clock_use(NULL);
	for (size_t i = 0; i < SINGLES; i++) {
		begin(i);
		await_begun(i + 1);
	}
	for (size_t i = SINGLES; i < STEPS_MAX; i++)
		begin(i);
	await_begun(SINGLES + 2);
	end_all(STEPS_MAX);
	assert_all(STEPS_MAX, 1);
}

static void
test_without_a_connection(void **state)
{
	(void)state;
	database.has_connections = false;
	let_go(SIZE_MAX);
	for (size_t i = 0; i < STEPS_MAX; i++)
		begin(i);
	end_all(STEPS_MAX);
	assert_all(STEPS_MAX, -1);
	assert_int_equal(database.begun, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_one_waits_for_nobody, setup),
		cmocka_unit_test_setup(test_those_that_wait_share, setup),
		cmocka_unit_test_setup(test_four_wait_for_nobody, setup),
		cmocka_unit_test_setup(test_any_number_is_done, setup),
		cmocka_unit_test_setup(test_after_a_conflict_each_alone, setup),
		cmocka_unit_test_setup(test_only_who_is_missing_is_missing,
		    setup),
		cmocka_unit_test_setup(test_what_is_lost_is_not_tried_again,
		    setup),
		cmocka_unit_test_setup(test_who_waits_for_a_row_keeps_nobody,
		    setup),
		cmocka_unit_test_setup(test_nobody_waits_for_long, setup),
		cmocka_unit_test_setup(test_first_loses_patience, setup),
		cmocka_unit_test_setup(test_without_a_connection, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
