/* Where there is room for one thread alone. */
#include "../unit.h"

#include "web/workers.h"

#include <malloc.h>
#include <signal.h>
#include <unistd.h>

enum { LARGE = 200 * 1024 };

static int threads;
static bool leaves;
static bool is_in_heap;

/* What is large comes from the system, also after one like it was freed. */
static void
allocate_twice(void)
{
	const size_t before = mallinfo2().uordblks;
	void *volatile large = malloc(LARGE);

	free(large);
	large = malloc(LARGE);
	is_in_heap = mallinfo2().uordblks >= before + LARGE;
	free(large);
}

static void
run(void)
{
	threads++;
	workers_idle();
	workers_busy();
	allocate_twice();
	workers_idle();
	leaves = workers_waited_in_vain();
	kill(getpid(), SIGTERM);
}

static void
nobody_takes_its_place_and_memory_goes_back(void **state)
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
	assert_false(is_in_heap);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_takes_its_place_and_memory_goes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
