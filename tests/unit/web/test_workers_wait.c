/* No more threads at work than usual, but in place of those that wait. */
#include "../unit.h"

#include "web/workers.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int workers;
static int threads_idle;
static int threads_busy;
static int threads_waiting;

/* The kernel's count: a thread is there once it was started. */
static int
count_threads(void)
{
	DIR *dir = opendir("/proc/self/task");
	int count = 0;

	if (dir == NULL)
		return -1;
	/* Nobody else reads this one. */
	/* cppcheck-suppress readdirCalled */
	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count;
}

static void
await_second(void)
{
	pthread_mutex_lock(&mutex);
	while (workers < 2)
		pthread_cond_wait(&changed, &mutex);
	pthread_mutex_unlock(&mutex);
}

static void
take_one_request(void)
{
	threads_idle = count_threads();
	workers_busy();
	threads_busy = count_threads();
	workers_wait(true);
	threads_waiting = count_threads();
	await_second();
	workers_wait(false);
	kill(getpid(), SIGTERM);
}

/* The second waits for a request until the first has ended. */
static void
await_end(void)
{
	bool is_over = false;

	while (!is_over) {
		usleep(1000);
		is_over = workers_should_leave();
	}
}

static void
run(void)
{
	int number;

	workers_idle();
	pthread_mutex_lock(&mutex);
	number = ++workers;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&mutex);
	if (number == 1)
		take_one_request();
	else
		await_end();
}

static void
test_who_waits_is_replaced(void **state)
{
	static const struct workers_plan plan = {
		.least = 1,
		.usual = 1,
		.most = 4,
		.deadline_ms = 1000,
		.run = run,
	};

	(void)state;
	workers_block_signals();
	assert_int_equal(workers_serve(&plan), 1);
	assert_int_equal(threads_busy, threads_idle);
	assert_int_equal(threads_waiting, threads_idle + 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_waits_is_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
