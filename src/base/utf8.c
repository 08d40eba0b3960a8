/* UTF-8 as RFC 3629 has it. */
#include "base/utf8.h"

/* Lead byte classes: how many bytes follow and the least value allowed. */
static int
lead(unsigned char byte, uint32_t *bits_r, uint32_t *least_r)
{
	if (byte < 0x80) {
		*bits_r = byte;
		*least_r = 0;
		return 0;
	}
	if (byte >= 0xc2 && byte <= 0xdf) {
		*bits_r = byte & 0x1f;
		*least_r = 0x80;
		return 1;
	}
	if (byte >= 0xe0 && byte <= 0xef) {
		*bits_r = byte & 0x0f;
		*least_r = 0x800;
		return 2;
	}
	if (byte >= 0xf0 && byte <= 0xf4) {
		*bits_r = byte & 0x07;
		*least_r = 0x10000;
		return 3;
	}
	return -1;
}

int
utf8_next(struct str *rest, uint32_t *point_r)
{
	uint32_t point;
	uint32_t least;
	int follow;

	if (rest->len == 0)
		return 0;
	follow = lead((unsigned char)rest->ptr[0], &point, &least);
	if (follow < 0 || rest->len <= (size_t)follow)
		return -1;
	for (int i = 1; i <= follow; i++) {
		const unsigned char byte = (unsigned char)rest->ptr[i];

		if ((byte & 0xc0) != 0x80)
			return -1;
		point = point << 6 | (byte & 0x3f);
	}
	if (point < least || point > 0x10ffff ||
	    (point >= 0xd800 && point <= 0xdfff))
		return -1;
	*rest = str_from_offset(*rest, (size_t)follow + 1);
	*point_r = point;
	return 1;
}

int64_t
utf8_count(struct str s)
{
	uint32_t point;
	int64_t count = 0;
	int rc;

	while ((rc = utf8_next(&s, &point)) == 1)
		count++;
	return rc < 0 ? -1 : count;
}

static bool
is_control(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point <= 0x9f);
}

static bool
is_hidden(uint32_t point)
{
	return is_control(point) || point == 0xad || point == 0x61c ||
	    point == 0x180e || (point >= 0x200b && point <= 0x200f) ||
	    (point >= 0x2028 && point <= 0x202e) ||
	    (point >= 0x2060 && point <= 0x206f) || point == 0xfeff ||
	    (point >= 0xfff9 && point <= 0xfffb) ||
	    (point & 0xfffe) == 0xfffe ||
	    (point >= 0xfdd0 && point <= 0xfdef) ||
	    (point >= 0xe0000 && point <= 0xe007f);
}

bool
utf8_is_plain(struct str s)
{
	uint32_t point;
	int rc;

	while ((rc = utf8_next(&s, &point)) == 1)
		if (is_hidden(point))
			return false;
	return rc == 0;
}

bool
utf8_is_line(struct str s)
{
	uint32_t point;
	int rc;

	while ((rc = utf8_next(&s, &point)) == 1)
		if (is_control(point) || point == 0x2028 || point == 0x2029)
			return false;
	return rc == 0;
}
