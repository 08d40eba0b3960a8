/* One reading of the clock per request, and times as text. */
#ifndef LATCHKEY_BASE_CLOCK_H
#define LATCHKEY_BASE_CLOCK_H

#include "base/attrs.h"
#include "base/str.h"

#include <stdint.h>

struct clock_reading {
	int64_t unix_s;
	int64_t unix_ms;
	/* Milliseconds that never jump: for deadlines and durations. */
	int64_t mono_ms;
};

enum {
	CLOCK_TEXT_SIZE = sizeof "2026-11-22T10:00:00Z",
	CLOCK_MS_TEXT_SIZE = sizeof "2026-11-22T10:00:00.000Z",
	/* Longest text that clock_parse takes. */
	CLOCK_PARSED_LEN = sizeof "2026-11-22T10:00:00.123456789+01:00" - 1,
};

MUST_CHECK struct clock_reading clock_read(void);
MUST_CHECK int64_t clock_mono_ms(void);

/* Tests put their own clock in place; NULL restores the real one. */
void clock_use(struct clock_reading (*source)(void));

/*
 * RFC 3339 in UTC, whole seconds.  A time outside of the years 0 to 9999
 * gives an empty text.
 */
NONNULL void clock_format(int64_t unix_s, char text_r[CLOCK_TEXT_SIZE]);
/* The same with milliseconds where there are any. */
NONNULL void clock_format_ms(int64_t unix_ms, char text_r[CLOCK_MS_TEXT_SIZE]);

/*
 * The moment of a date-time (RFC 3339, 5.6) of the years 0 to 9999 in UTC:
 * T and Z in either case, 1 to 9 digits of a fraction, of which milliseconds
 * are kept.  A date alone is no moment, and Unix time has no leap second.
 * Returns 1 with Unix milliseconds, or 0.
 */
MUST_CHECK NONNULL int clock_parse(struct str text, int64_t *unix_ms_r);
MUST_CHECK bool clock_is_time(struct str text);

#endif
