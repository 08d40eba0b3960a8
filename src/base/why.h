/* One line for people: what went wrong and how to mend it. */
#ifndef LATCHKEY_BASE_WHY_H
#define LATCHKEY_BASE_WHY_H

#include "base/attrs.h"

struct why {
	char text[512];
};

/* Set the line, cut to what fits. */
NONNULL PRINTF_LIKE(2, 3) void why_set(struct why *why_r, const char *format,
    ...);

/* The same as an expression that is -1, to be returned on. */
#define why_say(why_r, ...) (why_set(why_r, __VA_ARGS__), -1)

#endif
