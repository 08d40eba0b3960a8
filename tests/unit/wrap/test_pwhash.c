/* Password hashes and what a stored one may ask for. */
#include "../child.h"
#include "../unit.h"

#include "base/clock.h"
#include "wrap/pwhash.h"

#include <sys/resource.h>

/* Cheap, for the tests' sake: far below what the service allows itself. */
static const struct pwhash_cost cheap = { .memory_kib = 64, .passes = 1 };

static struct secret
secret(const char *text)
{
	return (struct secret){ (const unsigned char *)text, strlen(text) };
}

static int
check(const char *password, const char *stored)
{
	return pwhash_check(secret(password), str_from(stored));
}

static int
start(void **state)
{
	(void)state;
	return pwhash_start() == 1 ? 0 : -1;
}

static void
a_hash_accepts_its_password_and_no_other(void **state)
{
	static const char *const wrong[] = {
		"",
		"correct hors",
		"correct horse ",
		"Correct horse",
		"correct horsf",
	};
	char hash[PWHASH_SIZE];

	(void)state;
	assert_int_equal(pwhash_make(secret("correct horse"), &cheap, hash), 1);
	assert_int_equal(check("correct horse", hash), 1);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		ASSERT_CASE(wrong[i], check(wrong[i], hash) == 0);
}

static void
the_string_names_scheme_and_cost(void **state)
{
	char hash[PWHASH_SIZE];
	struct pwhash_cost cost;

	(void)state;
	assert_int_equal(pwhash_make(secret("x"), &cheap, hash), 1);
	assert_true(
	    str_starts(str_from(hash), STR("$argon2id$v=19$m=64,t=1,p=1$")));
	assert_int_equal(pwhash_cost_of(str_from(hash), &cost), 1);
	assert_int_equal(cost.memory_kib, cheap.memory_kib);
	assert_int_equal(cost.passes, cheap.passes);
}

static void
two_hashes_of_one_password_differ(void **state)
{
	char a[PWHASH_SIZE];
	char b[PWHASH_SIZE];

	(void)state;
	assert_int_equal(pwhash_make(secret("same"), &cheap, a), 1);
	assert_int_equal(pwhash_make(secret("same"), &cheap, b), 1);
	assert_string_not_equal(a, b);
}

static void
no_byte_of_a_long_password_is_dropped(void **state)
{
	char password[LIMIT_PASSWORD + 1];
	char hash[PWHASH_SIZE];

	(void)state;
	memset(password, 'p', LIMIT_PASSWORD);
	password[LIMIT_PASSWORD] = '\0';
	assert_int_equal(pwhash_make(secret(password), &cheap, hash), 1);
	assert_int_equal(check(password, hash), 1);
	password[LIMIT_PASSWORD - 1] = 'q';
	assert_int_equal(check(password, hash), 0);
	password[LIMIT_PASSWORD - 1] = '\0';
	assert_int_equal(check(password, hash), 0);
}

/* Written by the argon2 program of the reference implementation. */
static void
strings_of_libargon2_are_interchangeable(void **state)
{
	static const char *const stored[] = {
		"$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
		"K13EBUiG7JV+9ZxztmHFTdb7J0WQsnj2V8bZaqyPptE",
		"$argon2id$v=19$m=1024,t=2,p=4$c29tZXNhbHRzb21lc2FsdA$"
		"QdFJynGCXwjmHsAG0qraQML7tAA+lXg2OmT2syglkK0",
		"$argon2id$v=19$m=1024,t=2,p=1$c29tZXNhbHQ$"
		"gTO0gvHf4lDpocsoM1S0Wg",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(stored); i++) {
		ASSERT_CASE(stored[i], check("password", stored[i]) == 1);
		ASSERT_CASE(stored[i], check("passworD", stored[i]) == 0);
	}
}

#define SALT_AND_HASH \
	"$c29tZXNhbHRzb21lc2FsdA$K13EBUiG7JV+9ZxztmHFTdb7J0WQsnj2V8bZaqyPptE"

