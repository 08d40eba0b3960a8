/* What the programs of this directory share. */
#ifndef LATCHKEY_BENCH_TOOL_H
#define LATCHKEY_BENCH_TOOL_H

#include "base/attrs.h"

#include <stdint.h>

enum { US_PER_S = 1000000, US_PER_MS = 1000 };

/* Say why in one line and end. */
NORETURN NONNULL void tool_fail(const char *what, const char *why);

/* A number from an argument, within its bounds; else the program ends. */
MUST_CHECK NONNULL int64_t tool_number(const char *text, int64_t least,
    int64_t most);

/* Monotonic microseconds. */
MUST_CHECK int64_t tool_now_us(void);

#endif
