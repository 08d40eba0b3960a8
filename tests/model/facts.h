/* What the tables say, and what the tests change in them. */
#ifndef LATCHKEY_TESTS_MODEL_FACTS_H
#define LATCHKEY_TESTS_MODEL_FACTS_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/uuid.h"
#include "wrap/db.h"

/* Of one session and its user; of the other tables, how many rows. */
struct facts {
	int64_t generation;
	/* enum session_end, or 0 */
	int64_t end_reason;
	int64_t concurrent;
	/* The user's token version. */
	int64_t versions;
	/* That live. */
	int64_t sessions;
	int64_t revocations;
	int64_t notes;
};

/* Returns 1, 0 where there is no such session, -1. */
MUST_CHECK NONNULL int facts_read(struct db_conn *conn, struct arena *arena,
    const struct uuid *id, struct facts *facts_r);

/* The last rotation lies further back by so much.  Returns 1 or -1. */
MUST_CHECK NONNULL int facts_age(struct db_conn *conn, struct arena *arena,
    const struct uuid *id, int64_t by_ms);

/* Remove all sessions.  Returns 1 or -1. */
MUST_CHECK NONNULL int
facts_forget_sessions(struct db_conn *conn, struct arena *arena);

/* Remove all sessions, revocations and audit rows.  Returns 1 or -1. */
MUST_CHECK NONNULL int facts_forget(struct db_conn *conn, struct arena *arena);

#endif
