/* base64url and base64, canonical only. */
#include "base/b64.h"

#include <limits.h>

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/*
 * The value of a character plus one; 0 marks every other byte.  The last two
 * of the 64 differ between the alphabets.
 */
/* clang-format off */
#define LETTERS_AND_DIGITS \
	['A'] = 1, ['B'] = 2, ['C'] = 3, ['D'] = 4, ['E'] = 5, \
	['F'] = 6, ['G'] = 7, ['H'] = 8, ['I'] = 9, ['J'] = 10, \
	['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, \
	['P'] = 16, ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, \
	['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24, ['Y'] = 25, \
	['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, \
	['e'] = 31, ['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35, \
	['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, \
	['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, \
	['t'] = 46, ['u'] = 47, ['v'] = 48, ['w'] = 49, ['x'] = 50, \
	['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, \
	['3'] = 56, ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, \
	['8'] = 61, ['9'] = 62
/* clang-format on */

enum { VALUES = 64, VALUE_62 = 62 + 1, VALUE_63 = 63 + 1 };

static const unsigned char url_values[UCHAR_MAX + 1] = {
	LETTERS_AND_DIGITS,
	['-'] = VALUE_62,
	['_'] = VALUE_63,
};
static const unsigned char plain_values[UCHAR_MAX + 1] = {
	LETTERS_AND_DIGITS,
	['+'] = VALUE_62,
	['/'] = VALUE_63,
};

/* VALUES or more for what is no character of the alphabet. */
static uint32_t
value_of(char c, const unsigned char *values)
{
	return values[(unsigned char)c] - 1U;
}

void
b64_encode(struct buf *buf, const void *bytes, size_t len)
{
	const unsigned char *in = bytes;
	char *out = buf_reserve(buf, B64_LEN(len));
	unsigned int bits = 0;
	unsigned int count = 0;
	size_t i = 0;

	if (out == NULL)
		return;
	/* Three bytes are four characters. */
	for (; len - i >= 3; i += 3) {
		const uint32_t group = (uint32_t)in[i] << 16 |
		    (uint32_t)in[i + 1] << 8 | in[i + 2];

		*out++ = alphabet[group >> 18];
		*out++ = alphabet[group >> 12 & 0x3f];
		*out++ = alphabet[group >> 6 & 0x3f];
		*out++ = alphabet[group & 0x3f];
	}
	for (; i < len; i++) {
		bits = (bits << 8 | in[i]) & 0xffff;
		for (count += 8; count >= 6; count -= 6)
			*out++ = alphabet[bits >> (count - 6) & 0x3f];
	}
	if (count > 0)
		*out = alphabet[bits << (6 - count) & 0x3f];
}

static int
decode(struct str text, const unsigned char *values, unsigned char *bytes_r,
    size_t *len_r)
{
	unsigned int bits = 0;
	unsigned int count = 0;
	size_t len = 0;
	size_t i = 0;

	if (text.len % 4 == 1)
		return 0;
	/* Four characters are three bytes. */
	for (; text.len - i >= 4; i += 4) {
		const uint32_t a = value_of(text.ptr[i], values);
		const uint32_t b = value_of(text.ptr[i + 1], values);
		const uint32_t c = value_of(text.ptr[i + 2], values);
		const uint32_t d = value_of(text.ptr[i + 3], values);
		const uint32_t group = a << 18 | b << 12 | c << 6 | d;

		if ((a | b | c | d) >= VALUES)
			return 0;
		bytes_r[len++] = (unsigned char)(group >> 16 & 0xff);
		bytes_r[len++] = (unsigned char)(group >> 8 & 0xff);
		bytes_r[len++] = (unsigned char)(group & 0xff);
	}
	for (; i < text.len; i++) {
		const uint32_t value = value_of(text.ptr[i], values);

		if (value >= VALUES)
			return 0;
		bits = (bits << 6 | value) & 0xffff;
		count += 6;
		if (count >= 8) {
			count -= 8;
			bytes_r[len++] = (unsigned char)(bits >> count & 0xff);
		}
	}
	if ((bits & ((1U << count) - 1)) != 0)
		return 0;
	*len_r = len;
	return 1;
}

int
b64_decode(struct str text, unsigned char *bytes_r, size_t *len_r)
{
	return decode(text, url_values, bytes_r, len_r);
}

int
b64_decode_unpadded(struct str text, unsigned char *bytes_r, size_t *len_r)
{
	return decode(text, plain_values, bytes_r, len_r);
}

int
b64_decode_plain(struct str text, unsigned char *bytes_r, size_t *len_r)
{
	if (text.len % 4 != 0)
		return 0;
	for (int i = 0; i < 2 && str_ends(text, STR("=")); i++)
		text.len--;
	return decode(text, plain_values, bytes_r, len_r);
}
