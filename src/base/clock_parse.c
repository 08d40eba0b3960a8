/* Times from text (RFC 3339). */
#include "base/clock.h"

enum {
	YEAR_LEN = sizeof "2026" - 1,
	/* struct tm counts years from 1900. */
	TM_YEAR_0 = -1900,
};

static bool
take_byte(struct str *rest, const char *either)
{
	if (rest->len == 0 || !str_has_byte(str_from(either), rest->ptr[0]))
		return false;
	*rest = str_from_offset(*rest, 1);
	return true;
}

/* Exactly so many digits, of a number that is at most `most`. */
static bool
take_number(struct str *rest, size_t digits, int most, int *number_r)
{
	int number = 0;

	if (rest->len < digits)
		return false;
	for (size_t i = 0; i < digits; i++) {
		if (!ascii_is_digit(rest->ptr[i]))
			return false;
		number = number * 10 + (rest->ptr[i] - '0');
	}
	*rest = str_from_offset(*rest, digits);
	*number_r = number;
	return number <= most;
}

/* ".5" is 500 ms, and what is finer is cut. */
static bool
take_fraction(struct str *rest, int *ms_r)
{
	enum { DIGITS_MAX = 9, MS_DIGITS = 3 };
	int digit;
	int count;

	*ms_r = 0;
	if (!take_byte(rest, "."))
		return true;
	for (count = 0; take_number(rest, 1, 9, &digit); count++)
		if (count < MS_DIGITS)
			*ms_r = *ms_r * 10 + digit;
	for (int missing = count; missing < MS_DIGITS; missing++)
		*ms_r *= 10;
	return count >= 1 && count <= DIGITS_MAX;
}

/* Minutes that the local time is ahead of UTC. */
static bool
take_offset(struct str *rest, int *ahead_min_r)
{
	const bool is_behind = rest->len > 0 && rest->ptr[0] == '-';
	int hours = 0;
	int minutes = 0;

	if (!take_byte(rest, "Zz") &&
	    !(take_byte(rest, "+-") && take_number(rest, 2, 23, &hours) &&
	        take_byte(rest, ":") && take_number(rest, 2, 59, &minutes)))
		return false;
	*ahead_min_r = hours * 60 + minutes;
	if (is_behind)
		*ahead_min_r = -*ahead_min_r;
	return true;
}

static bool
take_date(struct str *rest, struct tm *parts)
{
	if (!take_number(rest, YEAR_LEN, 9999, &parts->tm_year) ||
	    !take_byte(rest, "-") ||
	    !take_number(rest, 2, 12, &parts->tm_mon) ||
	    !take_byte(rest, "-") || !take_number(rest, 2, 31, &parts->tm_mday))
		return false;
	parts->tm_year += TM_YEAR_0;
	parts->tm_mon -= 1;
	return true;
}

static bool
take_time(struct str *rest, struct tm *parts)
{
	return take_number(rest, 2, 23, &parts->tm_hour) &&
	    take_byte(rest, ":") && take_number(rest, 2, 59, &parts->tm_min) &&
	    take_byte(rest, ":") && take_number(rest, 2, 59, &parts->tm_sec);
}

/* Days and months that do not exist come out as others. */
static bool
to_unix(const struct tm *parts, int64_t *unix_s_r)
{
	struct tm given = *parts;
	const time_t when = timegm(&given);
	struct tm found;

	*unix_s_r = when;
	return gmtime_r(&when, &found) != NULL &&
	    found.tm_mday == parts->tm_mday && found.tm_mon == parts->tm_mon;
}

int
clock_parse(struct str text, int64_t *unix_ms_r)
{
	char formatted[CLOCK_TEXT_SIZE];
	struct tm parts = { .tm_isdst = 0 };
	int64_t unix_s;
	int ms;
	int ahead_min;

	if (!take_date(&text, &parts) || !take_byte(&text, "Tt") ||
	    !take_time(&text, &parts) || !take_fraction(&text, &ms) ||
	    !take_offset(&text, &ahead_min) || text.len > 0 ||
	    !to_unix(&parts, &unix_s))
		return 0;
	unix_s -= (int64_t)ahead_min * 60;
	clock_format(unix_s, formatted);
	if (formatted[0] == '\0')
		return 0;
	*unix_ms_r = unix_s * 1000 + ms;
	return 1;
}

bool
clock_is_time(struct str text)
{
	int64_t unix_ms;

	return clock_parse(text, &unix_ms) == 1;
}
