/* One reading of the clock per request, and times as text. */
#ifndef LATCHKEY_BASE_CLOCK_H
#define LATCHKEY_BASE_CLOCK_H

#include "base/attrs.h"

#include <stdint.h>

struct clock_reading {
	int64_t unix_s;
	int64_t unix_ms;
	/* Milliseconds that never jump: for deadlines and durations. */
	int64_t mono_ms;
};

enum { CLOCK_TEXT_SIZE = sizeof "2026-11-22T10:00:00Z" };

MUST_CHECK struct clock_reading clock_read(void);
MUST_CHECK int64_t clock_mono_ms(void);

/* Tests put their own clock in place; NULL restores the real one. */
void clock_use(struct clock_reading (*source)(void));

/*
 * RFC 3339 in UTC, whole seconds.  A time outside of the years 0 to 9999
 * gives an empty text.
 */
NONNULL void clock_format(int64_t unix_s, char text_r[CLOCK_TEXT_SIZE]);

#endif
