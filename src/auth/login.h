/* From a password to a session. */
#ifndef LATCHKEY_AUTH_LOGIN_H
#define LATCHKEY_AUTH_LOGIN_H

#include "auth/app.h"
#include "auth/pair.h"
#include "base/attrs.h"
#include "base/secret.h"
#include "base/str.h"

/* Either an address or a user name, the other absent. */
struct credentials {
	struct str email;
	struct str username;
	struct secret password;
	bool use_cookies;
};

/*
 * Check a password and open a session.  An unknown name, a wrong password and
 * a disabled account give the same answer after the same work.
 * Returns API_OK, API_INVALID_CREDENTIALS, API_OVERLOADED, API_UNAVAILABLE,
 * API_INTERNAL_ERROR.  *pair_r is written only on API_OK.
 */
MUST_CHECK NONNULL enum api_error login(struct context *context,
    const struct credentials *credentials, struct token_pair *pair_r);

#endif
