/* A growing run of bytes in an arena. */
#include "base/buf.h"

#include <stdarg.h>

static const size_t first_cap = 256;

/* The digits of INT64_MIN and its sign. */
enum { INT_TEXT_MAX = sizeof "-9223372036854775808" - 1, DECIMAL = 10 };

/* Doubling leaves at most the final size behind in the arena. */
static bool
grow(struct buf *buf, size_t extra)
{
	size_t need;
	size_t cap = buf->cap == 0 ? first_cap : buf->cap;
	char *ptr;

	if (buf->is_failed)
		return false;
	if (__builtin_add_overflow(buf->len, extra, &need) ||
	    need > SIZE_MAX / 2) {
		buf->is_failed = true;
		return false;
	}
	if (need <= buf->cap)
		return true;
	while (cap < need)
		cap *= 2;
	ptr = arena_alloc(buf->arena, cap);
	if (ptr == NULL) {
		buf->is_failed = true;
		return false;
	}
	if (buf->len > 0)
		memcpy(ptr, buf->ptr, buf->len);
	buf->ptr = ptr;
	buf->cap = cap;
	return true;
}

char *
buf_reserve(struct buf *buf, size_t len)
{
	char *start;

	if (!grow(buf, len))
		return NULL;
	start = buf->ptr + buf->len;
	buf->len += len;
	return start;
}

void
buf_add(struct buf *buf, struct str s)
{
	char *start = buf_reserve(buf, s.len);

	if (start != NULL && s.len > 0)
		memcpy(start, s.ptr, s.len);
}

void
buf_add_c(struct buf *buf, const char *text)
{
	buf_add(buf, str_from(text));
}

void
buf_add_byte(struct buf *buf, char byte)
{
	char *start;

	if (buf->len < buf->cap && !buf->is_failed) {
		buf->ptr[buf->len++] = byte;
		return;
	}
	start = buf_reserve(buf, 1);
	if (start != NULL)
		*start = byte;
}

void
buf_add_int(struct buf *buf, int64_t value)
{
	char text[INT_TEXT_MAX];
	char *at = text + sizeof text;
	/* Negated without overflow, also for the least of all. */
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;

	do {
		*--at = (char)('0' + rest % DECIMAL);
		rest /= DECIMAL;
	} while (rest > 0);
	if (value < 0)
		*--at = '-';
	buf_add(buf, (struct str){ at, (size_t)(text + sizeof text - at) });
}

/* Into the room there is, which mostly will do; else once more. */
void
buf_printf(struct buf *buf, const char *format, ...)
{
	const size_t room = buf->is_failed ? 0 : buf->cap - buf->len;
	va_list args;
	int need;

	va_start(args, format);
	need = vsnprintf(room == 0 ? NULL : buf->ptr + buf->len, room, format,
	    args);
	va_end(args);
	/* The terminator needs a byte that is not counted afterwards. */
	if (need < 0 || !grow(buf, (size_t)need + 1)) {
		buf->is_failed = true;
		return;
	}
	if ((size_t)need >= room) {
		va_start(args, format);
		vsnprintf(buf->ptr + buf->len, (size_t)need + 1, format, args);
		va_end(args);
	}
	buf->len += (size_t)need;
}

int
buf_str(const struct buf *buf, struct str *s_r)
{
	if (buf->is_failed)
		return -1;
	*s_r = (struct str){ buf->ptr == NULL ? "" : buf->ptr, buf->len };
	return 1;
}
