/* The schema's versions: what this build expects and what the database has. */
#ifndef LATCHKEY_MODEL_SCHEMA_H
#define LATCHKEY_MODEL_SCHEMA_H

#include "base/arena.h"
#include "base/attrs.h"
#include "wrap/db.h"

/* Version of the newest file in schema/ when this was built. */
MUST_CHECK int64_t schema_version_wanted(void);

/* Version the database has, 0 for an empty one.  Returns 1 or -1. */
MUST_CHECK NONNULL int schema_version_read(struct db_conn *conn,
    struct arena *arena, int64_t *version_r);

/* The database's clock (Unix milliseconds).  Returns 1 or -1. */
MUST_CHECK NONNULL int
schema_clock_read(struct db_conn *conn, struct arena *arena, int64_t *now_ms_r);

/*
 * Apply what is missing, each file once, under a lock that a second caller
 * waits for; applied is told of each.  Returns 1 or -1 (logged).
 */
MUST_CHECK NONNULL int schema_migrate(struct db_conn *conn, struct arena *arena,
    void (*applied)(const char *name));

#endif
