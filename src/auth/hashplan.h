/*
 * What is computed for one check of a password, so that the time tells
 * nothing: whoever is refused has cost one argon2id hash and, once a hash of
 * another scheme has been seen in this process, one of the dearest of those.
 * Of the two, one may be the user's own; the others are nobody's, of the
 * dearest cost seen so far (up to a second's).
 */
#ifndef LATCHKEY_AUTH_HASHPLAN_H
#define LATCHKEY_AUTH_HASHPLAN_H

#include "base/attrs.h"
#include "base/secret.h"
#include "base/str.h"
#include "wrap/pwhash.h"

/* Once, before the first check.  cost: that of new hashes. */
NONNULL void hashplan_start(const struct pwhash_cost *cost);

/*
 * stored is absent for a user who is unknown or must not be told from one; no
 * password is right then.  Returns 1, 0 or -1 as pwhash_check.
 */
MUST_CHECK int hashplan_run(struct secret password, struct str stored);

#endif
