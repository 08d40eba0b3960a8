/*
 * Hashing a password takes a processor and some 20 MiB, on purpose; checking
 * one that another system stored may take 256 MiB.  This bounds how many run
 * at once on the whole host, and how many requests of a process wait for their
 * turn.
 */
#ifndef LATCHKEY_AUTH_HASHGATE_H
#define LATCHKEY_AUTH_HASHGATE_H

#include "auth/app.h"
#include "base/attrs.h"
#include "base/secret.h"
#include "base/str.h"
#include "wrap/pwhash.h"

/* Only for processes that declare the need. */
extern const struct app_need need_hashing;

/* Whether the configured cost is strong enough.  1, or -1 with a line. */
MUST_CHECK NONNULL int
hashgate_check_config(const struct config *config, struct why *why_r);

/*
 * Hash a password at the configured cost, in turn.  hash_r is in the arena.
 * Returns API_OK, API_OVERLOADED where the queue is full or the deadline
 * passes, API_UNAVAILABLE without memory.
 */
MUST_CHECK NONNULL enum api_error hashgate_make(struct context *context,
    struct secret password, struct str *hash_r);

/*
 * Check a password, in turn.  stored is absent for a user who is unknown or
 * must not be told from one; *is_right_r is never true for it.
 * Whoever is refused has cost the same (auth/hashplan.h).
 */
MUST_CHECK NONNULL enum api_error hashgate_check(struct context *context,
    struct secret password, struct str stored, bool *is_right_r);

#endif
