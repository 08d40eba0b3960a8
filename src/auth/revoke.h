/* Giving a token back (RFC 7009). */
#ifndef LATCHKEY_AUTH_REVOKE_H
#define LATCHKEY_AUTH_REVOKE_H

#include "auth/app.h"
#include "base/attrs.h"
#include "base/secret.h"
#include "base/str.h"

/*
 * End the session of a genuine refresh token, whatever its generation, or of
 * a genuine access token that has not expired: with it go its refresh token
 * and every access token (RFC 7009, 2.1).  Any other token is invalid
 * already, which is what was wished for: API_OK.
 * client: id of the program that asks, for the audit trail, or absent.
 * Returns API_OK or API_UNAVAILABLE.
 */
MUST_CHECK enum api_error
revoke(struct context *context, struct secret token, struct str client);

#endif
