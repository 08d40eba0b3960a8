/* Keeping the tables as small as what lives in them. */
#ifndef LATCHKEY_AUTH_HOUSEKEEPING_H
#define LATCHKEY_AUTH_HOUSEKEEPING_H

#include "auth/app.h"
#include "base/attrs.h"

struct purged {
	int64_t sessions;
	int64_t revocations;
	int64_t audit_rows;
};

/*
 * Now and then (by chance) remove a small batch; for after an answer.  Never
 * two at once, and a failure is no more than a line in the log.
 */
NONNULL void housekeeping_now_and_then(struct context *context);

/*
 * Remove everything that is dead, batch by batch; told is called after each
 * with the sums so far.  Returns 1, 0 where another purge is running, -1.
 */
MUST_CHECK NONNULL int housekeeping_all(struct context *context,
    void (*told)(const struct purged *so_far), struct purged *purged_r);

#endif
