/* Changing one's own password. */
#ifndef LATCHKEY_AUTH_PASSWORD_H
#define LATCHKEY_AUTH_PASSWORD_H

#include "auth/app.h"
#include "auth/pair.h"
#include "auth/token.h"
#include "base/attrs.h"
#include "base/secret.h"

struct password_change {
	struct secret current_password;
	struct secret new_password;
	struct secret confirm_password;
};

/*
 * Replace the password.  Every session ends and every access token dies; the
 * caller gets a new session in the same transaction.
 * Returns API_OK, API_INVALID_CREDENTIALS (the current one is wrong),
 * API_VALIDATION_FAILED (context->issues), API_INVALID_TOKEN (the account
 * changed meanwhile), API_OVERLOADED, API_UNAVAILABLE, API_INTERNAL_ERROR.
 * *pair_r is written only on API_OK.
 */
MUST_CHECK NONNULL enum api_error
password_change(struct context *context, const struct identity *identity,
    const struct password_change *change, struct token_pair *pair_r);

#endif
