/* Rows of the tables user_search and user_term: what users are found by. */
#ifndef LATCHKEY_MODEL_SEARCH_H
#define LATCHKEY_MODEL_SEARCH_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/str.h"
#include "model/user.h"
#include "wrap/db.h"

/*
 * Make a user findable by e-mail, user name and full name; inside the
 * transaction that inserts the user.  They go with the user's row.
 * Returns 1 or -1.
 */
MUST_CHECK NONNULL int
search_add(struct db_conn *conn, struct arena *arena, const struct user *user);

/* The same where names may have changed.  Returns 1 or -1. */
MUST_CHECK NONNULL int search_replace(struct db_conn *conn, struct arena *arena,
    const struct user *user);

/* Take a user's words away again.  Returns 1 or -1. */
MUST_CHECK NONNULL int
search_forget(struct db_conn *conn, struct arena *arena, const struct uuid *id);

/*
 * Make some of the users findable that were there before these tables, in a
 * transaction of its own.  The arena is reset for each.  count_r: how many; 0
 * when all are.  Returns 1 or -1.
 */
MUST_CHECK NONNULL int
search_catch_up(struct db_conn *conn, struct arena *arena, size_t *count_r);

#endif
