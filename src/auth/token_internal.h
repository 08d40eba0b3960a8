/* What the files of the module token share. */
#ifndef LATCHKEY_AUTH_TOKEN_INTERNAL_H
#define LATCHKEY_AUTH_TOKEN_INTERNAL_H

#include "auth/token.h"

/*
 * By the request's clock, at every use of a token: TOKEN_GOOD, TOKEN_EXPIRED
 * (RFC 7519, 4.1.4), or TOKEN_BAD where its time is to come (4.1.5).
 */
MUST_CHECK NONNULL enum token_verdict
token_judge_times(const struct context *context,
    const struct identity *identity);

#endif
