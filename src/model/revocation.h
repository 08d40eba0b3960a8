/* Rows of the table revocation: what access tokens must no longer pass. */
#ifndef LATCHKEY_MODEL_REVOCATION_H
#define LATCHKEY_MODEL_REVOCATION_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/opt.h"
#include "base/uuid.h"
#include "wrap/db.h"

struct revocation {
	/* A session, or a user where least_version is set. */
	struct uuid subject;
	/* Tokens of the user below this version are dead. */
	struct opt_int least_version;
	int64_t expires_ms;
};

/* Kill a session's access tokens for life_ms from now on.  1 or -1. */
MUST_CHECK NONNULL int revocation_add_session(struct db_conn *conn,
    struct arena *arena, const struct uuid *session_id, int64_t life_ms);

/*
 * Kill a user's access tokens below the version the row user has now.
 * Returns 1 or -1.
 */
MUST_CHECK NONNULL int revocation_add_user(struct db_conn *conn,
    struct arena *arena, const struct uuid *user_id, int64_t life_ms);

/*
 * All rows in force: row_r is filled and row called for each.  row returns 1
 * to go on, -1 to fail.  Returns 1 or -1.
 */
MUST_CHECK NONNULL int
revocation_each(struct db_conn *conn, struct arena *arena,
    struct revocation *row_r, int (*row)(void *context), void *context);

#endif
