/* Rows of the table audit. */
#ifndef LATCHKEY_MODEL_AUDIT_H
#define LATCHKEY_MODEL_AUDIT_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/opt.h"
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

/* How far a person's rows are forgotten: up to these ids; 0 for none. */
struct audit_forgotten {
	/* Of the rows about them, and of those by them. */
	int64_t about_id;
	int64_t by_id;
};

/*
 * Take what tells who a person is from all rows about them and by them that
 * are left: the address and the user agent of whoever acted as them.  Ids
 * stay.  Returns 1 or -1.
 */
MUST_CHECK NONNULL int audit_forget(struct db_conn *conn, struct arena *arena,
    const struct uuid *user_id, const struct audit_forgotten *forgotten);

/*
 * The same for some thousands of rows, where that many are left: anybody can
 * fill the trail of an account with failed logins, and one statement must end
 * in time.  Returns 1 where few are left, 0 with *forgotten moved on, -1.
 */
MUST_CHECK NONNULL int
audit_forget_part(struct db_conn *conn, struct arena *arena,
    const struct uuid *user_id, struct audit_forgotten *forgotten);

/* A row as it is read; what does not apply is not set or absent. */
struct audit_record {
	int64_t id;
	int64_t at_ms;
	struct str event;
	struct opt_uuid actor_id;
	struct opt_uuid user_id;
	struct opt_uuid session_id;
	struct str ip;
	struct str user_agent;
	struct str request_id;
	struct str detail;
};

/* Who gets the rows, one by one: 1 to go on, 0 to stop, -1 to fail. */
struct audit_listing {
	int (*each)(const struct audit_record *record, void *context);
	void *context;
};

struct audit_filter {
	/* Only rows with a lower id; INT64_MAX for the newest. */
	int64_t before_id;
	/* Absent and NULL: any. */
	struct str event;
	const struct uuid *user_id;
	/* At that time or later (Unix milliseconds). */
	int64_t since_ms;
	int64_t most;
};

/* Rows that fit, newest first.  Returns 1 or -1. */
MUST_CHECK NONNULL int audit_each(struct db_conn *conn, struct arena *arena,
    const struct audit_filter *filter, const struct audit_listing *listing);

struct audit_after {
	/* Only rows with a higher id. */
	int64_t id;
	int64_t most;
};

/* Rows that fit, oldest first.  Returns 1 or -1. */
MUST_CHECK NONNULL int
audit_each_newer(struct db_conn *conn, struct arena *arena,
    const struct audit_after *after, const struct audit_listing *listing);

/* The highest id there is, 0 without rows.  Returns 1 or -1. */
MUST_CHECK NONNULL int
audit_newest(struct db_conn *conn, struct arena *arena, int64_t *id_r);

#endif
