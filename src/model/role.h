/* Rows of the tables role and user_role. */
#ifndef LATCHKEY_MODEL_ROLE_H
#define LATCHKEY_MODEL_ROLE_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/str.h"
#include "base/uuid.h"
#include "wrap/db.h"

/* Make a role if there is none of this name.  Returns 1 or -1. */
MUST_CHECK NONNULL int
role_ensure(struct db_conn *conn, struct arena *arena, struct str name);

/* Give a user a role that exists.  Returns 1 or -1. */
MUST_CHECK NONNULL int role_grant(struct db_conn *conn, struct arena *arena,
    const struct uuid *user_id, struct str name);

/* Whether an active user has a role.  Returns 1, 0 or -1. */
MUST_CHECK NONNULL int role_is_held(struct db_conn *conn, struct arena *arena,
    const struct uuid *user_id, struct str name);

#endif
