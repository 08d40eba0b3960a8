/* Keys and tokens for the tests. */
#include "keys.h"

#include "../unit.h"

#include "base/b64.h"
#include "base/limits.h"
#include "wrap/jws_internal.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/pem.h>

static struct jws_key *kept[JWS_ALG__MAX];

int
keys_setup(void **state)
{
	*state = arena_new(LIMIT_ARENA);
	return *state == NULL ? -1 : 0;
}

int
keys_teardown(void **state)
{
	struct arena *arena = *state;

	arena_free(&arena);
	return 0;
}

EVP_PKEY *
keys_ec(const char *curve)
{
	EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "EC", curve);

	assert_non_null(pkey);
	return pkey;
}

EVP_PKEY *
keys_rsa(unsigned int bits, unsigned int exponent)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *pkey = NULL;
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_uint(OSSL_PKEY_PARAM_RSA_BITS, &bits),
		OSSL_PARAM_construct_uint(OSSL_PKEY_PARAM_RSA_E, &exponent),
		OSSL_PARAM_construct_end(),
	};

	assert_int_equal(EVP_PKEY_keygen_init(context), 1);
	assert_int_equal(EVP_PKEY_CTX_set_params(context, params), 1);
	assert_int_equal(EVP_PKEY_generate(context, &pkey), 1);
	EVP_PKEY_CTX_free(context);
	return pkey;
}

EVP_PKEY *
keys_of_type(const char *type)
{
	EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, type);

	assert_non_null(pkey);
	return pkey;
}

EVP_PKEY *
keys_mismatched(void)
{
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *one = keys_ec("P-256");
	EVP_PKEY *other = keys_ec("P-256");
	unsigned char point[128];
	BIGNUM *number = NULL;
	EVP_PKEY *pkey = NULL;
	OSSL_PARAM *params;
	size_t len;

	assert_int_equal(EVP_PKEY_get_bn_param(one, OSSL_PKEY_PARAM_PRIV_KEY,
	                     &number),
	    1);
	assert_int_equal(EVP_PKEY_get_octet_string_param(other,
	                     OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point,
	                     &len),
	    1);
	OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME,
	    "P-256", 0);
	OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, number);
	OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY,
	    point, len);
	params = OSSL_PARAM_BLD_to_param(builder);
	assert_int_equal(EVP_PKEY_fromdata_init(context), 1);
	assert_int_equal(EVP_PKEY_fromdata(context, &pkey, EVP_PKEY_KEYPAIR,
	                     params),
	    1);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(builder);
	EVP_PKEY_CTX_free(context);
	BN_clear_free(number);
	EVP_PKEY_free(one);
	EVP_PKEY_free(other);
	return pkey;
}

static struct str
taken(struct arena *arena, BIO *bio)
{
	char *bytes;
	const long len = BIO_get_mem_data(bio, &bytes);
	const struct str copy =
	    str_copy(arena, (struct str){ bytes, (size_t)len });

	assert_non_null(copy.ptr);
	BIO_free(bio);
	return copy;
}

struct str
keys_pem_private(struct arena *arena, EVP_PKEY *pkey)
{
	BIO *bio = BIO_new(BIO_s_mem());

	assert_int_equal(PEM_write_bio_PKCS8PrivateKey(bio, pkey, NULL, NULL, 0,
	                     NULL, NULL),
	    1);
	return taken(arena, bio);
}

struct str
keys_pem_public(struct arena *arena, EVP_PKEY *pkey)
{
	BIO *bio = BIO_new(BIO_s_mem());

	assert_int_equal(PEM_write_bio_PUBKEY(bio, pkey), 1);
	return taken(arena, bio);
}

struct secret
keys_secret(struct str bytes)
{
	return (struct secret){ (const unsigned char *)bytes.ptr, bytes.len };
}

struct jws_key *
keys_read(struct str pem)
{
	struct jws_key *key = NULL;
	const char *why = "";

	if (jws_key_from_pem(keys_secret(pem), &key, &why) != 1)
		fail_msg("a key that %s", why);
	return key;
}

