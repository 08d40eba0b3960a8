/* SHA-256, HMAC-SHA256 and PBKDF2 over OpenSSL. */
#ifndef LATCHKEY_WRAP_DIGEST_H
#define LATCHKEY_WRAP_DIGEST_H

#include "base/attrs.h"
#include "base/secret.h"
#include "base/str.h"

#include <stdint.h>

enum { DIGEST_SIZE = 32 };

/*
 * Set up OpenSSL, once per process and before anything else that may use it:
 * without its error texts and old names of ciphers, and with random numbers
 * from Hash_DRBG.
 */
void digest_start(void);

/* All of them return 1, or -1 where the library fails (logged). */
MUST_CHECK NONNULL int
digest_sha256(struct str bytes, unsigned char digest_r[DIGEST_SIZE]);
/* RFC 2104 with SHA-256. */
MUST_CHECK NONNULL int digest_hmac(struct secret key, struct str bytes,
    unsigned char mac_r[DIGEST_SIZE]);

/* The hash under PBKDF2's HMAC. */
enum digest_prf {
	DIGEST_PRF_SHA1,
	DIGEST_PRF_SHA256,
	DIGEST_PRF_SHA512,
	DIGEST_PRF__MAX,
};

struct digest_pbkdf2 {
	enum digest_prf prf;
	int64_t iterations;
	/* Any bytes. */
	struct str salt;
};

/* RFC 8018, 5.2: len bytes of key.  iterations: 1 to INT_MAX. */
MUST_CHECK NONNULL int digest_pbkdf2(struct secret password,
    const struct digest_pbkdf2 *how, unsigned char *key_r, size_t len);

#endif
