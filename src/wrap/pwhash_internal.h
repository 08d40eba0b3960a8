/* What the files of pwhash share: one row per scheme. */
#ifndef LATCHKEY_WRAP_PWHASH_INTERNAL_H
#define LATCHKEY_WRAP_PWHASH_INTERNAL_H

#include "base/attrs.h"
#include "base/secret.h"
#include "base/str.h"

#include <stdint.h>

/*
 * What a stored string may ask for.  The dearest one takes some seconds of
 * one processor, so a hostile row can't hold the machine, and still leaves
 * room for ten times the memory anybody recommends.
 */
enum {
	PWHASH_MEMORY_KIB_MAX = 256 * 1024,
	PWHASH_WORK_US_MAX = 3000000,
	/* A shorter digest would be matched by guessing. */
	PWHASH_DIGEST_MIN = 16,
	PWHASH_DIGEST_MAX = 64,
	PWHASH_SALT_MAX = 64,
};

/* Why no password can match, as parts of a sentence for people. */
#define PWHASH_DAMAGED "is damaged: its parts are not as its scheme has them"
#define PWHASH_TOO_DEAR "asks for more memory or work than is spent on a hash"

/* A scheme, told by the prefix of its strings. */
struct pwhash_scheme {
	const char *name;
	struct str prefix;
	/*
	 * Judge a string of this prefix without computing it.  Returns NULL and
	 * the work that a check takes, in microseconds of an ordinary
	 * processor, or one of the reasons above.
	 */
	const char *(*judge)(struct str stored, int64_t *work_us_r);
	/*
	 * Compute what was judged well.  stored is terminated.  Returns 1 for a
	 * match, 0 for none, -1 where memory or a library fails (logged).
	 */
	int (*check)(struct secret password, struct str stored);
};

/* pwhash_crypt.c */
const char *pwhash_bcrypt_judge(struct str stored, int64_t *work_us_r);
int pwhash_bcrypt_check(struct secret password, struct str stored);
const char *pwhash_yescrypt_judge(struct str stored, int64_t *work_us_r);
int pwhash_yescrypt_check(struct secret password, struct str stored);

/* pwhash_pbkdf2.c */
const char *pwhash_aspnet_judge(struct str stored, int64_t *work_us_r);
int pwhash_aspnet_check(struct secret password, struct str stored);
const char *pwhash_django_judge(struct str stored, int64_t *work_us_r);
int pwhash_django_check(struct secret password, struct str stored);

/* pwhash_scrypt.c */
const char *pwhash_scrypt_judge(struct str stored, int64_t *work_us_r);
int pwhash_scrypt_check(struct secret password, struct str stored);

/* "name=digits" of the list, which goes on behind it at sep. */
MUST_CHECK NONNULL bool pwhash_take_number(struct str *list, char sep,
    struct str name, int64_t *value_r);

MUST_CHECK bool pwhash_is_within(int64_t value, int64_t least, int64_t most);

/*
 * Whether so much memory can be had at this moment; if not, it is logged.
 * The libraries report want of memory as a password that is wrong.
 */
MUST_CHECK bool pwhash_has_memory(int64_t memory_kib);

#endif
