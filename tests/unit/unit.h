/* What every unit test includes: cmocka with the headers it wants before. */
#ifndef LATCHKEY_TESTS_UNIT_H
#define LATCHKEY_TESTS_UNIT_H

#include "base/attrs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* In a table of cases the one that fails must be named. */
#define ASSERT_CASE(name, condition) \
	do { \
		if (!(condition)) \
			fail_msg("case %s: %s", (name), #condition); \
	} while (0)

/* tools/test shows the reason, and takes a skip without one for a failure. */
#define SKIP_TEST(reason) \
	do { \
		print_message("SKIPPED: %s\n", (reason)); \
		skip(); \
	} while (0)

/* For a test in which memory is short. */
#ifdef LATCHKEY_SANITIZE
#define SKIP_WHERE_SANITIZED() \
	SKIP_TEST("a sanitizer ends the process where memory is short")
#else
#define SKIP_WHERE_SANITIZED() ((void)0)
#endif

#endif
