/* Opening a session: by login, and again after a password change. */
#ifndef LATCHKEY_AUTH_OPENING_H
#define LATCHKEY_AUTH_OPENING_H

#include "auth/app.h"
#include "auth/pair.h"
#include "auth/reftoken.h"
#include "base/attrs.h"
#include "model/session.h"

struct opening {
	struct context *context;
	const struct user *user;
	struct session_new session;
	struct reftoken token;
	/* Set by opening_insert: Unix milliseconds. */
	int64_t expires_ms;
	/* Another session had to end: bump the epoch afterwards. */
	bool has_ended_others;
};

/* Make up the session and its secret.  Returns 1 or -1. */
MUST_CHECK NONNULL int opening_prepare(struct context *context,
    const struct user *user, struct opening *opening_r);

/*
 * In a transaction that holds the user's row: make room under
 * session.max_per_user and insert the session.  Returns 1 or -1.
 */
MUST_CHECK NONNULL int
opening_insert(struct db_conn *conn, struct opening *opening);

/* The first pair of the session; wipes the secret.  See pair_make. */
MUST_CHECK NONNULL enum api_error
opening_pair(struct opening *opening, struct token_pair *pair_r);

#endif
