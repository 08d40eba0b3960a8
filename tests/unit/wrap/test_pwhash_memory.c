/* The memory of hashes: kept for the next one, given back on request. */
#include "../child.h"
#include "../unit.h"

#include "wrap/pwhash.h"
#include "wrap/pwhash_memory.h"

#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { MIB = 1024 * 1024, THREADS = 4 };

/* Large enough to be lent, small enough for a test. */
static const struct pwhash_cost small = { .memory_kib = 8192, .passes = 1 };
static const struct pwhash_cost large = { .memory_kib = 16384, .passes = 1 };

static const struct secret password = { (const unsigned char *)"secret", 6 };
static const struct secret other = { (const unsigned char *)"Secret", 6 };

/* The address space in use, in MiB, rounded. */
static long
mapped_mib(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	char line[128];
	struct str rest;
	struct str pages;
	int64_t count;

	assert_non_null(file);
	assert_non_null(fgets(line, sizeof line, file));
	fclose(file);
	rest = str_from(line);
	(void)str_cut(&rest, ' ', &pages);
	assert_int_equal(str_to_int64(pages, &count), 1);
	return (long)((count * sysconf(_SC_PAGESIZE) + MIB / 2) / MIB);
}

static void *
map(size_t len)
{
	const int prot = PROT_READ | PROT_WRITE;
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS;

	/* cppcheck-suppress invalidFunctionArg */
	return mmap(NULL, len, prot, flags, -1, 0);
}

static void
make(const struct pwhash_cost *cost, char hash_r[PWHASH_SIZE])
{
	assert_int_equal(pwhash_make(password, cost, hash_r), 1);
}

static int
start(void **state)
{
	char hash[PWHASH_SIZE];

	(void)state;
	/* What libraries take once and keep. */
	return pwhash_start() == 1 && pwhash_make(password, &small, hash) == 1
	    ? 0
	    : -1;
}

static int
release(void **state)
{
	(void)state;
	pwhash_release(0);
	return 0;
}

static void
memory_is_kept_until_it_is_released(void **state)
{
	const long before = mapped_mib();
	char hash[PWHASH_SIZE];

	(void)state;
	make(&small, hash);
	assert_int_equal(mapped_mib(), before + 8);
	make(&small, hash);
	assert_int_equal(pwhash_check(password, str_from(hash)), 1);
	assert_int_equal(mapped_mib(), before + 8);
	pwhash_release(0);
	assert_int_equal(mapped_mib(), before);
}

static void
memory_of_another_size_is_not_kept_beside(void **state)
{
	const long before = mapped_mib();
	char hash[PWHASH_SIZE];

	(void)state;
	make(&small, hash);
	make(&large, hash);
	assert_int_equal(mapped_mib(), before + 16);
	make(&small, hash);
	assert_int_equal(mapped_mib(), before + 8);
}

/* Made in memory that is new, checked in what another password left. */
static void
what_was_left_does_not_count(void **state)
{
	char fresh[PWHASH_SIZE];
	char hash[PWHASH_SIZE];

	(void)state;
	make(&small, fresh);
	make(&small, hash);
	assert_int_equal(pwhash_check(other, str_from(fresh)), 0);
	assert_int_equal(pwhash_check(password, str_from(fresh)), 1);
	pwhash_release(0);
	assert_int_equal(pwhash_check(password, str_from(hash)), 1);
}

static void *
hash_and_check(void *is_right_v)
{
	bool *is_right = is_right_v;
	char hash[PWHASH_SIZE];

	*is_right = pwhash_make(password, &small, hash) == 1 &&
	    pwhash_check(password, str_from(hash)) == 1 &&
	    pwhash_check(other, str_from(hash)) == 0;
	return NULL;
}

static void
threads_have_memory_of_their_own(void **state)
{
	pthread_t threads[THREADS];
	bool is_right[THREADS];

	(void)state;
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL,
		                     hash_and_check, &is_right[i]),
		    0);
	for (size_t i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		assert_true(is_right[i]);
	}
}

