/* What the tables say, and what the tests change in them. */
#ifndef LATCHKEY_TESTS_MODEL_FACTS_H
#define LATCHKEY_TESTS_MODEL_FACTS_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/uuid.h"
#include "wrap/db.h"

/* How far two tables reach. */
struct facts_marks {
	int64_t revocation;
	int64_t note;
};

/* Returns 1 or -1. */
MUST_CHECK NONNULL int facts_mark(struct db_conn *conn, struct arena *arena,
    struct facts_marks *marks_r);

/* Of one session and its user; of two tables, the rows since a mark. */
struct facts {
	int64_t generation;
	/* enum session_end, or 0 */
	int64_t end_reason;
	int64_t concurrent;
	/* The user's token version. */
	int64_t versions;
	/* The user's that live. */
	int64_t sessions;
	int64_t revocations;
	int64_t notes;
};

/* Returns 1, 0 where there is no such session, -1. */
MUST_CHECK NONNULL int
facts_read(struct db_conn *conn, struct arena *arena, const struct uuid *id,
    const struct facts_marks *since, struct facts *facts_r);

/* The last rotation lies further back by so much.  Returns 1 or -1. */
MUST_CHECK NONNULL int facts_age(struct db_conn *conn, struct arena *arena,
    const struct uuid *id, int64_t by_ms);

/* Remove all sessions.  Returns 1 or -1. */
MUST_CHECK NONNULL int facts_forget(struct db_conn *conn, struct arena *arena);

#endif
