/* Memory for one request. */
#include "../unit.h"

#include "base/arena.h"
#include "base/limits.h"

#include <stdalign.h>

enum { CAP = 256 * 1024 };

static int
setup(void **state)
{
	*state = arena_new(CAP);
	return *state == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	struct arena *arena = *state;

	arena_free(&arena);
	assert_null(arena);
	return 0;
}

static bool
is_zero(const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] != 0)
			return false;
	return true;
}

static void
memory_is_zeroed_and_aligned_for_any_type(void **state)
{
	struct arena *arena = *state;

	for (size_t size = 0; size < 100; size++) {
		unsigned char *bytes = arena_alloc(arena, size);

		assert_non_null(bytes);
		assert_int_equal((uintptr_t)bytes % alignof(max_align_t), 0);
		assert_true(is_zero(bytes, size));
		memset(bytes, 0xff, size);
	}
}

static void
pieces_do_not_overlap(void **state)
{
	struct arena *arena = *state;
	enum { COUNT = 200, SIZE = 333 };
	unsigned char *pieces[COUNT];

	for (size_t i = 0; i < COUNT; i++) {
		pieces[i] = arena_alloc(arena, SIZE);
		assert_non_null(pieces[i]);
		memset(pieces[i], (int)i, SIZE);
	}
	for (size_t i = 0; i < COUNT; i++)
		for (size_t j = 0; j < SIZE; j++)
			assert_int_equal(pieces[i][j], (unsigned char)i);
}

static void
a_piece_larger_than_a_block_fits(void **state)
{
	struct arena *arena = *state;
	const size_t size = 3 * LIMIT_ARENA_BLOCK;
	unsigned char *bytes = arena_alloc(arena, size);

	assert_non_null(bytes);
	assert_true(is_zero(bytes, size));
	memset(bytes, 1, size);
	assert_non_null(arena_alloc(arena, 1));
}

static void
the_cap_holds_and_small_requests_still_fit(void **state)
{
	struct arena *arena = *state;

	assert_null(arena_alloc(arena, CAP + 1));
	assert_non_null(arena_alloc(arena, CAP - 64));
	assert_null(arena_alloc(arena, 65));
	assert_non_null(arena_alloc(arena, 64));
	assert_null(arena_alloc(arena, 1));
	assert_int_equal(arena_used(arena), CAP);
}

static void
a_size_near_the_largest_does_not_wrap_around(void **state)
{
	struct arena *arena = *state;

	for (size_t less = 0; less < 64; less++)
		assert_null(arena_alloc(arena, SIZE_MAX - less));
}

static void
reset_gives_all_of_it_back(void **state)
{
	struct arena *arena = *state;

	for (int round = 0; round < 10; round++) {
		assert_int_equal(arena_used(arena), 0);
		for (int i = 0; i < 10; i++)
			assert_non_null(arena_alloc(arena, CAP / 10 - 64));
		arena_reset(arena);
	}
}

static void
reset_wipes_what_was_handed_out(void **state)
{
	struct arena *arena = *state;
	unsigned char *secret = arena_alloc(arena, 64);

	assert_non_null(secret);
	memset(secret, 's', 64);
	arena_reset(arena);
	/* The first block stays in place, so this is memory of the arena. */
	assert_true(is_zero(secret, 64));
}

static void
an_arena_that_never_was_can_be_freed(void **state)
{
	struct arena *arena = NULL;

	(void)state;
	arena_free(&arena);
	assert_null(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    memory_is_zeroed_and_aligned_for_any_type, setup, teardown),
		cmocka_unit_test_setup_teardown(pieces_do_not_overlap, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    a_piece_larger_than_a_block_fits, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    the_cap_holds_and_small_requests_still_fit, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    a_size_near_the_largest_does_not_wrap_around, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(reset_gives_all_of_it_back,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(reset_wipes_what_was_handed_out,
		    setup, teardown),
		cmocka_unit_test(an_arena_that_never_was_can_be_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
