/* Removing rows that can no longer matter, a few at a time. */
#ifndef LATCHKEY_MODEL_PURGE_H
#define LATCHKEY_MODEL_PURGE_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/uuid.h"
#include "wrap/db.h"

/*
 * Only one at a time may purge, on any host.  Returns 1 with the lock, 0
 * where another has it, -1.  The lock ends with the connection, too.
 */
MUST_CHECK NONNULL int purge_lock(struct db_conn *conn, struct arena *arena);
MUST_CHECK NONNULL int purge_unlock(struct db_conn *conn, struct arena *arena);

/* Expired revocations, at most `most`.  Returns 1 with their number, or -1. */
MUST_CHECK NONNULL int purge_revocations(struct db_conn *conn,
    struct arena *arena, int64_t most, int64_t *removed_r);

/*
 * Sessions that ended, or reached their absolute end, at least keep_ms ago,
 * at most `most`, found by index.  Returns 1 with their number, or -1.
 */
MUST_CHECK NONNULL int purge_ended(struct db_conn *conn, struct arena *arena,
    int64_t keep_ms, int64_t most, int64_t *removed_r);

/* Audit rows at least keep_ms old, at most `most`, in the same way. */
MUST_CHECK NONNULL int purge_audit(struct db_conn *conn, struct arena *arena,
    int64_t keep_ms, int64_t most, int64_t *removed_r);

/*
 * A walk over all sessions in the order of their ids, for those that were
 * idle too long: the next part begins after *after, which moves on.
 * Returns 1 with the number removed, 0 past the last session, -1.
 */
MUST_CHECK NONNULL int purge_walk(struct db_conn *conn, struct arena *arena,
    struct uuid *after, int64_t *removed_r);

#endif
