/* A user's own sessions: see them, end one. */
#ifndef LATCHKEY_AUTH_SESSIONS_H
#define LATCHKEY_AUTH_SESSIONS_H

#include "auth/app.h"
#include "auth/token.h"
#include "base/attrs.h"
#include "base/jsonw.h"

/*
 * Write {"sessions":[...]}, newest first, the caller's own marked current.
 * Returns API_OK or API_UNAVAILABLE.
 */
MUST_CHECK NONNULL enum api_error sessions_write(struct context *context,
    const struct identity *identity, struct jsonw *w);

/*
 * End one of the caller's sessions.  Returns API_OK, API_NOT_FOUND (also for
 * another's, an ended one and what is no id), API_UNAVAILABLE.
 */
MUST_CHECK NONNULL enum api_error sessions_close(struct context *context,
    const struct identity *identity, struct str id);

/*
 * End a session by hand of the command line, whosever it is.
 * Returns API_OK, API_NOT_FOUND (also for one that has ended), or
 * API_UNAVAILABLE.
 */
MUST_CHECK NONNULL enum api_error
sessions_end(struct context *context, struct str id);

#endif
