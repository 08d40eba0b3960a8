/* A growing run of bytes in an arena. */
#ifndef LATCHKEY_BASE_BUF_H
#define LATCHKEY_BASE_BUF_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/str.h"

/*
 * Appending never fails in the middle: when the arena is full, is_failed
 * stays set and whoever uses the result checks it once, by buf_str.
 */
struct buf {
	struct arena *arena;
	char *ptr;
	size_t len;
	size_t cap;
	bool is_failed;
};

#define BUF_IN(a) ((struct buf){ .arena = (a) })

NONNULL void buf_add(struct buf *buf, struct str s);
NONNULL void buf_add_c(struct buf *buf, const char *text);
NONNULL void buf_add_byte(struct buf *buf, char byte);
NONNULL void buf_add_int(struct buf *buf, int64_t value);
NONNULL PRINTF_LIKE(2, 3) void buf_printf(struct buf *buf, const char *format,
    ...);

/* Room for len bytes at the end, already counted; NULL when full. */
MUST_CHECK NONNULL char *buf_reserve(struct buf *buf, size_t len);

/* Returns 1 with the bytes so far, or -1 if any of them did not fit. */
MUST_CHECK NONNULL int buf_str(const struct buf *buf, struct str *s_r);

#endif
