/* Keys from the JWK of a test vector, which the product itself never reads. */
#ifndef LATCHKEY_TESTS_JWK_H
#define LATCHKEY_TESTS_JWK_H

#include "base/str.h"
#include "wrap/json.h"
#include "wrap/jws.h"

/* A string member, absent where there is none. */
struct str jwk_str(const struct json_value *object, const char *name);

/* A key meant for encryption verifies nothing (RFC 7517, 4.2 and 4.3). */
bool jwk_may_verify(const struct json_value *jwk);

/*
 * The public half of the key, to be freed; NULL where jws_key_from_pem
 * refuses it.  Secrets are taken as they are: one of the vectors' consists of
 * zero bytes.
 */
struct jws_key *jwk_load(const struct json_value *jwk);

#endif
