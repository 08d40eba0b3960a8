/* Keys: made, generated, asked and freed. */
#include "wrap/jws_internal.h"

#include "base/b64.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/rnd.h"

#include <assert.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

/* RFC 9068, 2.1, and the one that libjwt and older consumers know. */
static const struct str known_typs[JWS_TYPS] = {
	STR_INIT("at+jwt"),
	STR_INIT("JWT"),
};

enum {
	BITS_PER_BYTE = 8,
};

struct str
jws_key_header(const struct jws_key *key, struct str typ)
{
	for (size_t i = 0; i < JWS_TYPS; i++)
		if (str_equal(typ, known_typs[i]))
			return (struct str){ key->headers[i].text,
				key->headers[i].len };
	return STR_NONE;
}

void
jws_key_add_header(const struct jws_key *key, struct str typ, struct buf *buf)
{
	const struct str known = jws_key_header(key, typ);
	struct buf json = BUF_IN(buf->arena);
	struct jsonw w = JSONW_INTO(&json);
	struct str text;

	if (known.len > 0) {
		buf_add(buf, known);
		return;
	}
	jsonw_object(&w, NULL);
	jsonw_str(&w, "alg", str_from(jws_alg_name(key->alg)));
	jsonw_str(&w, "kid", str_from(key->kid));
	jsonw_str(&w, "typ", typ);
	jsonw_object_end(&w);
	if (buf_str(&json, &text) < 0) {
		buf->is_failed = true;
		return;
	}
	b64_encode(buf, text.ptr, text.len);
}

static int
prepare_headers(struct jws_key *key)
{
	struct arena *arena = arena_new(LIMIT_ARENA);
	int rc = arena == NULL ? -1 : 1;

	for (size_t i = 0; rc == 1 && i < JWS_TYPS; i++) {
		struct buf buf = BUF_IN(arena);
		struct str text;

		jws_key_add_header(key, known_typs[i], &buf);
		rc = buf_str(&buf, &text);
		if (rc < 0)
			break;
		assert(text.len <= sizeof key->headers[i].text);
		memcpy(key->headers[i].text, text.ptr, text.len);
		key->headers[i].len = text.len;
	}
	arena_free(&arena);
	return rc;
}

/* What every key needs once its material is in place.  Frees it on failure. */
static int
finish(struct jws_key *key, struct jws_key **key_r)
{
	if (jws_sig_setup(key) < 0 || jws_thumbprint(key, key->kid) < 0 ||
	    prepare_headers(key) < 0) {
		jws_key_free(&key);
		return -1;
	}
	*key_r = key;
	return 1;
}

int
jws_key_wrap_secret(struct secret bytes, struct jws_key **key_r)
{
	struct jws_key *key = calloc(1, sizeof *key);

	if (key == NULL)
		return -1;
	key->alg = JWS_HS256;
	key->can_sign = true;
	key->bits = (int)bytes.len * BITS_PER_BYTE;
	key->secret = malloc(bytes.len);
	if (key->secret == NULL) {
		free(key);
		return -1;
	}
	memcpy(key->secret, bytes.ptr, bytes.len);
	key->secret_len = bytes.len;
	return finish(key, key_r);
}

int
jws_key_wrap_pkey(EVP_PKEY *pkey, enum jws_alg alg, bool can_sign,
    struct jws_key **key_r)
{
	struct jws_key *key = calloc(1, sizeof *key);

	if (key == NULL)
		return -1;
	if (EVP_PKEY_up_ref(pkey) != 1) {
		free(key);
		return jws_failed("sharing a key");
	}
	key->alg = alg;
	key->can_sign = can_sign;
	key->bits = EVP_PKEY_get_bits(pkey);
	key->pkey = pkey;
	return finish(key, key_r);
}

int
jws_key_from_hmac(struct secret bytes, struct jws_key **key_r,
    const char **why_r)
{
	const char *weakness = jws_weakness_of(bytes);

	if (weakness != NULL) {
		*why_r = weakness;
		return 0;
	}
	return jws_key_wrap_secret(bytes, key_r);
}

static int
generate_secret(struct jws_key **key_r)
{
	unsigned char bytes[JWS_SECRET_MIN];
	int rc = rnd_bytes(bytes, sizeof bytes);

	if (rc == 1)
		rc = jws_key_wrap_secret((struct secret){ bytes, sizeof bytes },
		    key_r);
	secret_wipe(bytes, sizeof bytes);
	return rc;
}

int
jws_key_generate(enum jws_alg alg, struct jws_key **key_r)
{
	EVP_PKEY *pkey = NULL;
	int rc;

	switch (alg) {
	case JWS_HS256:
		return generate_secret(key_r);
	case JWS_ES256:
		pkey = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
		break;
	case JWS_RS256:
		pkey = EVP_PKEY_Q_keygen(NULL, NULL, "RSA",
		    (size_t)JWS_RSA_BITS_NEW);
		break;
	case JWS_EDDSA:
		pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
		break;
	case JWS_ALG__MAX:
		break;
	}
	if (pkey == NULL)
		return jws_failed("generating a key");
	rc = jws_key_wrap_pkey(pkey, alg, true, key_r);
	EVP_PKEY_free(pkey);
	return rc;
}

void
jws_key_free(struct jws_key **key)
{
	if (*key == NULL)
		return;
	EVP_MD_CTX_free((*key)->signing);
	EVP_MD_CTX_free((*key)->verifying);
	EVP_MAC_CTX_free((*key)->mac);
	EVP_PKEY_free((*key)->pkey);
	if ((*key)->secret != NULL)
		secret_wipe((*key)->secret, (*key)->secret_len);
	free((*key)->secret);
	free(*key);
	*key = NULL;
}

enum jws_alg
jws_key_alg(const struct jws_key *key)
{
	return key->alg;
}

const char *
jws_key_kid(const struct jws_key *key)
{
	return key->kid;
}

bool
jws_key_can_sign(const struct jws_key *key)
{
	return key->can_sign;
}

int
jws_key_bits(const struct jws_key *key)
{
	return key->bits;
}
