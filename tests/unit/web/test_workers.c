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
static atomic_int rests;
static bool has_third_decided;
static bool did_second_leave;
static bool did_third_leave;
static bool does_first_leave;

static void
await_decision(void)
{
	pthread_mutex_lock(&mutex);
	while (!has_third_decided)
		pthread_cond_wait(&changed, &mutex);
	pthread_mutex_unlock(&mutex);
}

/* The first has a request, which lasts until the third has decided. */
static void
first(void)
{
	workers_busy();
	await_decision();
	/* Two wait now: one of them is enough. */
	workers_idle();
	does_first_leave = workers_waited_in_vain();
	kill(getpid(), SIGTERM);
}

/* The third waits in place of the second, which has taken nothing itself. */
static void
third(void)
{
	const bool leaves = workers_waited_in_vain();

	if (!leaves)
		workers_idle();
	pthread_mutex_lock(&mutex);
	did_third_leave = leaves;
	has_third_decided = true;
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
	else if (number == 2)
		did_second_leave = workers_waited_in_vain();
	else
		third();
}

static void
rest(void)
{
	rests++;
}

/* Which is another one after each busy time.  Both give back what they can. */
static void
test_one_thread_always_waits(void **state)
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
	assert_int_equal(threads, 3);
	assert_int_equal(rests, 2);
	assert_true(did_second_leave);
	assert_false(did_third_leave);
	assert_true(does_first_leave);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_thread_always_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
