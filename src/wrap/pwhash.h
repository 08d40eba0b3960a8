/*
 * Password hashes: a table of schemes, told apart by the prefix of the stored
 * string.  argon2id by libsodium is what new passwords get.
 */
#ifndef LATCHKEY_WRAP_PWHASH_H
#define LATCHKEY_WRAP_PWHASH_H

#include "base/attrs.h"
#include "base/limits.h"
#include "base/secret.h"
#include "base/str.h"

#include <stdint.h>

struct pwhash_cost {
	int64_t memory_kib;
	int64_t passes;
};

enum { PWHASH_SIZE = LIMIT_PASSWORD_HASH + 1 };

/* Once per process, before any other call.  Returns 1 or -1. */
MUST_CHECK int pwhash_start(void);

/*
 * Hash a password (PHC string, terminated).  Takes as long as the cost says.
 * Returns 1, or -1 without memory.
 */
MUST_CHECK NONNULL int pwhash_make(struct secret password,
    const struct pwhash_cost *cost, char hash_r[PWHASH_SIZE]);

/*
 * Returns 1 where the password matches, 0 where it does not or the stored
 * string is of no known scheme or asks for an absurd cost, -1 without memory.
 */
MUST_CHECK NONNULL int pwhash_check(struct secret password, struct str stored);

/* Whether a login should replace the stored string by a fresh one. */
MUST_CHECK NONNULL bool
pwhash_is_outdated(struct str stored, const struct pwhash_cost *cost);

/* The cost of a stored argon2id string.  Returns 1, or 0 for another. */
MUST_CHECK NONNULL int
pwhash_cost_of(struct str stored, struct pwhash_cost *cost_r);

/* Whether a cost is as strong as OWASP's weakest argon2id row. */
MUST_CHECK NONNULL bool pwhash_cost_is_strong(const struct pwhash_cost *cost);

#endif
