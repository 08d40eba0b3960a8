/* Borrowed byte runs: comparison, cutting and the one number parser. */
#include "base/str.h"

struct str
str_from(const char *text)
{
	if (text == NULL)
		return STR_NONE;
	return (struct str){ text, strlen(text) };
}

bool
str_equal(struct str a, struct str b)
{
	return a.len == b.len &&
	    (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool
str_equal_nocase(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (ascii_lower(a.ptr[i]) != ascii_lower(b.ptr[i]))
			return false;
	return true;
}

bool
str_starts(struct str s, struct str prefix)
{
	return s.len >= prefix.len &&
	    str_equal((struct str){ s.ptr, prefix.len }, prefix);
}

bool
str_ends(struct str s, struct str suffix)
{
	return s.len >= suffix.len &&
	    str_equal(str_from_offset(s, s.len - suffix.len), suffix);
}

bool
str_has_byte(struct str s, char byte)
{
	return s.len > 0 && memchr(s.ptr, byte, s.len) != NULL;
}

struct str
str_trim(struct str s)
{
	while (s.len > 0 && (s.ptr[0] == ' ' || s.ptr[0] == '\t'))
		s = str_from_offset(s, 1);
	while (
	    s.len > 0 && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t'))
		s.len--;
	return s;
}

struct str
str_from_offset(struct str s, size_t offset)
{
	if (offset >= s.len)
		return STR("");
	return (struct str){ s.ptr + offset, s.len - offset };
}

bool
str_cut(struct str *rest, char sep, struct str *part_r)
{
	const char *found =
	    rest->len == 0 ? NULL : memchr(rest->ptr, sep, rest->len);

	if (found == NULL) {
		*part_r = *rest;
		*rest = STR("");
		return false;
	}
	*part_r = (struct str){ rest->ptr, (size_t)(found - rest->ptr) };
	*rest = str_from_offset(*rest, part_r->len + 1);
	return true;
}

bool
str_list_has(struct str list, char sep, struct str item)
{
	bool has_more = list.len > 0;
	struct str part;

	while (has_more) {
		has_more = str_cut(&list, sep, &part);
		if (str_equal(part, item))
			return true;
	}
	return false;
}

int
str_to_int64(struct str s, int64_t *value_r)
{
	const bool is_negative = s.len > 0 && s.ptr[0] == '-';
	int64_t value = 0;

	if (is_negative)
		s = str_from_offset(s, 1);
	if (s.len == 0 || (s.ptr[0] == '0' && (s.len > 1 || is_negative)))
		return s.len == 1 && !is_negative ? (*value_r = 0, 1) : 0;
	for (size_t i = 0; i < s.len; i++) {
		if (!ascii_is_digit(s.ptr[i]))
			return 0;
		/* Built downwards, so that the least integer fits too. */
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_sub_overflow(value, s.ptr[i] - '0', &value))
			return 0;
	}
	if (!is_negative && __builtin_sub_overflow(0, value, &value))
		return 0;
	*value_r = value;
	return 1;
}

char *
str_to_c(struct arena *arena, struct str s)
{
	char *copy = arena_alloc(arena, s.len + 1);

	if (copy != NULL && s.len > 0)
		memcpy(copy, s.ptr, s.len);
	return copy;
}

struct str
str_copy(struct arena *arena, struct str s)
{
	const char *copy = str_to_c(arena, s);

	return copy == NULL ? STR_NONE : (struct str){ copy, s.len };
}

struct str
str_visible(struct arena *arena, struct str s, size_t most)
{
	char *copy;

	if (s.len > most)
		s.len = most;
	copy = str_to_c(arena, s);
	if (copy == NULL)
		return STR_NONE;
	for (size_t i = 0; i < s.len; i++)
		if (copy[i] < ' ' || copy[i] > '~')
			copy[i] = '?';
	return (struct str){ copy, s.len };
}

struct str
str_lower(struct arena *arena, struct str s)
{
	char *copy = str_to_c(arena, s);

	if (copy == NULL)
		return STR_NONE;
	for (size_t i = 0; i < s.len; i++)
		copy[i] = ascii_lower(copy[i]);
	return (struct str){ copy, s.len };
}

bool
ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
ascii_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool
ascii_is_alnum(char c)
{
	return ascii_is_alpha(c) || ascii_is_digit(c);
}

char
ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

char
ascii_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}
