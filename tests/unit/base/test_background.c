/* Work in threads that others outrank. */
#include "../child.h"
#include "../unit.h"

#include "base/background.h"

#include <sys/resource.h>

enum { ANSWER = 42 };

static int
own_priority(void)
{
	return getpriority(PRIO_PROCESS, 0);
}

static int
look(void *priority_r)
{
	*(int *)priority_r = own_priority();
	return ANSWER;
}

static void
the_work_has_less_priority_than_its_caller(void **state)
{
	const int before = own_priority();
	int priority = before;

	(void)state;
	assert_int_equal(background_run(look, &priority), ANSWER);
	assert_true(priority >= before + 10 || priority == 19);
	assert_int_equal(own_priority(), before);
}

static int
outcome_without_threads(const void *argument)
{
	static const struct rlimit none = { 0, 0 };
	int priority;

	(void)argument;
	/* No stack for a thread can be had. */
	if (setrlimit(RLIMIT_AS, &none) != 0)
		return 1;
	return background_run(look, &priority) == ANSWER &&
	        priority == own_priority()
	    ? 0
	    : 2;
}

static void
the_work_is_done_without_a_thread(void **state)
{
	(void)state;
	SKIP_WHERE_SANITIZED();
	assert_child(outcome_without_threads, NULL);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		/* Before the other, whose stack the C library keeps. */
		cmocka_unit_test(the_work_is_done_without_a_thread),
		cmocka_unit_test(the_work_has_less_priority_than_its_caller),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
