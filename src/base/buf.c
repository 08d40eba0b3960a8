/* A growing run of bytes in an arena. */
#include "base/buf.h"

#include <inttypes.h>
#include <stdarg.h>

static const size_t first_cap = 256;

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
	char *start = buf_reserve(buf, 1);

	if (start != NULL)
		*start = byte;
}

void
buf_add_int(struct buf *buf, int64_t value)
{
	buf_printf(buf, "%" PRId64, value);
}

void
buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args;
	int need;

	va_start(args, format);
	need = vsnprintf(NULL, 0, format, args);
	va_end(args);
	/* The terminator needs a byte that is not counted afterwards. */
	if (need < 0 || !grow(buf, (size_t)need + 1)) {
		buf->is_failed = true;
		return;
	}
	va_start(args, format);
	vsnprintf(buf->ptr + buf->len, (size_t)need + 1, format, args);
	va_end(args);
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
