/* Memory for one request: taken in pieces, wiped and reused as a whole. */
#ifndef LATCHKEY_BASE_ARENA_H
#define LATCHKEY_BASE_ARENA_H

#include "base/attrs.h"

#include <stddef.h>

struct arena;

/* An arena that never holds more than cap bytes; NULL without memory. */
MUST_CHECK struct arena *arena_new(size_t cap);
void arena_free(struct arena **arena);

/*
 * size zeroed bytes, aligned for any type, valid until the next reset.
 * Returns NULL when the cap or the memory is exhausted.
 */
MUST_CHECK NONNULL void *arena_alloc(struct arena *arena, size_t size);

/* Wipe all that was handed out and keep the first block for reuse. */
NONNULL void arena_reset(struct arena *arena);

/* Bytes handed out since the last reset. */
MUST_CHECK NONNULL size_t arena_used(const struct arena *arena);

#endif
