/* What the programs of this directory share. */
#include "tool.h"

#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

void
tool_fail(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	exit(EXIT_FAILURE);
}

int64_t
tool_number(const char *text, int64_t least, int64_t most)
{
	int64_t number = 0;

	if (str_to_int64(str_from(text), &number) != 1 || number < least ||
	    number > most)
		tool_fail(text, "is no number within its bounds");
	return number;
}

int64_t
tool_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * US_PER_S + now.tv_nsec / US_PER_MS;
}
