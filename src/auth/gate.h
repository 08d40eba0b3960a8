/* The one question of every protected resource: may this token pass? */
#ifndef LATCHKEY_AUTH_GATE_H
#define LATCHKEY_AUTH_GATE_H

#include "auth/app.h"
#include "auth/token.h"
#include "base/attrs.h"

/*
 * A live token of a live session.  Returns API_OK with *identity_r,
 * API_INVALID_TOKEN, or API_UNAVAILABLE where nobody can say.
 */
MUST_CHECK NONNULL enum api_error gate_admit(struct context *context,
    struct str token, struct identity *identity_r);

/*
 * A genuine token, expired or not, revoked or not.  Returns API_OK,
 * API_INVALID_TOKEN, or API_UNAVAILABLE without memory.
 */
MUST_CHECK NONNULL enum api_error gate_recognise(struct context *context,
    struct str token, struct identity *identity_r);

/*
 * Whether the token names the role, byte for byte.  A change of roles ends
 * every token of before it, so the gate need not ask the database.
 */
MUST_CHECK NONNULL bool
gate_has_role(const struct identity *identity, struct str role);

#endif
