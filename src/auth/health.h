/* Whether the service can work. */
#ifndef LATCHKEY_AUTH_HEALTH_H
#define LATCHKEY_AUTH_HEALTH_H

#include "auth/app.h"
#include "base/attrs.h"

/*
 * Database reachable, schema as this build expects it.  Returns 1, 0 for an
 * older or newer schema (logged), -1 without an answer.
 */
MUST_CHECK NONNULL int health_is_ready(struct context *context);

#endif
