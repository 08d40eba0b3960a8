/* SHA-256 and HMAC-SHA256 over OpenSSL. */
#ifndef LATCHKEY_WRAP_DIGEST_H
#define LATCHKEY_WRAP_DIGEST_H

#include "base/attrs.h"
#include "base/secret.h"
#include "base/str.h"

enum { DIGEST_SIZE = 32 };

/* Both return 1, or -1 where the library fails (logged). */
MUST_CHECK NONNULL int
digest_sha256(struct str bytes, unsigned char digest_r[DIGEST_SIZE]);
/* RFC 2104 with SHA-256. */
MUST_CHECK NONNULL int digest_hmac(struct secret key, struct str bytes,
    unsigned char mac_r[DIGEST_SIZE]);

#endif
