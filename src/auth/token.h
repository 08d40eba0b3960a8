/* Access tokens: JWTs by the profile of RFC 9068. */
#ifndef LATCHKEY_AUTH_TOKEN_H
#define LATCHKEY_AUTH_TOKEN_H

#include "auth/app.h"
#include "base/attrs.h"
#include "base/str.h"
#include "base/uuid.h"
#include "model/user.h"

/* Who a genuine token speaks for.  Texts live in the request's arena. */
struct identity {
	struct uuid user_id;
	struct uuid session_id;
	/* The user's token version when it was minted. */
	int64_t version;
	int64_t issued_s;
	int64_t not_before_s;
	int64_t expires_s;
	struct str jti;
	struct str email;
	/* Upper-case names, separated by commas. */
	struct str roles;
};

enum token_verdict {
	TOKEN_GOOD,
	/* Genuine in every respect, but its time is over. */
	TOKEN_EXPIRED,
	TOKEN_BAD,
	/* Memory or a library failed: nobody can say. */
	TOKEN_UNKNOWN,
};

/*
 * Mint a token for a user's session that expires at expires_s (Unix seconds).
 * Returns 1 with the token in the arena, or -1 (logged).
 */
MUST_CHECK NONNULL int
token_mint(struct context *context, const struct user *user,
    const struct uuid *session_id, int64_t expires_s, struct str *token_r);

/*
 * Check signature, type, issuer, audience, use, times and the form of every
 * required claim (RFC 9068, 4; RFC 8725, 3).  Whether the session still lives
 * is the gate's question.  *identity_r is written where it is good
 * or expired; *reason_r is a word for the log where it is not good.
 */
MUST_CHECK NONNULL enum token_verdict token_verify(struct context *context,
    struct str token, struct identity *identity_r, const char **reason_r);

#endif
