/* What the files of the jws module share; nobody else includes this. */
#ifndef LATCHKEY_WRAP_JWS_INTERNAL_H
#define LATCHKEY_WRAP_JWS_INTERNAL_H

#include "wrap/jws.h"

enum {
	/* RFC 7518, 3.2: no shorter than the output of SHA-256. */
	JWS_SECRET_MIN = 32,
	/* Beyond any use: HMAC itself hashes what exceeds 64 bytes. */
	JWS_SECRET_MAX = 1024,
	JWS_RSA_BITS_MIN = 2048,
	/* What `key rotate` makes: 128 bits of strength (NIST SP 800-57). */
	JWS_RSA_BITS_NEW = 3072,
	/* A larger modulus makes one token cost more than a login may. */
	JWS_RSA_BITS_MAX = 8192,
	JWS_SIGNATURE_MAX = JWS_RSA_BITS_MAX / 8,
	/* base64url of a SHA-256. */
	JWS_KID_LEN = 43,
	/* base64url of {"alg":"ES256","kid":"...","typ":"at+jwt"}. */
	JWS_HEADER_SIZE = 128,
	/* How many values of typ have their header at hand. */
	JWS_TYPS = 2,
};

/* Written once, before anybody else sees the key; then only read. */
struct jws_key {
	enum jws_alg alg;
	bool can_sign;
	int bits;
	char kid[JWS_KID_LEN + 1];
	/* The first segment of this key's tokens, for each known typ. */
	struct jws_header {
		char text[JWS_HEADER_SIZE];
		size_t len;
	} headers[JWS_TYPS];
	/* HS256 only. */
	unsigned char *secret;
	size_t secret_len;
	/* OpenSSL's objects by their tags; the contexts are set up, copied for
	 * each token and never used themselves. */
	struct evp_pkey_st *pkey;
	struct evp_md_ctx_st *signing;
	struct evp_md_ctx_st *verifying;
	struct evp_mac_ctx_st *mac;
};

/* jws_key.c: no judgement of the key's quality.  1 or -1. */
MUST_CHECK NONNULL int
jws_key_wrap_secret(struct secret bytes, struct jws_key **key_r);
/* Takes its own reference to the pkey. */
MUST_CHECK NONNULL int jws_key_wrap_pkey(struct evp_pkey_st *pkey,
    enum jws_alg alg, bool can_sign, struct jws_key **key_r);
/* The header at hand, absent for any other typ. */
MUST_CHECK NONNULL struct str
jws_key_header(const struct jws_key *key, struct str typ);
/* Append the header for any typ. */
NONNULL void
jws_key_add_header(const struct jws_key *key, struct str typ, struct buf *buf);
/* Log what failed with OpenSSL's reason and empty its queue.  Returns -1. */
NONNULL int jws_failed(const char *what);

/* jws_weak.c: why nobody should rely on a secret, NULL where nothing shows. */
MUST_CHECK const char *jws_weakness_of(struct secret bytes);

/* jws_jwk.c: the RFC 7638 thumbprint.  1 or -1. */
MUST_CHECK NONNULL int
jws_thumbprint(const struct jws_key *key, char kid_r[JWS_KID_LEN + 1]);

/*
 * jws_der.c: a key on P-256, to be freed; NULL for other bytes than the usual
 * form of one, which may be a key all the same.  OpenSSL's queue of
 * errors is the caller's to empty.
 */
MUST_CHECK struct evp_pkey_st *jws_der_public(struct str der);
MUST_CHECK struct evp_pkey_st *jws_der_private(struct str der);

/* jws_sig.c: the primitive over bytes. */
MUST_CHECK NONNULL int jws_sig_setup(struct jws_key *key);
/* Returns 1 or -1. */
MUST_CHECK NONNULL int jws_sig_make(const struct jws_key *key, struct str input,
    unsigned char sig_r[JWS_SIGNATURE_MAX], size_t *len_r);
/* Returns 1, 0 for a signature that does not hold, -1. */
MUST_CHECK NONNULL int
jws_sig_check(const struct jws_key *key, struct str input, struct str sig);

#endif
