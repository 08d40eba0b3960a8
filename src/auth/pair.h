/* The pair of tokens that login and refresh hand out. */
#ifndef LATCHKEY_AUTH_PAIR_H
#define LATCHKEY_AUTH_PAIR_H

#include "auth/app.h"
#include "auth/reftoken.h"
#include "base/attrs.h"
#include "base/str.h"
#include "model/user.h"

/* Texts live in the request's arena. */
struct token_pair {
	struct str access_token;
	int64_t access_expires_s;
	struct str refresh_token;
	int64_t refresh_expires_s;
	struct uuid session_id;
	struct user user;
};

/*
 * Mint an access token for the user and write the refresh token down.
 * refresh_expires_ms: Unix milliseconds.  Returns API_OK or
 * API_INTERNAL_ERROR; *pair_r is written only on API_OK.
 */
MUST_CHECK NONNULL enum api_error pair_make(struct context *context,
    const struct user *user, const struct reftoken *refresh,
    int64_t refresh_expires_ms, struct token_pair *pair_r);

#endif
