/* Where a list goes on. */
#include "auth/cursor.h"

#include "base/b64.h"
#include "base/buf.h"
#include "base/limits.h"

int
cursor_write(struct arena *arena, enum cursor_kind kind, struct str key,
    struct str *cursor_r)
{
	struct buf bytes = BUF_IN(arena);
	struct buf text = BUF_IN(arena);
	struct str all;

	buf_add_byte(&bytes, (char)kind);
	buf_add(&bytes, key);
	if (buf_str(&bytes, &all) < 0)
		return -1;
	b64_encode(&text, all.ptr, all.len);
	return buf_str(&text, cursor_r);
}

int
cursor_read(struct arena *arena, enum cursor_kind kind, struct str cursor,
    size_t least, struct str *key_r)
{
	unsigned char *bytes;
	size_t len;

	if (cursor.len > LIMIT_CURSOR)
		return 0;
	bytes = arena_alloc(arena, cursor.len + 1);
	if (bytes == NULL)
		return -1;
	if (b64_decode(cursor, bytes, &len) != 1 || len < least + 1 ||
	    bytes[0] != (unsigned char)kind)
		return 0;
	*key_r = (struct str){ (const char *)bytes + 1, len - 1 };
	return 1;
}
