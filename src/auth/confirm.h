/* Asking for one's own password once more, before what can't be undone. */
#ifndef LATCHKEY_AUTH_CONFIRM_H
#define LATCHKEY_AUTH_CONFIRM_H

#include "auth/app.h"
#include "auth/token.h"
#include "base/attrs.h"
#include "base/secret.h"
#include "model/user.h"

/*
 * Check the password of whoever asks, in turn; a wrong one is noted as a
 * failed attempt.  Returns API_OK with the account as it was before the hash
 * was computed, API_INVALID_CREDENTIALS, API_INVALID_TOKEN where the account
 * is gone, API_OVERLOADED or API_UNAVAILABLE.
 */
MUST_CHECK NONNULL enum api_error
confirm_password(struct context *context, const struct identity *identity,
    struct secret password, struct user_login *found_r);

#endif
