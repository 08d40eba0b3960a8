/* Keys as JSON (RFC 7517, RFC 7518, RFC 8037) and their thumbprints. */
#include "wrap/jws_internal.h"

#include "base/b64.h"
#include "base/limits.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

enum {
	THUMBPRINT_SIZE = 32,
	/* RFC 7518, 6.2.1.2: coordinates have the length of the field. */
	P256_SIZE = 32,
	ED25519_SIZE = 32,
	/* As short as the number allows (RFC 7518, 6.3.1.1). */
	SHORTEST = 0,
};

static void
add_bytes(struct jsonw *w, const char *name, const void *bytes, size_t len)
{
	struct buf text = BUF_IN(w->buf->arena);
	struct str value;

	b64_encode(&text, bytes, len);
	if (buf_str(&text, &value) < 0)
		w->buf->is_failed = true;
	else
		jsonw_str(w, name, value);
}

/* One number of a key, padded to size. */
static int
add_number(const struct jws_key *key, struct jsonw *w, const char *name,
    const char *param, int size)
{
	unsigned char bytes[JWS_SIGNATURE_MAX];
	BIGNUM *number = NULL;
	int len = -1;

	if (EVP_PKEY_get_bn_param(key->pkey, param, &number) == 1)
		len = BN_bn2binpad(number, bytes,
		    size == SHORTEST ? BN_num_bytes(number) : size);
	BN_free(number);
	if (len < 0)
		return jws_failed("reading a number of a key");
	add_bytes(w, name, bytes, (size_t)len);
	return 1;
}

static int
add_ed25519(const struct jws_key *key, struct jsonw *w)
{
	unsigned char bytes[ED25519_SIZE];
	size_t len = sizeof bytes;

	if (EVP_PKEY_get_raw_public_key(key->pkey, bytes, &len) != 1)
		return jws_failed("reading a public key");
	add_bytes(w, "x", bytes, len);
	return 1;
}

/*
 * The members that make up the key, in the order RFC 7638, 3.3 hashes them
 * in.  For HS256 that is the secret itself.
 */
static int
add_required(const struct jws_key *key, struct jsonw *w)
{
	int rc = 1;

	switch (key->alg) {
	case JWS_ES256:
		jsonw_str(w, "crv", STR("P-256"));
		jsonw_str(w, "kty", STR("EC"));
		rc = add_number(key, w, "x", OSSL_PKEY_PARAM_EC_PUB_X,
		    P256_SIZE);
		if (rc == 1)
			rc = add_number(key, w, "y", OSSL_PKEY_PARAM_EC_PUB_Y,
			    P256_SIZE);
		break;
	case JWS_RS256:
		rc = add_number(key, w, "e", OSSL_PKEY_PARAM_RSA_E, SHORTEST);
		jsonw_str(w, "kty", STR("RSA"));
		if (rc == 1)
			rc = add_number(key, w, "n", OSSL_PKEY_PARAM_RSA_N,
			    SHORTEST);
		break;
	case JWS_EDDSA:
		jsonw_str(w, "crv", STR("Ed25519"));
		jsonw_str(w, "kty", STR("OKP"));
		rc = add_ed25519(key, w);
		break;
	case JWS_HS256:
		add_bytes(w, "k", key->secret, key->secret_len);
		jsonw_str(w, "kty", STR("oct"));
		break;
	case JWS_ALG__MAX:
		break;
	}
	return rc;
}

static int
thumbprint_in(const struct jws_key *key, struct arena *arena,
    char kid_r[JWS_KID_LEN + 1])
{
	unsigned char digest[THUMBPRINT_SIZE];
	struct buf json = BUF_IN(arena);
	struct jsonw w = JSONW_INTO(&json);
	struct buf kid = BUF_IN(arena);
	struct str text;

	jsonw_object(&w, NULL);
	if (add_required(key, &w) < 0)
		return -1;
	jsonw_object_end(&w);
	if (buf_str(&json, &text) < 0)
		return -1;
	if (EVP_Q_digest(NULL, "SHA256", NULL, text.ptr, text.len, digest,
	        NULL) != 1)
		return jws_failed("SHA-256");
	b64_encode(&kid, digest, sizeof digest);
	if (buf_str(&kid, &text) < 0)
		return -1;
	memcpy(kid_r, text.ptr, text.len);
	kid_r[text.len] = '\0';
	return 1;
}

int
jws_thumbprint(const struct jws_key *key, char kid_r[JWS_KID_LEN + 1])
{
	struct arena *arena = arena_new(LIMIT_ARENA);
	int rc;

	if (arena == NULL)
		return -1;
	/* The arena wipes what it held of a secret. */
	rc = thumbprint_in(key, arena, kid_r);
	arena_free(&arena);
	return rc;
}

int
jws_key_write_jwk(const struct jws_key *key, struct jsonw *w)
{
	if (key->alg == JWS_HS256)
		return 0;
	jsonw_object(w, NULL);
	if (add_required(key, w) < 0)
		return -1;
	jsonw_str(w, "use", STR("sig"));
	jsonw_str(w, "alg", str_from(jws_alg_name(key->alg)));
	jsonw_str(w, "kid", str_from(key->kid));
	jsonw_object_end(w);
	return w->buf->is_failed ? -1 : 1;
}
