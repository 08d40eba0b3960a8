/*
 * A counter shared by all processes of this host, in a file mapped into each.
 * A writer bumps it after its commit; a reader that sees a new value knows
 * that what it holds in memory is stale.
 */
#ifndef LATCHKEY_BASE_EPOCH_H
#define LATCHKEY_BASE_EPOCH_H

#include "base/attrs.h"

#include <stdint.h>

/*
 * Map the counter at path, made if missing.  Returns 1, or -1 (errno).
 * Called once, at start, before any thread.
 */
MUST_CHECK NONNULL int epoch_open(const char *path);

/* The value now; 0 for ever where nothing is mapped. */
MUST_CHECK uint64_t epoch_load(void);

void epoch_bump(void);

#endif
