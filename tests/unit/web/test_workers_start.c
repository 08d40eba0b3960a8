/* Threads that are started for something else than requests. */
#include "../unit.h"

#include "web/workers.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

/* One that takes a request, and two that are started. */
enum { THREADS = 3 };

static atomic_int workers;
static atomic_int ends;
static atomic_bool is_done;
static bool should_leave;
static int fourth_rc;
static sem_t started;
static sem_t ended;
static pthread_t one;
static pthread_t other;

static void
await_end(void)
{
	while (!workers_should_leave())
		usleep(1000);
}

/* Until the end has begun, and then for longer than that takes. */
static void
work_apart(void *number)
{
	other = pthread_self();
	*(int *)number = 1;
	sem_post(&started);
	await_end();
	usleep(50000);
	is_done = true;
}

static void
do_nothing(void *work)
{
	(void)work;
}

static void
run(void)
{
	int number = 0;

	workers++;
	workers_idle();
	one = pthread_self();
	workers_busy();
	assert_int_equal(workers_start(do_nothing, &number), 1);
	sem_wait(&ended);
	assert_int_equal(workers_start(work_apart, &number), 1);
	sem_wait(&started);
	assert_int_equal(number, 1);
	/* What has ended lets nobody take requests in its place. */
	workers_idle();
	workers_busy();
	while (workers_start(work_apart, &number) < 0)
		sched_yield();
	fourth_rc = workers_start(work_apart, &number);
	should_leave = workers_should_leave();
	kill(getpid(), SIGTERM);
}

static void
end(void)
{
	ends++;
	sem_post(&ended);
}

static void
test_what_is_started_is_no_worker(void **state)
{
	static const struct workers_plan plan = {
		.least = 1,
		.usual = 1,
		.most = THREADS,
		.deadline_ms = 1000,
		.run = run,
		.end = end,
	};

	(void)state;
	sem_init(&started, 0, 0);
	sem_init(&ended, 0, 0);
	workers_block_signals();
	assert_int_equal(workers_serve(&plan), 1);
	assert_false(pthread_equal(one, other));
	/* It takes nobody's place. */
	assert_int_equal(workers, 1);
	assert_false(should_leave);
	assert_int_equal(fourth_rc, -1);
	/* The end waits for it. */
	assert_true(is_done);
	assert_int_equal(ends, THREADS + 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_started_is_no_worker),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
