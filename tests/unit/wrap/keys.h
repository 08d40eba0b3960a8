/* Keys and tokens for the tests, good ones and forged ones. */
#ifndef LATCHKEY_TESTS_KEYS_H
#define LATCHKEY_TESTS_KEYS_H

#include "base/arena.h"
#include "base/attrs.h"
#include "wrap/jws.h"

struct evp_pkey_st;

/* A test whose state is an arena of its own. */
#define KEYS_TEST(name) \
	cmocka_unit_test_setup_teardown(name, keys_setup, keys_teardown)
int keys_setup(void **state);
int keys_teardown(void **state);

/* A new pair by OpenSSL: curve name, or bits and exponent, or type name. */
struct evp_pkey_st *keys_ec(const char *curve);
struct evp_pkey_st *keys_rsa(unsigned int bits, unsigned int exponent);
struct evp_pkey_st *keys_of_type(const char *type);
/* The private half of one P-256 key with the public half of another. */
struct evp_pkey_st *keys_mismatched(void);

/* PEM as OpenSSL writes it, terminated. */
struct str keys_pem_private(struct arena *arena, struct evp_pkey_st *pkey);
struct str keys_pem_public(struct arena *arena, struct evp_pkey_st *pkey);

struct secret keys_secret(struct str bytes);
/* A key that must load from PEM. */
struct jws_key *keys_read(struct str pem);
/*
 * A new key that must be made; one per algorithm is kept until keys_drop, the
 * teardown of the group.
 */
const struct jws_key *keys_get(enum jws_alg alg);
int keys_drop(void **state);
/* The public half of a key, to be freed. */
struct jws_key *keys_public_half(const struct jws_key *key);

struct str
keys_join(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
struct str keys_b64(struct arena *arena, struct str bytes);
/* header.payload.signature over any two segments, signed by key. */
struct str keys_seal(struct arena *arena, const struct jws_key *key,
    struct str header_segment, struct str payload_segment);
/* The same with a header in JSON and the payload {"sub":"u"}. */
struct str
keys_forge(struct arena *arena, const struct jws_key *key, struct str header);

/* A good token: typ at+jwt, payload {"sub":"u"}. */
struct str keys_token(struct arena *arena, const struct jws_key *key);
/* jws_verify by one key; a refusal must leave the payload alone. */
enum jws_verdict
keys_verify(struct arena *arena, const struct jws_key *key, struct str token);
/* The decoded signature of a token. */
struct str keys_signature(struct arena *arena, struct str token);
/* The token with other bytes for a signature. */
enum jws_verdict keys_verify_with(struct arena *arena,
    const struct jws_key *key, struct str token, struct str sig);
size_t keys_signature_at(struct str token);

#endif
