/*
 * The revocations in force, in memory: what lets an access token die at once
 * without a query per request.
 */
#ifndef LATCHKEY_AUTH_REVOKED_H
#define LATCHKEY_AUTH_REVOKED_H

#include "auth/app.h"
#include "auth/token.h"
#include "base/attrs.h"

/* Empty and unread.  Returns 1 or -1.  Freed by revoked_free. */
MUST_CHECK int revoked_new(struct revoked **revoked_r);
void revoked_free(struct revoked **revoked);

/*
 * Whether what the token stands for has been revoked.  Re-reads the set first
 * where another process of this host has changed it (base/epoch.h) or where
 * it is older than revocation.staleness_ms; with 0, asks the database about
 * the session each time.  While the database is away the last known set
 * serves for revocation.max_offline_s, unless it is known to be incomplete.
 * Returns 1 for revoked, 0 for alive, -1 where nobody can say.
 */
MUST_CHECK NONNULL int
revoked_check(struct context *context, const struct identity *identity);

/*
 * Forget a set that is too old to answer for anything.  Where somebody asks
 * again, everything is read anew.
 */
NONNULL void revoked_rest(struct revoked *revoked, const struct config *config);

#endif
