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
 * after a conflict again.  Texts of state_r are in the request's arena.
 * Returns 1, 0 where there is no such session, -1 (logged).
 */
MUST_CHECK NONNULL int rotations_step(struct context *context,
    const struct session_step *step, struct session_state *state_r);

/* How many wait for statements that others have begun. */
MUST_CHECK size_t rotations_waiting(void);

#endif
