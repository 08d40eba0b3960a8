/* Logging out, by access token or by refresh token. */
#ifndef LATCHKEY_AUTH_LOGOUT_H
#define LATCHKEY_AUTH_LOGOUT_H

#include "auth/app.h"
#include "auth/token.h"
#include "base/attrs.h"
#include "base/secret.h"
#include "base/str.h"

struct logout_input {
	/* "local" (or absent), "others" or "global". */
	struct str scope;
	struct secret refresh_token;
};

MUST_CHECK bool logout_is_scope(struct str text);

/*
 * End the session, with "others" all other sessions of the user, or with
 * "global" every one.
 *
 * "local" is idempotent: a genuine access token will do even where it has
 * expired or its session has ended, and so will a genuine refresh token.
 * "others" and "global" need an access token that is alive.  bearer is NULL
 * where none came along.
 * Returns API_OK, API_AUTHENTICATION_REQUIRED, API_INVALID_TOKEN,
 * API_REFRESH_TOKEN_INVALID, API_TOKEN_MISMATCH or API_UNAVAILABLE.
 */
MUST_CHECK enum api_error logout(struct context *context,
    const struct logout_input *input, const struct identity *bearer);

#endif
