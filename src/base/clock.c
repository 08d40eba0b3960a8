/* One reading of the clock per request, and times as text. */
#include "base/clock.h"

enum {
	DAY_S = 86400,
	HOUR_S = 3600,
	MINUTE_S = 60,
	/* The calendar repeats itself after 400 years (an era). */
	ERA_YEARS = 400,
	ERA_DAYS = 146097,
	/* From 0000-03-01 to 1970-01-01. */
	EPOCH_DAYS = 719468,
	YEAR_MAX = 9999,
	CENTURY = 100,
	DECIMAL = 10,
};

struct date {
	int64_t year;
	int64_t month;
	int64_t day;
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

/*
 * Years are counted from March here, so that a leap day is the last of its
 * year, and 153 days are any five months from March or August on.
 */
static struct date
date_of(int64_t days)
{
	const int64_t since = days + EPOCH_DAYS;
	const int64_t era =
	    (since >= 0 ? since : since - (ERA_DAYS - 1)) / ERA_DAYS;
	const int64_t day_of_era = since - era * ERA_DAYS;
	const int64_t year_of_era =
	    (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
	        day_of_era / (ERA_DAYS - 1)) /
	    365;
	const int64_t day_of_year = day_of_era -
	    (365 * year_of_era + year_of_era / 4 - year_of_era / CENTURY);
	const int64_t march_month = (5 * day_of_year + 2) / 153;
	const int64_t month =
	    march_month < 10 ? march_month + 3 : march_month - 9;

	return (struct date){
		.year = year_of_era + era * ERA_YEARS + (month <= 2),
		.month = month,
		.day = day_of_year - (153 * march_month + 2) / 5 + 1,
	};
}

static char *
put_two(char *at, int64_t number, char after)
{
	*at++ = (char)('0' + number / DECIMAL);
	*at++ = (char)('0' + number % DECIMAL);
	*at++ = after;
	return at;
}

/* By hand: gmtime_r takes a lock that all threads share, and costs more. */
void
clock_format(int64_t unix_s, char text_r[CLOCK_TEXT_SIZE])
{
	int64_t days = unix_s / DAY_S;
	int64_t rest = unix_s % DAY_S;
	struct date date;
	char *at = text_r;

	if (rest < 0) {
		rest += DAY_S;
		days--;
	}
	text_r[0] = '\0';
	/* Beyond these the sums below could overflow. */
	if (days < -EPOCH_DAYS * 2 || days > EPOCH_DAYS * 10LL)
		return;
	date = date_of(days);
	if (date.year < 0 || date.year > YEAR_MAX)
		return;
	*at++ = (char)('0' + date.year / (CENTURY * DECIMAL));
	*at++ = (char)('0' + date.year / CENTURY % DECIMAL);
	at = put_two(at, date.year % CENTURY, '-');
	at = put_two(at, date.month, '-');
	at = put_two(at, date.day, 'T');
	at = put_two(at, rest / HOUR_S, ':');
	at = put_two(at, rest % HOUR_S / MINUTE_S, ':');
	at = put_two(at, rest % MINUTE_S, 'Z');
	*at = '\0';
}

void
clock_format_ms(int64_t unix_ms, char text_r[CLOCK_MS_TEXT_SIZE])
{
	int64_t ms = unix_ms % 1000;
	size_t len;

	/* Before 1970 the remainder is negative: seconds round down. */
	if (ms < 0)
		ms += 1000;
	clock_format((unix_ms - ms) / 1000, text_r);
	len = strlen(text_r);
	if (ms == 0 || len == 0)
		return;
	snprintf(text_r + len - 1, sizeof ".000Z", ".%03dZ", (int)ms);
}
