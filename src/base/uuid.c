/* UUIDs: version 7 when made here. */
#include "base/uuid.h"

#include "base/rnd.h"

static const char hex_digits[] = "0123456789abcdef";

/* A hyphen follows these bytes. */
static bool
hyphen_after(size_t byte)
{
	return byte == 3 || byte == 5 || byte == 7 || byte == 9;
}

int
uuid_new(int64_t unix_ms, struct uuid *uuid_r)
{
	struct uuid uuid;

	if (rnd_bytes(uuid.bytes, sizeof uuid.bytes) < 0)
		return -1;
	/* RFC 9562, 5.7: 48 bits of milliseconds, then version and variant. */
	for (int i = 0; i < 6; i++)
		uuid.bytes[i] =
		    (unsigned char)((uint64_t)unix_ms >> (40 - 8 * i) & 0xff);
	uuid.bytes[6] = (unsigned char)((uuid.bytes[6] & 0x0f) | 0x70);
	uuid.bytes[8] = (unsigned char)((uuid.bytes[8] & 0x3f) | 0x80);
	*uuid_r = uuid;
	return 1;
}

void
uuid_format(const struct uuid *uuid, char text_r[UUID_TEXT_LEN + 1])
{
	char *out = text_r;

	for (size_t i = 0; i < UUID_SIZE; i++) {
		*out++ = hex_digits[uuid->bytes[i] >> 4];
		*out++ = hex_digits[uuid->bytes[i] & 0x0f];
		if (hyphen_after(i))
			*out++ = '-';
	}
	*out = '\0';
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

int
uuid_parse(struct str text, struct uuid *uuid_r)
{
	struct uuid uuid;
	const char *in = text.ptr;

	if (text.len != UUID_TEXT_LEN)
		return 0;
	for (size_t i = 0; i < UUID_SIZE; i++) {
		const int high = hex_value(*in++);
		const int low = hex_value(*in++);

		if (high < 0 || low < 0)
			return 0;
		uuid.bytes[i] = (unsigned char)(high << 4 | low);
		if (hyphen_after(i) && *in++ != '-')
			return 0;
	}
	*uuid_r = uuid;
	return 1;
}

bool
uuid_is_text(struct str text)
{
	struct uuid uuid;

	return uuid_parse(text, &uuid) == 1;
}

bool
uuid_equal(const struct uuid *a, const struct uuid *b)
{
	return memcmp(a->bytes, b->bytes, UUID_SIZE) == 0;
}
