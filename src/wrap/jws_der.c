/*
 * Keys on P-256 in the one form that everybody writes.
 *
 * OpenSSL finds out what a key is by trying all its decoders, which stay in
 * memory: 130 KiB in a process that signs, and most of a millisecond.  These
 * forms are a constant in front of the bytes of the key, so they are compared
 * with it; whatever differs by a byte is left to OpenSSL.
 */
#include "wrap/jws_internal.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

enum {
	P256_SECRET = 32,
	/* Uncompressed: 4, x, y (SEC 1, 2.3.3). */
	P256_POINT = 65,
	UNCOMPRESSED = 4,
};

/* SubjectPublicKeyInfo (RFC 5480, 2): the point follows. */
static const unsigned char p256_public[] = { 0x30, 0x59, 0x30, 0x13, 0x06, 0x07,
	0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
	0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00 };
/* PKCS#8 around an ECPrivateKey (RFC 5915, 3): the secret follows, ... */
static const unsigned char p256_private[] = { 0x30, 0x81, 0x87, 0x02, 0x01,
	0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
	0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x04, 0x6d,
	0x30, 0x6b, 0x02, 0x01, 0x01, 0x04, 0x20 };
/* ... then this, and the point. */
static const unsigned char p256_own_point[] = { 0xa1, 0x44, 0x03, 0x42, 0x00 };
/* Moves past an expected constant; false where something else stands. */
static bool
take(struct str *rest, const void *bytes, size_t len)
{
	const struct str expected = { bytes, len };

	if (!str_starts(*rest, expected))
		return false;
	*rest = str_from_offset(*rest, len);
	return true;
}

static EVP_PKEY *
from_params(int selection, OSSL_PARAM *params)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *pkey = NULL;

	/* The point must lie on the curve: OpenSSL sees to that. */
	if (context == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
	    EVP_PKEY_fromdata(context, &pkey, selection, params) != 1)
		pkey = NULL;
	EVP_PKEY_CTX_free(context);
	return pkey;
}

/* secret is NULL for a public key. */
static EVP_PKEY *
p256(const BIGNUM *secret, struct str point)
{
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	EVP_PKEY *pkey = NULL;

	if (builder != NULL &&
	    OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME,
	        "prime256v1", 0) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY,
	        point.ptr, point.len) == 1 &&
	    (secret == NULL ||
	        OSSL_PARAM_BLD_push_BN_pad(builder, OSSL_PKEY_PARAM_PRIV_KEY,
	            secret, P256_SECRET) == 1))
		params = OSSL_PARAM_BLD_to_param(builder);
	if (params != NULL)
		pkey = from_params(secret == NULL ? EVP_PKEY_PUBLIC_KEY
		                                  : EVP_PKEY_KEYPAIR,
		    params);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(builder);
	return pkey;
}

EVP_PKEY *
jws_der_public(struct str der)
{
	if (!take(&der, p256_public, sizeof p256_public) ||
	    der.len != P256_POINT || der.ptr[0] != UNCOMPRESSED)
		return NULL;
	return p256(NULL, der);
}

EVP_PKEY *
jws_der_private(struct str der)
{
	const unsigned char *bytes;
	BIGNUM *secret;
	EVP_PKEY *pkey = NULL;

	if (!take(&der, p256_private, sizeof p256_private) ||
	    der.len != P256_SECRET + sizeof p256_own_point + P256_POINT)
		return NULL;
	bytes = (const unsigned char *)der.ptr;
	der = str_from_offset(der, P256_SECRET);
	if (!take(&der, p256_own_point, sizeof p256_own_point) ||
	    der.ptr[0] != UNCOMPRESSED)
		return NULL;
	/* In memory that is wiped when it is freed, as is what comes of it. */
	secret = BN_secure_new();
	if (secret != NULL && BN_bin2bn(bytes, P256_SECRET, secret) != NULL)
		pkey = p256(secret, der);
	BN_clear_free(secret);
	return pkey;
}
