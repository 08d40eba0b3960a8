/* Rows of the tables role and user_role. */
#ifndef LATCHKEY_MODEL_ROLE_H
#define LATCHKEY_MODEL_ROLE_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/uuid.h"
#include "wrap/db.h"

/* Make a role if there is none of this name.  Returns 1 or -1. */
MUST_CHECK NONNULL int
role_ensure(struct db_conn *conn, struct arena *arena, struct str name);

/*
 * Give a user without roles these, which exist: names separated by commas.
 * Returns 1 or -1.
 */
MUST_CHECK NONNULL int role_grant_all(struct db_conn *conn, struct arena *arena,
    const struct uuid *user_id, struct str names);

/* Whether an active user has a role.  Returns 1, 0 or -1. */
MUST_CHECK NONNULL int role_is_held(struct db_conn *conn, struct arena *arena,
    const struct uuid *user_id, struct str name);

/*
 * Keep a role from being deleted until the transaction ends.
 * Returns 1, 0 where there is none of this name, -1.
 */
MUST_CHECK NONNULL int
role_share(struct db_conn *conn, struct arena *arena, struct str name);

/*
 * role_is_held, and it stays so until the transaction ends.
 * Returns 1, 0 or -1.
 */
MUST_CHECK NONNULL int role_hold(struct db_conn *conn, struct arena *arena,
    const struct uuid *user_id, struct str name);

/* Give a user these and no others.  Returns 1 or -1. */
MUST_CHECK NONNULL int role_replace_all(struct db_conn *conn,
    struct arena *arena, const struct uuid *user_id, struct str names);

struct role {
	struct str name;
	/* Absent for none. */
	struct str description;
	/* Not 0: it can't be deleted. */
	int64_t is_builtin;
	int64_t created_ms;
};

/* Returns 1, 0 where there is none of this name, -1. */
MUST_CHECK NONNULL int role_find(struct db_conn *conn, struct arena *arena,
    struct str name, struct role *role_r);

/*
 * All of them by name, at most LIMIT_ROLES_ALL: row is filled and each
 * called, which returns 1 to go on, -1 to fail.  Returns 1 or -1.
 */
struct role_listing {
	struct role *row;
	int (*each)(void *context);
	void *context;
};
MUST_CHECK NONNULL int role_each(struct db_conn *conn, struct arena *arena,
    const struct role_listing *listing);

/* Number of roles.  Returns 1 or -1. */
MUST_CHECK NONNULL int
role_count(struct db_conn *conn, struct arena *arena, int64_t *count_r);

/* A role that is not built in.  Returns 1, 0 where the name is taken, -1. */
MUST_CHECK NONNULL int
role_insert(struct db_conn *conn, struct arena *arena, const struct role *role);

/*
 * Lock a role, so that nobody is given it until the transaction ends.
 * Returns 1, 0 where there is none of this name, -1.
 */
MUST_CHECK NONNULL int role_lock(struct db_conn *conn, struct arena *arena,
    struct str name, int64_t *is_builtin_r);

/* Whether any user has it.  Returns 1, 0 or -1. */
MUST_CHECK NONNULL int
role_is_used(struct db_conn *conn, struct arena *arena, struct str name);

/* Nobody may have it.  Returns 1 or -1. */
MUST_CHECK NONNULL int
role_delete(struct db_conn *conn, struct arena *arena, struct str name);

#endif
