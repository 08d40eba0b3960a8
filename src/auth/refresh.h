/* Rotation of refresh tokens (RFC 9700, 4.14.2). */
#ifndef LATCHKEY_AUTH_REFRESH_H
#define LATCHKEY_AUTH_REFRESH_H

#include "auth/app.h"
#include "auth/pair.h"
#include "auth/token.h"
#include "base/attrs.h"
#include "base/secret.h"

/* One exchange, in the request's arena. */
struct refresh;

/*
 * Exchange a refresh token for its successor.
 *
 * The current generation moves on by one conditional statement.  One generation
 * behind, within refresh.grace_s of the rotation and by the database's clock,
 * is a racing tab or a retry after a lost answer: it receives the same
 * successor, and the window does not move.  Anything older is theft: the
 * session ends, which is committed although the answer is an error.
 *
 * bearer: who the access token sent along speaks for, or NULL.
 * Returns API_OK where refresh_finish has the rest, API_LATER where
 * context->resume is called for it, perhaps before this returns,
 * API_REFRESH_TOKEN_INVALID, API_TOKEN_MISMATCH or API_UNAVAILABLE.
 * *refresh_r is written before anybody resumes.
 */
MUST_CHECK enum api_error
refresh_begin(struct context *context, struct secret token,
    const struct identity *bearer, struct refresh **refresh_r);

/*
 * Returns API_OK, API_REFRESH_TOKEN_INVALID, API_REFRESH_TOKEN_EXPIRED,
 * API_REFRESH_TOKEN_REUSED, API_SESSION_ENDED, API_UNAVAILABLE,
 * API_INTERNAL_ERROR.  *pair_r is written only on API_OK.
 */
MUST_CHECK NONNULL enum api_error
refresh_finish(struct refresh *refresh, struct token_pair *pair_r);

/*
 * Whether this token could be exchanged now, which changes nothing: neither
 * is the session rotated, nor does it end where the token is an old one.
 * Returns API_OK with the session, API_REFRESH_TOKEN_INVALID or
 * API_UNAVAILABLE.
 */
MUST_CHECK NONNULL enum api_error refresh_look(struct context *context,
    struct secret token, struct session_state *state_r);

#endif
