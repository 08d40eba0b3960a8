/* Rows of the table audit. */
#ifndef LATCHKEY_MODEL_AUDIT_H
#define LATCHKEY_MODEL_AUDIT_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/str.h"
#include "base/uuid.h"
#include "wrap/db.h"

/*
 * Ids are NULL and texts absent where they do not apply; a user not given is
 * the session's.
 */
struct audit_row {
	const char *event;
	const struct uuid *actor_id;
	const struct uuid *user_id;
	const struct uuid *session_id;
	struct str ip;
	struct str user_agent;
	struct str request_id;
	struct str detail;
};

/* Returns 1 or -1. */
MUST_CHECK NONNULL int audit_insert(struct db_conn *conn, struct arena *arena,
    const struct audit_row *row);

/* Whether there is a row of this event for the session.  1, 0 or -1. */
MUST_CHECK NONNULL int audit_has(struct db_conn *conn, struct arena *arena,
    const struct uuid *session_id, const char *event);

#endif
