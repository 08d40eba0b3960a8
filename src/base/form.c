/* Name and value pairs as in a query string or a form's body. */
#include "base/form.h"

#include "base/utf8.h"

enum { HEX_NONE = -1, HEX_BASE = 16 };

static int
hex_digit(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : HEX_NONE;
}

/* Take one decoded byte off the front.  Returns 1, 0 at the end, -1. */
static int
next_byte(struct str *rest, char *byte_r)
{
	int high;
	int low;

	if (rest->len == 0)
		return 0;
	*byte_r = rest->ptr[0] == '+' ? ' ' : rest->ptr[0];
	if (rest->ptr[0] != '%') {
		*rest = str_from_offset(*rest, 1);
		return 1;
	}
	if (rest->len < sizeof "%00" - 1)
		return -1;
	high = hex_digit(rest->ptr[1]);
	low = hex_digit(rest->ptr[2]);
	if (high == HEX_NONE || low == HEX_NONE)
		return -1;
	*byte_r = (char)(high * HEX_BASE + low);
	*rest = str_from_offset(*rest, sizeof "%00" - 1);
	return 1;
}

/* Whether an encoded name is this one, without a copy of it. */
static bool
is_name(struct str encoded, struct str name)
{
	char byte;
	int rc;

	while ((rc = next_byte(&encoded, &byte)) == 1) {
		if (name.len == 0 || name.ptr[0] != byte)
			return false;
		name = str_from_offset(name, 1);
	}
	return rc == 0 && name.len == 0;
}

enum form_found
form_decode(struct arena *arena, struct str encoded, struct str *value_r)
{
	char *bytes = arena_alloc(arena, encoded.len + 1);
	struct str value = { bytes, 0 };
	int rc;

	if (bytes == NULL)
		return FORM_NO_MEMORY;
	while ((rc = next_byte(&encoded, &bytes[value.len])) == 1)
		if (bytes[value.len++] == '\0')
			return FORM_BAD;
	if (rc < 0 || utf8_count(value) < 0)
		return FORM_BAD;
	*value_r = value;
	return FORM_FOUND;
}

enum form_found
form_find(struct arena *arena, struct str encoded, struct str name,
    struct str *value_r)
{
	struct str value = STR_NONE;
	struct str pair;
	struct str key;
	bool has_more = encoded.len > 0;

	while (has_more) {
		has_more = str_cut(&encoded, '&', &pair);
		if (!str_cut(&pair, '=', &key))
			pair = STR("");
		if (!is_name(key, name))
			continue;
		if (value.ptr != NULL)
			return FORM_BAD;
		value = pair;
	}
	return value.ptr == NULL ? FORM_ABSENT
	                         : form_decode(arena, value, value_r);
}