static const char *const unusable[] = {
	"",
	"password",
	"$",
	"$argon2id$",
	"$argon2id",
	"argon2id$v=19$m=64,t=1,p=1" SALT_AND_HASH,
	/* Other schemes, and other versions of this one. */
	"$argon2d$v=19$m=64,t=1,p=1" SALT_AND_HASH,
	"$argon2id$v=16$m=1024,t=2,p=1$c29tZXNhbHQ$"
	"DJkDlhYQjMAOfRGtyek9T6PwKEE/HIKrG4LbYkikiYw",
	"$argon2id$m=64,t=1,p=1" SALT_AND_HASH,
	"$ARGON2ID$v=19$m=64,t=1,p=1" SALT_AND_HASH,
	"$7$C6..../....SodiumChloride$kBGj9fHznVYFQMEn/qDCfrDevf9YDtcDdKv",
	/* Costs that are out of bounds, or not written as numbers are. */
	"$argon2id$v=19$m=7,t=1,p=1" SALT_AND_HASH,
	"$argon2id$v=19$m=262145,t=1,p=1" SALT_AND_HASH,
	"$argon2id$v=19$m=4294967295,t=1,p=1" SALT_AND_HASH,
	"$argon2id$v=19$m=64,t=0,p=1" SALT_AND_HASH,
	"$argon2id$v=19$m=64,t=17,p=1" SALT_AND_HASH,
	"$argon2id$v=19$m=64,t=4294967295,p=1" SALT_AND_HASH,
	"$argon2id$v=19$m=1024,t=1,p=0" SALT_AND_HASH,
	"$argon2id$v=19$m=1024,t=1,p=17" SALT_AND_HASH,
	"$argon2id$v=19$m=-64,t=1,p=1" SALT_AND_HASH,
	"$argon2id$v=19$m=064,t=1,p=1" SALT_AND_HASH,
	"$argon2id$v=19$m= 64,t=1,p=1" SALT_AND_HASH,
	"$argon2id$v=19$t=1,m=64,p=1" SALT_AND_HASH,
	"$argon2id$v=19$m=64,t=1" SALT_AND_HASH,
	"$argon2id$v=19$m=64,t=1,p=1,q=1" SALT_AND_HASH,
	"$argon2id$v=19$m=64,t=1,p=1,keyid=x" SALT_AND_HASH,
};

static void
a_foreign_scheme_or_an_absurd_cost_never_matches(void **state)
{
	struct pwhash_cost cost = { 42, 42 };
	const int64_t start_ms = clock_mono_ms();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(unusable); i++) {
		const struct str stored = str_from(unusable[i]);

		ASSERT_CASE(unusable[i], check("password", unusable[i]) == 0);
		ASSERT_CASE(unusable[i], pwhash_cost_of(stored, &cost) == 0);
		ASSERT_CASE(unusable[i], pwhash_is_outdated(stored, &cheap));
	}
	assert_int_equal(cost.memory_kib, 42);
	/* None of them was computed. */
	assert_true(clock_mono_ms() - start_ms < 100);
}

static void
a_damaged_salt_or_hash_never_matches(void **state)
{
	static const char *const damaged[] = {
		"$argon2id$v=19$m=64,t=1,p=1",
		"$argon2id$v=19$m=64,t=1,p=1$",
		"$argon2id$v=19$m=64,t=1,p=1$$",
		"$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA",
		"$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$",
		"$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$AAAA",
		"$argon2id$v=19$m=64,t=1,p=1$!!!!" SALT_AND_HASH,
		"$argon2id$v=19$m=64,t=1,p=1" SALT_AND_HASH "$x",
		"$argon2id$v=19$m=64,t=1,p=1" SALT_AND_HASH "\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(damaged); i++)
		ASSERT_CASE(damaged[i], check("password", damaged[i]) == 0);
}

static void
a_stored_string_with_a_nul_or_too_long_never_matches(void **state)
{
	char hash[PWHASH_SIZE];
	char longer[2 * PWHASH_SIZE];
	size_t len;

	(void)state;
	assert_int_equal(pwhash_make(secret("x"), &cheap, hash), 1);
	len = strlen(hash);
	assert_int_equal(pwhash_check(secret("x"),
	                     (struct str){ hash, len + 1 }),
	    0);
	memset(longer, 'A', sizeof longer);
	memcpy(longer, hash, len);
	assert_int_equal(pwhash_check(secret("x"),
	                     (struct str){ longer, PWHASH_SIZE }),
	    0);
	assert_int_equal(pwhash_check(secret("x"), STR_NONE), 0);
}

static void
a_cost_that_check_would_refuse_is_not_made(void **state)
{
	static const struct pwhash_cost costs[] = {
		{ 7, 1 },
		{ 262145, 1 },
		{ INT64_MAX, 1 },
		{ -1, 1 },
		{ 64, 0 },
		{ 64, 17 },
		{ 64, INT64_MIN },
	};
	char hash[PWHASH_SIZE] = "untouched";

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(costs); i++) {
		assert_int_equal(pwhash_make(secret("x"), &costs[i], hash), -1);
		assert_string_equal(hash, "untouched");
	}
}

