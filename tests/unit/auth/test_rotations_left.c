/* Requests that their threads leave, and who goes on with them. */
#include "rotations_scene.h"

/* Of those that wait. */
enum { THIRD = SINGLES + 2 };

/* Threads that were started for one that asks again. */
static struct {
	/* Negative: there are none to be had. */
	int started;
	pthread_t threads[STEPS_MAX];
} apart;

static struct {
	void (*run)(void *work);
	void *work;
} apart_work[STEPS_MAX];

static void *
run_apart(void *number)
{
	const size_t i = (size_t)(uintptr_t)number;

	apart_work[i].run(apart_work[i].work);
	return NULL;
}

static int
start_apart(void (*run)(void *work), void *work)
{
	const int i = apart.started;

	if (i < 0)
		return -1;
	apart.started++;
	apart_work[i].run = run;
	apart_work[i].work = work;
	assert_int_equal(pthread_create(&apart.threads[i], NULL, run_apart,
	                     (void *)(uintptr_t)i),
	    0);
	return 1;
}

static int
setup_left(void **state)
{
	setup(state);
	are_left = true;
	start_thread = start_apart;
	apart.started = 0;
	return 0;
}

static void
end_all_apart(size_t count)
{
	end_all(count);
	for (int i = 0; i < apart.started; i++)
		pthread_join(apart.threads[i], NULL);
}

/* Those threads end although nothing is done yet. */
static void
await_left(size_t first, size_t end)
{
	for (size_t i = first; i < end; i++) {
		pthread_join(askers[i].thread, NULL);
		askers[i].is_joined = true;
	}
}

static void
assert_by(size_t first, size_t end, size_t leader)
{
	for (size_t i = first; i < end; i++)
		assert_true(
		    pthread_equal(askers[i].finisher, askers[leader].thread));
}

/* Of at most eight that wait all but the leader and the third are left. */
static void
begin_and_leave(size_t count)
{
	begin_all(count);
	await_left(SINGLES + 1, THIRD);
	await_left(THIRD + 1, count);
}

/* All of them but the third: two sign and answer sooner than one. */
static void
assert_led(size_t end)
{
	assert_by(SINGLES, THIRD, SINGLES);
	assert_by(THIRD, THIRD + 1, THIRD);
	assert_by(THIRD + 1, end, SINGLES);
}

static void
test_leader_goes_on_with_the_others(void **state)
{
	(void)state;
	begin_and_leave(SINGLES + 8);
	end_all_apart(SINGLES + 8);
	assert_all(SINGLES + 8, 1);
	assert_led(SINGLES + 8);
	assert_int_equal(statements_of(8), 1);
	assert_int_equal(apart.started, 0);
}

/* Eight steps are under way by the time three more wait. */
static void
test_third_of_many_is_left(void **state)
{
	const size_t next = SINGLES + 8;

	(void)state;
	begin_behind(next, 3);
	await_left(next + 1, next + 3);
	end_all_apart(next + 3);
	assert_all(next + 3, 1);
	assert_by(next, next + 3, next);
}

/* There is a thread to lead each statement. */
static void
test_each_eighth_keeps_its_thread(void **state)
{
	(void)state;
	begin_and_leave(SINGLES + 8);
	for (size_t i = SINGLES + 8; i < SINGLES + 12; i++)
		begin_waiting(i, i - SINGLES);
	await_left(SINGLES + 9, SINGLES + 12);
	end_all_apart(SINGLES + 12);
	assert_all(SINGLES + 12, 1);
	assert_led(SINGLES + 8);
	assert_by(SINGLES + 8, SINGLES + 12, SINGLES + 8);
}

/* The third does so by its own thread. */
static void
test_who_asks_again_does_so_apart(void **state)
{
	(void)state;
	database.together = DB_ERROR_CONFLICT;
	begin_and_leave(SINGLES + 4);
	end_all_apart(SINGLES + 4);
	assert_all(SINGLES + 4, 1);
	assert_int_equal(apart.started, 2);
}

static void
test_who_is_refused_goes_on_apart(void **state)
{
	(void)state;
	database.refused = STEPS_MAX - SINGLES - 1;
	begin_and_leave(SINGLES + 4);
	end_all_apart(SINGLES + 4);
	assert_all(SINGLES + 4, 1);
	assert_int_equal(apart.started, 1);
	assert_true(
	    pthread_equal(askers[SINGLES + 1].finisher, apart.threads[0]));
	assert_by(THIRD + 1, SINGLES + 4, SINGLES);
}

static void
test_leader_does_it_where_there_is_no_thread(void **state)
{
	(void)state;
	apart.started = -1;
	database.together = DB_ERROR_CONFLICT;
	begin_and_leave(SINGLES + 4);
	end_all_apart(SINGLES + 4);
	assert_all(SINGLES + 4, 1);
	assert_led(SINGLES + 4);
}

/* Whatever takes longer comes last. */
static void
test_quick_ones_first_where_there_is_no_thread(void **state)
{
	(void)state;
	apart.started = -1;
	/* The first by its id. */
	database.refused = STEPS_MAX - SINGLES - 5;
	begin_and_leave(SINGLES + 6);
	end_all_apart(SINGLES + 6);
	assert_all(SINGLES + 6, 1);
	assert_true(askers[SINGLES + 1].place < askers[SINGLES + 5].place);
	for (size_t i = THIRD + 1; i < SINGLES + 5; i++)
		assert_true(askers[i].place < askers[SINGLES + 5].place);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_leader_goes_on_with_the_others,
		    setup_left),
		cmocka_unit_test_setup(test_third_of_many_is_left, setup_left),
		cmocka_unit_test_setup(test_each_eighth_keeps_its_thread,
		    setup_left),
		cmocka_unit_test_setup(test_who_asks_again_does_so_apart,
		    setup_left),
		cmocka_unit_test_setup(test_who_is_refused_goes_on_apart,
		    setup_left),
		cmocka_unit_test_setup(
		    test_leader_does_it_where_there_is_no_thread, setup_left),
		cmocka_unit_test_setup(
		    test_quick_ones_first_where_there_is_no_thread, setup_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
