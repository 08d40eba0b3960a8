/* Keys from the JWK of a test vector. */
#include "jwk.h"

#include "../unit.h"
#include "keys.h"

#include "base/b64.h"
#include "base/limits.h"
#include "wrap/jws_internal.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

struct str
jwk_str(const struct json_value *object, const char *name)
{
	const struct json_value *value = json_member(object, name);

	return value == NULL ? STR_NONE : json_str(value);
}

static size_t
decoded(struct str text, unsigned char *bytes_r)
{
	size_t len;

	assert_int_equal(b64_decode(text, bytes_r, &len), 1);
	return len;
}

static BIGNUM *
number_of(const struct json_value *jwk, const char *name)
{
	unsigned char bytes[1024];
	const size_t len = decoded(jwk_str(jwk, name), bytes);

	return BN_bin2bn(bytes, (int)len, NULL);
}

static EVP_PKEY *
pkey_from(const char *type, OSSL_PARAM_BLD *builder)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
	EVP_PKEY *pkey = NULL;

	assert_int_equal(EVP_PKEY_fromdata_init(context), 1);
	assert_int_equal(EVP_PKEY_fromdata(context, &pkey, EVP_PKEY_PUBLIC_KEY,
	                     params),
	    1);
	OSSL_PARAM_free(params);
	EVP_PKEY_CTX_free(context);
	return pkey;
}

static EVP_PKEY *
rsa_from_jwk(const struct json_value *jwk)
{
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	BIGNUM *n = number_of(jwk, "n");
	BIGNUM *e = number_of(jwk, "e");
	EVP_PKEY *pkey;

	OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n);
	OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e);
	pkey = pkey_from("RSA", builder);
	OSSL_PARAM_BLD_free(builder);
	BN_free(n);
	BN_free(e);
	return pkey;
}

static EVP_PKEY *
ec_from_jwk(const struct json_value *jwk)
{
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	unsigned char point[256] = { POINT_CONVERSION_UNCOMPRESSED };
	size_t len = 1;
	EVP_PKEY *pkey;

	len += decoded(jwk_str(jwk, "x"), point + len);
	len += decoded(jwk_str(jwk, "y"), point + len);
	OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME,
	    str_equal(jwk_str(jwk, "crv"), STR("P-256")) ? "P-256" : "P-521",
	    0);
	OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY,
	    point, len);
	pkey = pkey_from("EC", builder);
	OSSL_PARAM_BLD_free(builder);
	return pkey;
}

static struct jws_key *
key_from_pkey(EVP_PKEY *pkey)
{
	struct arena *arena = arena_new(LIMIT_ARENA);
	const struct secret pem = keys_secret(keys_pem_public(arena, pkey));
	struct jws_key *key = NULL;
	const char *why;

	assert_true(jws_key_from_pem(pem, &key, &why) >= 0);
	EVP_PKEY_free(pkey);
	arena_free(&arena);
	return key;
}

static struct jws_key *
key_from_secret(const struct json_value *jwk)
{
	unsigned char bytes[256];
	const size_t len = decoded(jwk_str(jwk, "k"), bytes);
	struct jws_key *key;

	assert_int_equal(jws_key_wrap_secret((struct secret){ bytes, len },
	                     &key),
	    1);
	return key;
}

bool
jwk_may_verify(const struct json_value *jwk)
{
	const struct str use = jwk_str(jwk, "use");
	const struct json_value *ops = json_member(jwk, "key_ops");

	if (use.ptr != NULL && !str_equal(use, STR("sig")))
		return false;
	return ops == NULL ||
	    str_equal(json_str(json_element(ops, 0)), STR("verify"));
}

struct jws_key *
jwk_load(const struct json_value *jwk)
{
	const struct str kty = jwk_str(jwk, "kty");

	if (str_equal(kty, STR("RSA")))
		return key_from_pkey(rsa_from_jwk(jwk));
	if (str_equal(kty, STR("EC")))
		return key_from_pkey(ec_from_jwk(jwk));
	assert_true(str_equal(kty, STR("oct")));
	return key_from_secret(jwk);
}
