/* Which threads stay, and which leave. */
#include "../unit.h"

#include "web/workers.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int threads;
static int step;
static atomic_int rests;
static bool leaves_first;
static bool leaves_second;
static bool leaves_third_at_first;
static bool leaves_third_at_once;
static bool leaves_third;
static bool leaves_fourth;

static void
reach(int number)
{
	pthread_mutex_lock(&mutex);
	step = number;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&mutex);
}

static void
await(int number)
{
	pthread_mutex_lock(&mutex);
	while (step < number)
		pthread_cond_wait(&changed, &mutex);
	pthread_mutex_unlock(&mutex);
}

/* Has two requests, each of which lasts until the others have decided. */
static void
first(void)
{
	workers_busy();
	await(1);
	workers_idle();
	workers_busy();
	reach(2);
	await(3);
	/* Two wait now: one of them is enough. */
	workers_idle();
	leaves_first = workers_waited_in_vain();
	kill(getpid(), SIGTERM);
}

/* Waits in place of the second, until after the next request. */
static void
third(void)
{
	leaves_third_at_first = workers_waited_in_vain();
	workers_idle();
	reach(1);
	await(2);
	/* There was a request meanwhile: nothing is done yet. */
	leaves_third_at_once = workers_waited_in_vain();
	workers_idle();
	leaves_third = workers_waited_in_vain();
}

static void
fourth(void)
{
	leaves_fourth = workers_waited_in_vain();
	workers_idle();
	reach(3);
}

static void
run(void)
{
	int number;

	workers_idle();
	pthread_mutex_lock(&mutex);
	number = ++threads;
	pthread_mutex_unlock(&mutex);
	if (number == 1)
		first();
	else if (number == 2)
		leaves_second = workers_waited_in_vain();
	else if (number == 3)
		third();
	else
		fourth();
}

static void
rest(void)
{
	rests++;
}

static void
another_waits_after_each_busy_time(void **state)
{
	static const struct workers_plan plan = {
		.least = 1,
		.usual = 8,
		.most = 8,
		.deadline_ms = 1000,
		.run = run,
		.rest = rest,
	};

	(void)state;
	workers_block_signals();
	assert_int_equal(workers_serve(&plan), 1);
	assert_int_equal(threads, 4);
	assert_true(leaves_second);
	assert_false(leaves_third_at_first);
	assert_false(leaves_third_at_once);
	assert_true(leaves_third);
	assert_false(leaves_fourth);
	assert_true(leaves_first);
	/* Each time somebody was replaced, and each time somebody stayed. */
	assert_int_equal(rests, 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_waits_after_each_busy_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
