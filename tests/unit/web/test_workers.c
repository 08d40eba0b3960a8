/* Which threads stay, and which leave. */
#include "../unit.h"

#include "web/workers.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int threads;
static bool has_second_decided;
static bool did_second_leave;
static bool does_third_leave;

static void
await_decision(void)
{
	pthread_mutex_lock(&mutex);
	while (!has_second_decided)
		pthread_cond_wait(&changed, &mutex);
	pthread_mutex_unlock(&mutex);
}

/* The first has a request, which lasts until the second has decided. */
static void
first(void)
{
	workers_busy();
	await_decision();
	/* Both wait now: one of them is enough. */
	workers_idle();
	does_third_leave = workers_waited_in_vain();
	kill(getpid(), SIGTERM);
}

/* The second waits meanwhile, for so long that it asks whether to leave. */
static void
second(void)
{
	const bool leaves = workers_waited_in_vain();

	if (!leaves)
		workers_idle();
	pthread_mutex_lock(&mutex);
	did_second_leave = leaves;
	has_second_decided = true;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&mutex);
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
	else
		second();
}

static void
test_one_thread_always_waits(void **state)
{
	static const struct workers_plan plan = {
		.least = 1,
		.usual = 8,
		.most = 8,
		.deadline_ms = 1000,
		.run = run,
	};

	(void)state;
	workers_block_signals();
	assert_int_equal(workers_serve(&plan), 1);
	assert_int_equal(threads, 2);
	assert_false(did_second_leave);
	assert_true(does_third_leave);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_thread_always_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
