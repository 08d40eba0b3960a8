/* One reading of the clock per request, and times as text. */
#include "base/clock.h"

enum {
	YEAR_LEN = sizeof "2026" - 1,
	/* struct tm counts years from 1900. */
	TM_YEAR_0 = -1900,
	TM_YEAR_9999 = 8099,
};

static struct clock_reading (*clock_source)(void);

static int64_t
read_ms(clockid_t id)
{
	struct timespec now = { 0 };

	/* Both clocks exist on every Linux: this can't fail. */
	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct clock_reading
clock_read(void)
{
	struct clock_reading now;

	if (clock_source != NULL)
		return clock_source();
	now.unix_ms = read_ms(CLOCK_REALTIME);
	now.unix_s = now.unix_ms / 1000;
	now.mono_ms = read_ms(CLOCK_MONOTONIC);
	return now;
}

int64_t
clock_mono_ms(void)
{
	return clock_source != NULL ? clock_source().mono_ms
	                            : read_ms(CLOCK_MONOTONIC);
}

void clock_use(struct clock_reading (*source)(void))
{
	clock_source = source;
}

void
clock_format(int64_t unix_s, char text_r[CLOCK_TEXT_SIZE])
{
	const time_t when = (time_t)unix_s;
	struct tm parts;

	text_r[0] = '\0';
	if (gmtime_r(&when, &parts) == NULL || parts.tm_year < TM_YEAR_0 ||
	    parts.tm_year > TM_YEAR_9999)
		return;
	/* strftime would leave the zeroes in front of a year out. */
	snprintf(text_r, CLOCK_TEXT_SIZE, "%04d", parts.tm_year - TM_YEAR_0);
	(void)strftime(text_r + YEAR_LEN, CLOCK_TEXT_SIZE - YEAR_LEN,
	    "-%m-%dT%H:%M:%SZ", &parts);
}
