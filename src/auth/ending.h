/* The end of sessions, and of the access tokens minted for them. */
#ifndef LATCHKEY_AUTH_ENDING_H
#define LATCHKEY_AUTH_ENDING_H

#include "auth/app.h"
#include "auth/audit.h"
#include "base/attrs.h"
#include "model/session.h"

struct ending {
	/* The session; for ending_others the one to keep. */
	const struct uuid *id;
	const struct uuid *user_id;
	/* Who ends it; NULL for the command line. */
	const struct uuid *actor_id;
	enum session_end reason;
	enum audit_event event;
	/* As in struct audit_note. */
	struct str detail;
};

/*
 * End one session inside the caller's transaction: row, revocation, audit.
 * The caller bumps the epoch after its COMMIT (base/epoch.h).
 * Returns 1, 0 where it had ended before, -1.
 */
MUST_CHECK NONNULL int ending_within(struct context *context,
    struct db_conn *conn, const struct ending *ending);

/*
 * Raise the user's version, which kills all access tokens, and end all
 * sessions, inside the caller's transaction, as ending_within.
 * Returns 1 or -1.
 */
MUST_CHECK NONNULL int ending_all_within(struct context *context,
    struct db_conn *conn, const struct ending *ending);

/*
 * The same for the access tokens alone: sessions go on, and a refresh brings
 * what has changed.  ending->reason does not matter.  Returns 1 or -1.
 */
MUST_CHECK NONNULL int ending_tokens_within(struct context *context,
    struct db_conn *conn, const struct ending *ending);

/*
 * ending_within in a transaction of its own on this connection, and all
 * processes of this host know before it returns.  Returns 1, 0 or -1.
 */
MUST_CHECK NONNULL int ending_on(struct context *context, struct db_conn *conn,
    const struct ending *ending);

/*
 * The same in a transaction of their own.  All processes of this host know
 * before these return.  What had ended before stays as it was: API_OK.
 * Return API_OK or API_UNAVAILABLE.
 */
MUST_CHECK NONNULL enum api_error
ending_one(struct context *context, const struct ending *ending);
MUST_CHECK NONNULL enum api_error
ending_all(struct context *context, const struct ending *ending);
/* All sessions of the user but ending->id. */
MUST_CHECK NONNULL enum api_error
ending_others(struct context *context, const struct ending *ending);

/* Run a body in a transaction, and bump the epoch where it may have committed.
 * Returns 1, 0 or -1 as db_transaction. */
MUST_CHECK int ending_transaction(struct context *context,
    int (*body)(struct db_conn *conn, void *work), void *work);

#endif
