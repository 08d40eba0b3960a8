/* Where there is room for one thread alone. */
#include "../unit.h"

#include "web/workers.h"

#include <signal.h>
#include <unistd.h>

static int threads;
static bool leaves;

static void
run(void)
{
	threads++;
	workers_idle();
	workers_busy();
	workers_idle();
	leaves = workers_waited_in_vain();
	kill(getpid(), SIGTERM);
}

static void
nobody_takes_its_place(void **state)
{
	static const struct workers_plan plan = {
		.least = 1,
		.usual = 1,
		.most = 1,
		.deadline_ms = 1000,
		.run = run,
	};

	(void)state;
	workers_block_signals();
	assert_int_equal(workers_serve(&plan), 1);
	assert_int_equal(threads, 1);
	assert_false(leaves);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_takes_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
