/* The grammar of RFC 8259 over bytes. */
#include "wrap/json_scan.h"

#include "base/limits.h"
#include "base/utf8.h"

/* Turns an integer literal into a real one without changing its value. */
static const struct str real_suffix = STR_INIT("e0");

enum { FIRST_PRINTABLE = 0x20, LAST_ASCII = 0x7f };

struct scan {
	struct str rest;
	int depth;
	/* Object members written in the text, at every level. */
	size_t members;
	/* The text as json-c shall see it, up to the byte at copied. */
	char *exact;
	size_t exact_len;
	const char *copied;
};

/* An object or an array holds values, a value may be either of them. */
static bool scan_value(struct scan *scan);

static void
advance(struct scan *scan, size_t len)
{
	scan->rest = str_from_offset(scan->rest, len);
}

static bool
take(struct scan *scan, char byte)
{
	if (scan->rest.len == 0 || scan->rest.ptr[0] != byte)
		return false;
	advance(scan, 1);
	return true;
}

static bool
take_word(struct scan *scan, struct str word)
{
	if (!str_starts(scan->rest, word))
		return false;
	advance(scan, word.len);
	return true;
}

static void
skip_space(struct scan *scan)
{
	while (take(scan, ' ') || take(scan, '\t') || take(scan, '\n') ||
	    take(scan, '\r'))
		;
}

/* Append what lies between the last copied byte and the present one. */
static void
copy_exact(struct scan *scan, const char *until)
{
	const size_t len = (size_t)(until - scan->copied);

	memcpy(scan->exact + scan->exact_len, scan->copied, len);
	scan->exact_len += len;
	scan->copied = until;
}

static int
hex_value(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits behind \u. */
static bool
scan_hex4(struct scan *scan, uint32_t *unit_r)
{
	enum { DIGITS = 4 };
	uint32_t unit = 0;

	if (scan->rest.len < DIGITS)
		return false;
	for (size_t i = 0; i < DIGITS; i++) {
		const int value = hex_value(scan->rest.ptr[i]);

		if (value < 0)
			return false;
		unit = unit << 4 | (uint32_t)value;
	}
	advance(scan, DIGITS);
	*unit_r = unit;
	return true;
}

static bool
scan_unicode_escape(struct scan *scan)
{
	uint32_t unit;
	uint32_t low;

	if (!scan_hex4(scan, &unit) || unit == 0)
		return false;
	if (unit < 0xd800 || unit > 0xdfff)
		return true;
	/* A high surrogate needs a low one behind it (RFC 8259, 8.2). */
	return unit < 0xdc00 && take_word(scan, STR("\\u")) &&
	    scan_hex4(scan, &low) && low >= 0xdc00 && low <= 0xdfff;
}

/* What follows a backslash. */
static bool
scan_escape(struct scan *scan)
{
	if (take(scan, 'u'))
		return scan_unicode_escape(scan);
	if (scan->rest.len == 0 ||
	    !str_has_byte(STR("\"\\/bfnrt"), scan->rest.ptr[0]))
		return false;
	advance(scan, 1);
	return true;
}

/* Printable ASCII without quote and backslash: nearly all there is. */
static void
skip_plain(struct scan *scan)
{
	size_t len = 0;

	while (len < scan->rest.len && scan->rest.ptr[len] >= FIRST_PRINTABLE &&
	    scan->rest.ptr[len] < LAST_ASCII && scan->rest.ptr[len] != '"' &&
	    scan->rest.ptr[len] != '\\')
		len++;
	advance(scan, len);
}

static bool
scan_string(struct scan *scan)
{
	uint32_t point;

	if (!take(scan, '"'))
		return false;
	for (skip_plain(scan); !take(scan, '"'); skip_plain(scan)) {
		if (take(scan, '\\')) {
			if (!scan_escape(scan))
				return false;
		} else if (utf8_next(&scan->rest, &point) != 1 ||
		    point < FIRST_PRINTABLE) {
			return false;
		}
	}
	return true;
}

static bool
scan_digits(struct scan *scan)
{
	size_t len = 0;

	while (len < scan->rest.len && ascii_is_digit(scan->rest.ptr[len]))
		len++;
	advance(scan, len);
	return len > 0;
}

static bool
scan_fraction(struct scan *scan, bool *is_real)
{
	if (!take(scan, '.'))
		return true;
	*is_real = true;
	return scan_digits(scan);
}

static bool
scan_exponent(struct scan *scan, bool *is_real)
{
	if (!take(scan, 'e') && !take(scan, 'E'))
		return true;
	*is_real = true;
	if (!take(scan, '+'))
		(void)take(scan, '-');
	return scan_digits(scan);
}

/*
 * json-c clamps integers that do not fit and forgets the sign of -0.  Such
 * literals reach it as real numbers, so that an integer in its tree is exact.
 */
static bool
scan_number(struct scan *scan)
{
	struct str literal = scan->rest;
	bool is_real = false;
	int64_t value;

	(void)take(scan, '-');
	/* A digit behind a leading zero is what the caller stumbles over. */
	if (!take(scan, '0') && !scan_digits(scan))
		return false;
	if (!scan_fraction(scan, &is_real) || !scan_exponent(scan, &is_real))
		return false;
	literal.len -= scan->rest.len;
	if (!is_real && str_to_int64(literal, &value) == 0) {
		copy_exact(scan, literal.ptr + literal.len);
		memcpy(scan->exact + scan->exact_len, real_suffix.ptr,
		    real_suffix.len);
		scan->exact_len += real_suffix.len;
	}
	return true;
}

static bool
scan_member(struct scan *scan)
{
	skip_space(scan);
	if (!scan_string(scan))
		return false;
	skip_space(scan);
	if (!take(scan, ':'))
		return false;
	scan->members++;
	return scan_value(scan);
}

/* The inside of an object or array, behind its opening byte. */
static bool
scan_items(struct scan *scan, bool (*scan_item)(struct scan *), char closing)
{
	if (scan->depth == LIMIT_JSON_DEPTH)
		return false;
	scan->depth++;
	skip_space(scan);
	if (!take(scan, closing)) {
		do {
			if (!scan_item(scan))
				return false;
		} while (take(scan, ','));
		if (!take(scan, closing))
			return false;
	}
	scan->depth--;
	return true;
}

/* A value with the white space around it. */
static bool
scan_value(struct scan *scan)
{
	bool is_good;

	skip_space(scan);
	if (take(scan, '{'))
		is_good = scan_items(scan, scan_member, '}');
	else if (take(scan, '['))
		is_good = scan_items(scan, scan_value, ']');
	else if (scan->rest.len > 0 && scan->rest.ptr[0] == '"')
		is_good = scan_string(scan);
	else
		is_good = take_word(scan, STR("true")) ||
		    take_word(scan, STR("false")) ||
		    take_word(scan, STR("null")) || scan_number(scan);
	skip_space(scan);
	return is_good;
}

bool
json_scan_object(struct str text, char *exact, struct json_scan *scan_r)
{
	struct scan scan = { .rest = text, .copied = text.ptr };

	scan.exact = exact;
	skip_space(&scan);
	if (scan.rest.len == 0 || scan.rest.ptr[0] != '{')
		return false;
	if (!scan_value(&scan) || scan.rest.len > 0)
		return false;
	copy_exact(&scan, text.ptr + text.len);
	*scan_r = (struct json_scan){
		.members = scan.members,
		.exact_len = scan.exact_len,
	};
	return true;
}
