/*
 * The independent second implementation: libjwt verifies what we sign, and we
 * verify what it signs (over typ JWT, the only one it writes).
 */
#ifndef LATCHKEY_WRAP_JWTCHECK_H
#define LATCHKEY_WRAP_JWTCHECK_H

#include "base/attrs.h"
#include "wrap/jws.h"

/*
 * Cross-check a key that can sign.  Returns 1 when both agree, 0 when they do
 * not (logged), 1 without a look for algorithms libjwt does not know (EdDSA).
 */
MUST_CHECK NONNULL int jwtcheck_key(const struct jws_key *key);

#endif
