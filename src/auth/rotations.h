/*
 * Rotations that meet share one statement: one commit, one round trip, and one
 * time what each side of a connection does for it.  Who comes alone waits for
 * nobody.
 */
#ifndef LATCHKEY_AUTH_ROTATIONS_H
#define LATCHKEY_AUTH_ROTATIONS_H

#include "auth/app.h"
#include "base/attrs.h"
#include "model/session.h"

/*
 * As session_rotate, by a connection of its own or together with others, and
 * after a conflict again.  What the pointers name, and texts of state_r, live
 * as long as the request's arena.  *rc_r becomes 1, 0 where there is no such
 * session, -1 (logged).
 * Returns whether it is done; where not, context->resume is called when it is,
 * perhaps before this returns, and the context is not to be touched here.
 */
MUST_CHECK NONNULL bool rotations_step(struct context *context,
    const struct session_step *step, struct session_state *state_r, int *rc_r);

/* How many wait for statements that others have begun. */
MUST_CHECK size_t rotations_waiting(void);

#endif
