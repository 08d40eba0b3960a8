/* Requests and all they need, taken, given back and freed. */
#include "../unit.h"

#include "web/job.h"

enum { MANY = 40 };

/* Whoever gives back what many needed may take as many again. */
static void
test_only_those_in_use_count(void **state)
{
	struct job *many[MANY];

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		many[i] = job_take();
		assert_non_null(many[i]);
		assert_int_equal(jobs_used(), i + 1);
	}
	for (size_t i = 0; i < MANY; i++)
		job_give(many[i]);
	assert_int_equal(jobs_used(), 0);
	jobs_rest();
	assert_int_equal(jobs_used(), 0);
}

static void
test_what_is_given_back_is_taken_again(void **state)
{
	struct job *first = job_take();
	struct job *again;

	(void)state;
	assert_non_null(first);
	job_give(first);
	again = job_take();
	assert_ptr_equal(again, first);
	assert_int_equal(jobs_used(), 1);
	/* Not of those that nobody uses. */
	jobs_rest();
	assert_non_null(again->arena);
	job_free(&again);
	assert_null(again);
	assert_int_equal(jobs_used(), 0);
	job_free(&again);
	assert_int_equal(jobs_used(), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_those_in_use_count),
		cmocka_unit_test(test_what_is_given_back_is_taken_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