const struct jws_key *
keys_get(enum jws_alg alg)
{
	if (kept[alg] == NULL)
		assert_int_equal(jws_key_generate(alg, &kept[alg]), 1);
	return kept[alg];
}

int
keys_drop(void **state)
{
	(void)state;
	for (size_t i = 0; i < JWS_ALG__MAX; i++)
		jws_key_free(&kept[i]);
	return 0;
}

struct jws_key *
keys_public_half(const struct jws_key *key)
{
	struct arena *arena = arena_new(LIMIT_ARENA);
	struct buf buf = BUF_IN(arena);
	struct jws_key *half;
	struct str pem;

	assert_int_equal(jws_key_write_public(key, &buf), 1);
	assert_int_equal(buf_str(&buf, &pem), 1);
	half = keys_read(pem);
	arena_free(&arena);
	return half;
}

struct str
keys_join(struct arena *arena, const char *format, ...)
{
	struct str text;
	va_list args;
	char *made;
	int len;

	va_start(args, format);
	len = vasprintf(&made, format, args);
	va_end(args);
	assert_true(len >= 0);
	text = str_copy(arena, (struct str){ made, (size_t)len });
	free(made);
	assert_non_null(text.ptr);
	return text;
}

struct str
keys_b64(struct arena *arena, struct str bytes)
{
	struct buf buf = BUF_IN(arena);
	struct str text;

	b64_encode(&buf, bytes.ptr, bytes.len);
	assert_int_equal(buf_str(&buf, &text), 1);
	return text;
}

struct str
keys_seal(struct arena *arena, const struct jws_key *key,
    struct str header_segment, struct str payload_segment)
{
	unsigned char sig[JWS_SIGNATURE_MAX];
	struct buf buf = BUF_IN(arena);
	struct str text;
	size_t len;

	buf_add(&buf, header_segment);
	buf_add_byte(&buf, '.');
	buf_add(&buf, payload_segment);
	assert_int_equal(buf_str(&buf, &text), 1);
	assert_int_equal(jws_sig_make(key, text, sig, &len), 1);
	buf_add_byte(&buf, '.');
	b64_encode(&buf, sig, len);
	assert_int_equal(buf_str(&buf, &text), 1);
	return text;
}

struct str
keys_forge(struct arena *arena, const struct jws_key *key, struct str header)
{
	return keys_seal(arena, key, keys_b64(arena, header),
	    keys_b64(arena, STR("{\"sub\":\"u\"}")));
}

struct str
keys_token(struct arena *arena, const struct jws_key *key)
{
	struct buf buf = BUF_IN(arena);
	struct str token;

	assert_int_equal(jws_sign(key, STR("at+jwt"), STR("{\"sub\":\"u\"}"),
	                     &buf),
	    1);
	assert_int_equal(buf_str(&buf, &token), 1);
	return token;
}

enum jws_verdict
keys_verify(struct arena *arena, const struct jws_key *key, struct str token)
{
	const struct jws_keys keys = { &key, 1 };
	struct str payload = STR("untouched");
	const enum jws_verdict verdict =
	    jws_verify(arena, &keys, STR("at+jwt"), token, &payload);

	if (verdict != JWS_OK)
		assert_true(str_equal(payload, STR("untouched")));
	return verdict;
}

/* Where the signature begins. */
size_t
keys_signature_at(struct str token)
{
	size_t at = token.len;

	while (token.ptr[at - 1] != '.')
		at--;
	return at;
}

struct str
keys_signature(struct arena *arena, struct str token)
{
	unsigned char *bytes = arena_alloc(arena, token.len);
	size_t len;

	assert_non_null(bytes);
	assert_int_equal(b64_decode(str_from_offset(token,
	                                keys_signature_at(token)),
	                     bytes, &len),
	    1);
	return (struct str){ (char *)bytes, len };
}

enum jws_verdict
keys_verify_with(struct arena *arena, const struct jws_key *key,
    struct str token, struct str sig)
{
	return keys_verify(arena, key,
	    keys_join(arena, "%.*s%.*s", (int)keys_signature_at(token),
	        token.ptr, STR_ARG(keys_b64(arena, sig))));
}
