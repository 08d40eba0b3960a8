/* While one leaves, others wait in its place as if it had gone. */
#include "../unit.h"

#include "web/workers.h"

#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

static atomic_int threads;
static sem_t first_waits;
static sem_t second_left;
static sem_t fourth_waits;

/* Has had a request, is replaced by the third, and rests. */
static void
first(void)
{
	workers_busy();
	workers_idle();
	sem_post(&first_waits);
	sem_wait(&second_left);
	assert_true(workers_waited_in_vain());
}

static void
second(void)
{
	sem_wait(&first_waits);
	assert_true(workers_waited_in_vain());
	sem_post(&second_left);
}

/* Takes a request meanwhile. */
static void
third(void)
{
	workers_busy();
	sem_wait(&fourth_waits);
	kill(getpid(), SIGTERM);
}

static void
run(void)
{
	workers_idle();
	switch (++threads) {
	case 1:
		first();
		break;
	case 2:
		second();
		break;
	case 3:
		third();
		break;
	default:
		sem_post(&fourth_waits);
		sem_post(&fourth_waits);
	}
}

/* Until another waits, which the test is about. */
static void
rest(void)
{
	sem_wait(&fourth_waits);
}

static void
who_leaves_is_not_counted(void **state)
{
	static const struct workers_plan plan = {
		.least = 1,
		.usual = 2,
		.most = 4,
		.deadline_ms = 1000,
		.run = run,
		.rest = rest,
	};

	(void)state;
	sem_init(&first_waits, 0, 0);
	sem_init(&second_left, 0, 0);
	sem_init(&fourth_waits, 0, 0);
	workers_block_signals();
	assert_int_equal(workers_serve(&plan), 1);
	assert_int_equal(threads, 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_leaves_is_not_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
