/* Random bytes from the kernel's generator. */
#include "../unit.h"

#include "base/rnd.h"

static int
sevens(void *bytes_r, size_t len)
{
	memset(bytes_r, 7, len);
	return 1;
}

static int
none(void *bytes_r, size_t len)
{
	(void)bytes_r;
	(void)len;
	return -1;
}

static void
two_draws_differ(void **state)
{
	unsigned char a[32];
	unsigned char b[32];

	(void)state;
	assert_int_equal(rnd_bytes(a, sizeof a), 1);
	assert_int_equal(rnd_bytes(b, sizeof b), 1);
	assert_memory_not_equal(a, b, sizeof a);
}

static void
a_large_draw_is_filled_to_the_end(void **state)
{
	enum { SIZE = 100000, STEP = 32 };
	static unsigned char bytes[SIZE];
	static const unsigned char zeroes[STEP];

	(void)state;
	assert_int_equal(rnd_bytes(bytes, sizeof bytes), 1);
	for (size_t at = 0; at + STEP <= SIZE; at += STEP)
		assert_memory_not_equal(bytes + at, zeroes, STEP);
}

static void
bytes_behind_the_draw_are_left_alone(void **state)
{
	unsigned char bytes[3] = { 1, 2, 3 };

	(void)state;
	assert_int_equal(rnd_bytes(bytes, 0), 1);
	assert_int_equal(bytes[0], 1);
	assert_int_equal(rnd_bytes(bytes, 1), 1);
	assert_int_equal(bytes[1], 2);
	assert_int_equal(bytes[2], 3);
}

static void
tests_can_put_their_own_source_in_place(void **state)
{
	unsigned char byte = 0;

	(void)state;
	rnd_use(sevens);
	assert_int_equal(rnd_bytes(&byte, 1), 1);
	assert_int_equal(byte, 7);
	rnd_use(none);
	assert_int_equal(rnd_bytes(&byte, 1), -1);
	rnd_use(NULL);
	assert_int_equal(rnd_bytes(&byte, 1), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_draws_differ),
		cmocka_unit_test(a_large_draw_is_filled_to_the_end),
		cmocka_unit_test(bytes_behind_the_draw_are_left_alone),
		cmocka_unit_test(tests_can_put_their_own_source_in_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
