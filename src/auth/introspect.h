/* What a token is worth now, for programs that may ask (RFC 7662). */
#ifndef LATCHKEY_AUTH_INTROSPECT_H
#define LATCHKEY_AUTH_INTROSPECT_H

#include "auth/app.h"
#include "base/attrs.h"
#include "base/jsonw.h"
#include "base/secret.h"

/*
 * Write the answer about an access or refresh token (RFC 7662, 2.2): its
 * claims where it would be accepted now, by the database and no memory of it,
 * else {"active":false} alone, whatever the reason.
 * Returns API_OK, or API_UNAVAILABLE where nobody can say; then what was
 * written does not count.
 */
MUST_CHECK NONNULL enum api_error
introspect(struct context *context, struct secret token, struct jsonw *w);

#endif