/* Only a hash asks for what is lent; everybody else has what he maps. */
static void
without_a_scope_nothing_is_kept(void **state)
{
	const long before = mapped_mib();
	void *ptr = map(8 * MIB);

	(void)state;
	assert_true(ptr != MAP_FAILED);
	assert_int_equal(mapped_mib(), before + 8);
	assert_int_equal(munmap(ptr, 8 * MIB), 0);
	assert_int_equal(mapped_mib(), before);
}

static void *
hold_a_block(void *barrier)
{
	void *ptr;

	pwhash_memory_begin();
	ptr = map(8 * MIB);
	pthread_barrier_wait(barrier);
	munmap(ptr, 8 * MIB);
	return pwhash_memory_end() ? barrier : NULL;
}

static void
as_much_is_left_as_is_asked_for(void **state)
{
	pthread_barrier_t barrier;
	pthread_t threads[2];
	void *is_good;
	long with_two;

	(void)state;
	assert_int_equal(pthread_barrier_init(&barrier, NULL, 2), 0);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, hold_a_block,
		                     &barrier),
		    0);
	for (size_t i = 0; i < 2; i++) {
		pthread_join(threads[i], &is_good);
		assert_non_null(is_good);
	}
	pthread_barrier_destroy(&barrier);
	with_two = mapped_mib();
	pwhash_release(2);
	assert_int_equal(mapped_mib(), with_two);
	pwhash_release(1);
	assert_int_equal(mapped_mib(), with_two - 8);
	pwhash_release(0);
	assert_int_equal(mapped_mib(), with_two - 16);
}

/* libsodium says the same of a wrong password. */
static void
a_refusal_is_told_at_the_end(void **state)
{
	void *ptr;

	(void)state;
	pwhash_memory_begin();
	ptr = map(SIZE_MAX / 2);
	assert_true(ptr == MAP_FAILED);
	assert_false(pwhash_memory_end());
	pwhash_memory_begin();
	assert_true(pwhash_memory_end());
}

static void
no_memory_is_kept_beside_another_scheme(void **state)
{
	static const char bcrypt[] =
	    "$2b$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK";
	const long before = mapped_mib();
	char hash[PWHASH_SIZE];

	(void)state;
	make(&small, hash);
	assert_int_equal(pwhash_check(password, str_from(bcrypt)), 0);
	assert_int_equal(mapped_mib(), before);
}

/* There is room for what libsodium needs beside the block, and not for it. */
static int
outcome_with_little_memory(const void *hash)
{
	const rlim_t most = (rlim_t)(mapped_mib() + 4) * MIB;
	const struct rlimit little = { most, most };

	if (setrlimit(RLIMIT_AS, &little) != 0)
		return 2;
	return pwhash_check(password, str_from(hash)) == -1 ? 0 : 1;
}

static void
a_block_that_is_refused_is_no_wrong_password(void **state)
{
	char hash[PWHASH_SIZE];

	(void)state;
	SKIP_WHERE_SANITIZED();
	make(&small, hash);
	pwhash_release(0);
	assert_child(outcome_with_little_memory, hash);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(memory_is_kept_until_it_is_released,
		    release),
		cmocka_unit_test_setup(
		    memory_of_another_size_is_not_kept_beside, release),
		cmocka_unit_test_setup(what_was_left_does_not_count, release),
		cmocka_unit_test_setup(threads_have_memory_of_their_own,
		    release),
		cmocka_unit_test_setup(without_a_scope_nothing_is_kept,
		    release),
		cmocka_unit_test_setup(as_much_is_left_as_is_asked_for,
		    release),
		cmocka_unit_test_setup(no_memory_is_kept_beside_another_scheme,
		    release),
		cmocka_unit_test_setup(a_refusal_is_told_at_the_end, release),
		cmocka_unit_test_setup(
		    a_block_that_is_refused_is_no_wrong_password, release),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
