/*
 * Password hashes: a table of schemes, told apart by the prefix of the stored
 * string.  argon2id by libsodium is what new passwords get; the other schemes
 * are there to check what other systems stored:
 *
 *   $argon2id$ $argon2i$   by libsodium (version 19 alone)
 *   $2a$ $2b$ $2y$ $y$     bcrypt and yescrypt, by libxcrypt
 *   $scrypt$               in PHC form, by libsodium
 *   pbkdf2_sha256$         as Django has it, by OpenSSL
 *   A...                   ASP.NET Core Identity 2 and 3, base64, by OpenSSL
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

/* What a stored string is, told without computing it. */
struct pwhash_kind {
	/* A constant, such as "bcrypt". */
	const char *scheme;
	/* Microseconds of an ordinary processor that a check takes. */
	int64_t work_us;
	/* Whether it is another scheme than that of new passwords. */
	bool is_foreign;
};

enum {
	PWHASH_SIZE = LIMIT_PASSWORD_HASH + 1,
	/* At the same time in one process. */
	PWHASH_PARALLEL_MAX = 64,
};

/* Once per process, before any other call.  Returns 1 or -1. */
MUST_CHECK int pwhash_start(void);

/*
 * Hash a password (PHC string, terminated).  Takes as long as the cost says.
 * Returns 1, or -1 without memory (logged).
 */
MUST_CHECK NONNULL int pwhash_make(struct secret password,
    const struct pwhash_cost *cost, char hash_r[PWHASH_SIZE]);

/*
 * Whether a password could match the stored string at all: a known scheme,
 * whole, of a cost that is within bounds.  Takes no time.  Returns 1, or 0
 * with a constant part of a sentence, such as "is damaged".
 */
MUST_CHECK NONNULL int pwhash_judge(struct str stored,
    struct pwhash_kind *kind_r, const char **reason_r);

/*
 * Returns 1 where the password matches, 0 where it does not or pwhash_judge
 * refuses the stored string, -1 without memory (logged).  Of a password
 * checked against bcrypt the first 72 bytes count; one with a NUL matches
 * neither bcrypt nor yescrypt.
 */
MUST_CHECK NONNULL int pwhash_check(struct secret password, struct str stored);

/*
 * The memory of an argon2id hash is kept for the next one, until this gives it
 * back to the system, but for what as many hashes need as are about to begin.
 */
void pwhash_release(size_t hashes);

/*
 * A string of the same scheme and cost that is nobody's: what a judged string
 * says about salt and digest is overwritten.  Terminated.
 */
NONNULL void pwhash_anonymize(struct str stored, char text_r[PWHASH_SIZE]);

/*
 * A string that costs as much to check as one of pwhash_make, and that no
 * password matches.  Terminated.
 */
NONNULL void
pwhash_dummy(const struct pwhash_cost *cost, char text_r[PWHASH_SIZE]);

/* Whether a login should replace the stored string by a fresh one. */
MUST_CHECK NONNULL bool
pwhash_is_outdated(struct str stored, const struct pwhash_cost *cost);

/* The cost of a stored argon2id string.  Returns 1, or 0 for another. */
MUST_CHECK NONNULL int
pwhash_cost_of(struct str stored, struct pwhash_cost *cost_r);

/* Whether a cost is as strong as OWASP's weakest argon2id row. */
MUST_CHECK NONNULL bool pwhash_cost_is_strong(const struct pwhash_cost *cost);

#endif
