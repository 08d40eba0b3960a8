/* base64url and base64, canonical only. */
#include "base/b64.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/*
 * The value of a character plus one; 0 marks every other byte.  The last two
 * of the 64 differ between the alphabets.
 */
/* clang-format off */
static const unsigned char values[256] = {
	['A'] = 1,  ['B'] = 2,	['C'] = 3,  ['D'] = 4,	['E'] = 5,  ['F'] = 6,
	['G'] = 7,  ['H'] = 8,	['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12,
	['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16, ['Q'] = 17, ['R'] = 18,
	['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
	['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30,
	['e'] = 31, ['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36,
	['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42,
	['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
	['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54,
	['2'] = 55, ['3'] = 56, ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60,
	['8'] = 61, ['9'] = 62,
};
/* clang-format on */

/* The 63rd and 64th character of each alphabet. */
static const char url_tail[] = { '-', '_' };
static const char plain_tail[] = { '+', '/' };

static unsigned int
value_of(char c, const char tail[2])
{
	enum { VALUE_62 = 63, VALUE_63 = 64 };

	if (c == tail[0])
		return VALUE_62;
	return c == tail[1] ? VALUE_63 : values[(unsigned char)c];
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
decode(struct str text, const char tail[2], unsigned char *bytes_r,
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
		uint32_t group = 0;

		for (size_t j = 0; j < 4; j++) {
			const unsigned int value =
			    value_of(text.ptr[i + j], tail);

			if (value == 0)
				return 0;
			group = group << 6 | (value - 1);
		}
		bytes_r[len++] = (unsigned char)(group >> 16 & 0xff);
		bytes_r[len++] = (unsigned char)(group >> 8 & 0xff);
		bytes_r[len++] = (unsigned char)(group & 0xff);
	}
	for (; i < text.len; i++) {
		const unsigned int value = value_of(text.ptr[i], tail);

		if (value == 0)
			return 0;
		bits = (bits << 6 | (value - 1)) & 0xffff;
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
	return decode(text, url_tail, bytes_r, len_r);
}

int
b64_decode_unpadded(struct str text, unsigned char *bytes_r, size_t *len_r)
{
	return decode(text, plain_tail, bytes_r, len_r);
}

int
b64_decode_plain(struct str text, unsigned char *bytes_r, size_t *len_r)
{
	if (text.len % 4 != 0)
		return 0;
	for (int i = 0; i < 2 && str_ends(text, STR("=")); i++)
		text.len--;
	return decode(text, plain_tail, bytes_r, len_r);
}
