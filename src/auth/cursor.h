/*
 * Where a list goes on: opaque to clients, the key of the last row that was
 * shown.  It points between rows, so a list stays right while rows come and
 * go.  It grants nothing: who may read is asked at every page.
 */
#ifndef LATCHKEY_AUTH_CURSOR_H
#define LATCHKEY_AUTH_CURSOR_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/str.h"

/* One kind for each order of rows, so that none passes for another. */
enum cursor_kind {
	CURSOR_USERS = 1,
	CURSOR_TASKS,
	CURSOR_AUDIT,
};

/* Returns 1 with the text in the arena, or -1 without memory. */
MUST_CHECK NONNULL int cursor_write(struct arena *arena, enum cursor_kind kind,
    struct str key, struct str *cursor_r);

/*
 * Returns 1 with the key in the arena, 0 where the text is no cursor of this
 * kind with a key of at least `least` bytes, -1 without memory.
 */
MUST_CHECK NONNULL int cursor_read(struct arena *arena, enum cursor_kind kind,
    struct str cursor, size_t least, struct str *key_r);

#endif