static void
another_cost_or_scheme_than_today_s_is_outdated(void **state)
{
	static const struct pwhash_cost today = { 19456, 2 };
	static const struct {
		const char *stored;
		bool is_outdated;
	} cases[] = {
		{ "$argon2id$v=19$m=19456,t=2,p=1" SALT_AND_HASH, false },
		{ "$argon2id$v=19$m=19455,t=2,p=1" SALT_AND_HASH, true },
		{ "$argon2id$v=19$m=47104,t=2,p=1" SALT_AND_HASH, true },
		{ "$argon2id$v=19$m=19456,t=1,p=1" SALT_AND_HASH, true },
		{ "$argon2id$v=19$m=19456,t=3,p=1" SALT_AND_HASH, true },
		{ "$argon2id$v=19$m=19456,t=2,p=4" SALT_AND_HASH, true },
		{ "$argon2i$v=19$m=19456,t=2,p=1" SALT_AND_HASH, true },
		{ "", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		ASSERT_CASE(cases[i].stored,
		    pwhash_is_outdated(str_from(cases[i].stored), &today) ==
		        cases[i].is_outdated);
}

static void
strong_means_one_row_of_the_owasp_table(void **state)
{
	static const struct {
		struct pwhash_cost cost;
		bool is_strong;
	} cases[] = {
		{ { 47104, 1 }, true },
		{ { 19456, 2 }, true },
		{ { 12288, 3 }, true },
		{ { 9216, 4 }, true },
		{ { 7168, 5 }, true },
		{ { 262144, 16 }, true },
		{ { 47103, 1 }, false },
		{ { 19455, 2 }, false },
		{ { 12287, 3 }, false },
		{ { 9215, 4 }, false },
		{ { 7167, 5 }, false },
		{ { 7167, 16 }, false },
		{ { 262144, 0 }, false },
		{ { 0, 0 }, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(pwhash_cost_is_strong(&cases[i].cost),
		    cases[i].is_strong);
}

/* In a process of its own, whose memory is taken away. */
static int
outcome_without_memory(const void *argument)
{
	static const struct rlimit none = { 0, 0 };
	static const struct pwhash_cost large = { 262144, 1 };
	char hash[PWHASH_SIZE];

	(void)argument;
	if (setrlimit(RLIMIT_AS, &none) != 0)
		return 1;
	if (pwhash_make(secret("x"), &large, hash) != -1)
		return 2;
	if (check("x", "$argon2id$v=19$m=262144,t=1,p=1" SALT_AND_HASH) != -1)
		return 3;
	/* Only what is computed misses memory. */
	pwhash_dummy(&large, hash);
	return check("x", hash) == -1 ? 0 : 4;
}

static void
a_dummy_has_its_cost_and_no_password(void **state)
{
	char dummy[PWHASH_SIZE];
	struct pwhash_cost cost;

	(void)state;
	pwhash_dummy(&cheap, dummy);
	assert_int_equal(check("", dummy), 0);
	assert_int_equal(check("x", dummy), 0);
	assert_false(pwhash_is_outdated(str_from(dummy), &cheap));
	assert_int_equal(pwhash_cost_of(str_from(dummy), &cost), 1);
	assert_int_equal(cost.memory_kib, cheap.memory_kib);
	assert_int_equal(cost.passes, cheap.passes);
}

static void
want_of_memory_is_told_from_a_wrong_password(void **state)
{
	(void)state;
	SKIP_WHERE_SANITIZED();
	assert_child(outcome_without_memory, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hash_accepts_its_password_and_no_other),
		cmocka_unit_test(the_string_names_scheme_and_cost),
		cmocka_unit_test(two_hashes_of_one_password_differ),
		cmocka_unit_test(no_byte_of_a_long_password_is_dropped),
		cmocka_unit_test(strings_of_libargon2_are_interchangeable),
		cmocka_unit_test(
		    a_foreign_scheme_or_an_absurd_cost_never_matches),
		cmocka_unit_test(a_damaged_salt_or_hash_never_matches),
		cmocka_unit_test(
		    a_stored_string_with_a_nul_or_too_long_never_matches),
		cmocka_unit_test(a_cost_that_check_would_refuse_is_not_made),
		cmocka_unit_test(
		    another_cost_or_scheme_than_today_s_is_outdated),
		cmocka_unit_test(strong_means_one_row_of_the_owasp_table),
		cmocka_unit_test(a_dummy_has_its_cost_and_no_password),
		cmocka_unit_test(want_of_memory_is_told_from_a_wrong_password),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
