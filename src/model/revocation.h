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
	int64_t created_ms;
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
 * Kill the access tokens of the user's living sessions but one.
 * Returns 1 or -1.
 */
MUST_CHECK NONNULL int
revocation_add_others(struct db_conn *conn, struct arena *arena,
    const struct uuid *user_id, const struct uuid *keep_id, int64_t life_ms);

/*
 * The rows in force that were made at since_ms (Unix milliseconds, by the
 * database's clock) or later: row is filled and each called; it returns 1 to
 * go on, -1 to fail.  Returns 1 or -1.
 */
struct revocation_listing {
	struct revocation *row;
	/*
	 * The reading begins this long before since_ms, and never later than
	 * this long ago: a row from a clock that was ahead must not hide
	 * those that follow.
	 */
	int64_t overlap_ms;
	int (*each)(void *context);
	void *context;
};
MUST_CHECK NONNULL int
revocation_each(struct db_conn *conn, struct arena *arena, int64_t since_ms,
    const struct revocation_listing *listing);

#endif
