/* What the files of people share. */
#ifndef LATCHKEY_AUTH_PEOPLE_INTERNAL_H
#define LATCHKEY_AUTH_PEOPLE_INTERNAL_H

#include "auth/ending.h"
#include "auth/people.h"
#include "model/audit.h"

/* One order on its way through a transaction. */
struct people_work {
	struct context *context;
	const struct people_order *order;
	/* The answer where the transaction comes to nothing. */
	enum api_error refusal;
	/* As the row is, then as it was left. */
	struct user user;
	/* Erasing goes on in another transaction, from what was committed. */
	bool is_unfinished;
	struct audit_forgotten forgotten;
	struct audit_forgotten reached;
};

/*
 * Before anything else: lock the rows of all administrators, in the order of
 * their ids, and see that who acts is still one, and that one remains without
 * this user, where either matters; then people_read_row.
 * Returns 1, 0 with the refusal set, -1.
 */
MUST_CHECK NONNULL int people_begin(struct db_conn *conn,
    struct people_work *work, bool removes_admin);

/* Lock the user's row and read it.  Returns 1, 0 with the refusal set, -1. */
MUST_CHECK NONNULL int
people_read_row(struct db_conn *conn, struct people_work *work);

/*
 * Change the status and write the note; where it is so already, nothing.
 * Returns 1 or -1.
 */
MUST_CHECK NONNULL int people_put_status(struct db_conn *conn,
    struct people_work *work, enum user_status status);

/*
 * End sessions and tokens, and delete the row; before that, a part of a long
 * audit trail at a time, after which people_run begins again.
 * Returns 1 or -1.
 */
MUST_CHECK NONNULL int
people_erase(struct db_conn *conn, struct people_work *work);

/* Run the body; the epoch is bumped where it may have committed. */
MUST_CHECK enum api_error people_run(struct people_work *work,
    int (*body)(struct db_conn *conn, void *work), void *body_work);

#endif
