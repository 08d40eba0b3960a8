/* The end of sessions, and of the access tokens minted for them. */
#ifndef LATCHKEY_AUTH_ENDING_H
#define LATCHKEY_AUTH_ENDING_H

#include "auth/app.h"
#include "auth/token.h"
#include "base/attrs.h"
#include "model/session.h"

/*
 * End one session, with its access tokens, in a transaction of its own.  All
 * processes of this host know before this returns.
 * Returns 1, 0 where it had ended before, -1.
 */
MUST_CHECK NONNULL int ending_of_session(struct context *context,
    struct db_conn *conn, const struct session_ending *ending);

/*
 * Log out the session (RFC 7009 has the same idea): idempotent.
 * Returns API_OK or API_UNAVAILABLE.
 */
MUST_CHECK NONNULL enum api_error
ending_session(struct context *context, const struct uuid *session_id);

/* Log out every session of the user.  Returns API_OK or API_UNAVAILABLE. */
MUST_CHECK NONNULL enum api_error
ending_everywhere(struct context *context, const struct uuid *user_id);

#endif
