/*
 * JSON Web Signature, compact serialisation (RFC 7515), with one algorithm
 * bound to each key (RFC 8725, 3.1).  Keys are decoded once and shared by all
 * threads.
 */
#ifndef LATCHKEY_WRAP_JWS_H
#define LATCHKEY_WRAP_JWS_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/jsonw.h"
#include "base/secret.h"
#include "base/str.h"

enum jws_alg {
	JWS_ES256,
	JWS_HS256,
	JWS_RS256,
	JWS_EDDSA,
	JWS_ALG__MAX,
};

/* Why a token was refused; for the log, never for the answer. */
enum jws_verdict {
	JWS_OK,
	JWS_TOO_LARGE,
	JWS_MALFORMED,
	JWS_BAD_HEADER,
	JWS_UNKNOWN_KEY,
	JWS_WRONG_ALG,
	JWS_BAD_SIGNATURE,
	JWS_FAILED,
	JWS_VERDICT__MAX,
};

struct jws_key;

/* A token taken apart; every part borrows from the token or the arena. */
struct jws_parts {
	struct str signing_input;
	struct str alg;
	struct str kid;
	/* Absent where the header has none. */
	struct str typ;
	struct str payload;
	struct str signature;
};

/* "ES256", ... as in RFC 7518, 3.1 and RFC 8037, 3.1. */
MUST_CHECK const char *jws_alg_name(enum jws_alg alg);
/* Exact, case-sensitive.  Returns 1 or 0. */
MUST_CHECK NONNULL int jws_alg_parse(struct str name, enum jws_alg *alg_r);
/* A short word for the log. */
MUST_CHECK const char *jws_verdict_name(enum jws_verdict verdict);

/*
 * A key from PEM (PKCS#8 private or SubjectPublicKeyInfo public; never a
 * passphrase prompt) or, for HS256, from at least 32 raw bytes.  P-256,
 * Ed25519 and RSA from 2048 bits with an odd public exponent above 2^16 pass;
 * anything else is refused.  kid is the RFC 7638 thumbprint.
 * Returns 1, 0 with *why_r (a constant sentence part for people), -1 where
 * the library or memory fails.  The caller frees *key_r by jws_key_free.
 */
MUST_CHECK NONNULL int
jws_key_from_pem(struct secret pem, struct jws_key **key_r, const char **why_r);
MUST_CHECK NONNULL int jws_key_from_hmac(struct secret bytes,
    struct jws_key **key_r, const char **why_r);
/* A new random key pair (RSA: 3072 bits) or HMAC secret.  Returns 1 or -1. */
MUST_CHECK NONNULL int
jws_key_generate(enum jws_alg alg, struct jws_key **key_r);
void jws_key_free(struct jws_key **key);

MUST_CHECK NONNULL enum jws_alg jws_key_alg(const struct jws_key *key);
/* Terminated, borrowed from the key. */
MUST_CHECK NONNULL const char *jws_key_kid(const struct jws_key *key);
MUST_CHECK NONNULL bool jws_key_can_sign(const struct jws_key *key);
/* Bits of the public modulus or of the secret, for lists. */
MUST_CHECK NONNULL int jws_key_bits(const struct jws_key *key);

/*
 * PKCS#8 or SubjectPublicKeyInfo PEM; an HS256 key is written as its raw bytes
 * and has no public form.  1 or -1.
 */
MUST_CHECK NONNULL int
jws_key_write_private(const struct jws_key *key, struct buf *buf);
MUST_CHECK NONNULL int
jws_key_write_public(const struct jws_key *key, struct buf *buf);
/*
 * The public JWK (RFC 7517) as one object: kty, its members, use "sig", alg,
 * kid.  Returns 1, 0 for HS256 (which has no public form), -1 on failure.
 */
MUST_CHECK NONNULL int
jws_key_write_jwk(const struct jws_key *key, struct jsonw *w);

/*
 * Append header.payload.signature with the header {"alg","kid","typ"} in this
 * order.  Returns 1, or -1 (logged).
 */
MUST_CHECK NONNULL int jws_sign(const struct jws_key *key, struct str typ,
    struct str payload, struct buf *buf);

/*
 * Split and decode without a look at the signature: size (LIMIT_TOKEN), three
 * non-empty segments, canonical base64url, header a strict JSON object whose
 * only members are alg (required), kid and typ, all strings, kid matching
 * ^[A-Za-z0-9._-]{1,64}$.
 */
MUST_CHECK NONNULL enum jws_verdict
jws_parse(struct arena *arena, struct str token, struct jws_parts *parts_r);

/*
 * The key's algorithm must equal the header's byte for byte; then the
 * signature must hold (ES256: 64 bytes r||s, RFC 7518, 3.4).
 */
MUST_CHECK NONNULL enum jws_verdict
jws_check(const struct jws_key *key, const struct jws_parts *parts);

/*
 * The whole of it, as every endpoint uses it: parse, typ equal to the one
 * given, key found by kid among the keys, check.
 * *payload_r is written only on JWS_OK and lives in the arena.
 */
struct jws_keys {
	const struct jws_key *const *list;
	size_t count;
};
MUST_CHECK NONNULL enum jws_verdict
jws_verify(struct arena *arena, const struct jws_keys *keys, struct str typ,
    struct str token, struct str *payload_r);

/*
 * Give back what the library holds for the calling thread.  A thread that
 * ends does so by itself, but the process may end first.
 */
void jws_thread_end(void);

#endif
