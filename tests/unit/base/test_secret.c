/* Comparing and wiping bytes that must not be shown. */
#include "../unit.h"

#include "base/secret.h"

static struct secret
secret(const char *text)
{
	return (struct secret){ (const unsigned char *)text, strlen(text) };
}

static void
equal_means_every_byte_and_the_length(void **state)
{
	(void)state;
	assert_true(secret_equal(secret("abc"), secret("abc")));
	assert_false(secret_equal(secret("abc"), secret("abd")));
	assert_false(secret_equal(secret("abc"), secret("xbc")));
	assert_false(secret_equal(secret("abc"), secret("ab")));
	assert_false(secret_equal(secret("ab"), secret("abc")));
	assert_true(secret_equal(secret(""), secret("")));
}

static void
a_difference_of_one_bit_anywhere_counts(void **state)
{
	unsigned char a[64];
	unsigned char b[64];

	(void)state;
	memset(a, 0x5a, sizeof a);
	for (size_t bit = 0; bit < sizeof a * 8; bit++) {
		memcpy(b, a, sizeof b);
		b[bit / 8] ^= (unsigned char)(1U << bit % 8);
		assert_false(secret_equal((struct secret){ a, sizeof a },
		    (struct secret){ b, sizeof b }));
	}
}

static void
two_differences_do_not_cancel_out(void **state)
{
	(void)state;
	assert_false(secret_equal(secret("ab"), secret("ba")));
	assert_false(secret_equal(secret("\x01\x01"), secret("\x02\x02")));
}

static void
wiping_leaves_zeroes_and_no_more(void **state)
{
	unsigned char bytes[8];

	(void)state;
	memset(bytes, 'x', sizeof bytes);
	secret_wipe(bytes + 1, 6);
	assert_int_equal(bytes[0], 'x');
	assert_int_equal(bytes[7], 'x');
	for (size_t i = 1; i < 7; i++)
		assert_int_equal(bytes[i], 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_means_every_byte_and_the_length),
		cmocka_unit_test(a_difference_of_one_bit_anywhere_counts),
		cmocka_unit_test(two_differences_do_not_cancel_out),
		cmocka_unit_test(wiping_leaves_zeroes_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
