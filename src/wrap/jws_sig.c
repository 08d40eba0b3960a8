/* Signatures over bytes, by contexts that were set up with the key. */
#include "wrap/jws_internal.h"

#include "base/log.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

enum {
	MAC_SIZE = 32,
	/* One of the two numbers of an ES256 signature. */
	ES256_HALF = 32,
	ES256_SIZE = 2 * ES256_HALF,
	/* Two integers of up to 33 bytes, each with two bytes in front. */
	DER_MAX = 2 + 2 * (2 + ES256_HALF + 1),
	DER_SEQUENCE = 0x30,
	DER_INTEGER = 0x02,
	DER_SIGN_BIT = 0x80,
};

int
jws_failed(const char *what)
{
	log_error("jws", "%s: openssl errstr %lx", what, ERR_peek_last_error());
	ERR_clear_error();
	return -1;
}

static int
setup_mac(struct jws_key *key)
{
	char name[] = "SHA256";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name,
		    0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);

	key->mac = mac == NULL ? NULL : EVP_MAC_CTX_new(mac);
	EVP_MAC_free(mac);
	if (key->mac == NULL ||
	    EVP_MAC_init(key->mac, key->secret, key->secret_len, params) != 1)
		return jws_failed("setting up an HMAC key");
	return 1;
}

int
jws_sig_setup(struct jws_key *key)
{
	/* Ed25519 hashes by itself. */
	const char *digest = key->alg == JWS_EDDSA ? NULL : "SHA256";

	if (key->alg == JWS_HS256)
		return setup_mac(key);
	key->verifying = EVP_MD_CTX_new();
	if (key->verifying == NULL ||
	    EVP_DigestVerifyInit_ex(key->verifying, NULL, digest, NULL, NULL,
	        key->pkey, NULL) != 1)
		return jws_failed("setting up a key to verify");
	if (!key->can_sign)
		return 1;
	key->signing = EVP_MD_CTX_new();
	if (key->signing == NULL ||
	    EVP_DigestSignInit_ex(key->signing, NULL, digest, NULL, NULL,
	        key->pkey, NULL) != 1)
		return jws_failed("setting up a key to sign");
	return 1;
}

static EVP_MD_CTX *
copy_of(const EVP_MD_CTX *prepared)
{
	EVP_MD_CTX *copy = EVP_MD_CTX_new();

	if (copy == NULL || EVP_MD_CTX_copy_ex(copy, prepared) == 1)
		return copy;
	EVP_MD_CTX_free(copy);
	return NULL;
}

static int
mac_of(const struct jws_key *key, struct str input, unsigned char *mac_r)
{
	EVP_MAC_CTX *context = EVP_MAC_CTX_dup(key->mac);
	size_t len;
	int rc = 1;

	if (context == NULL ||
	    EVP_MAC_update(context, (const unsigned char *)input.ptr,
	        input.len) != 1 ||
	    EVP_MAC_final(context, mac_r, &len, MAC_SIZE) != 1)
		rc = jws_failed("HMAC");
	EVP_MAC_CTX_free(context);
	return rc;
}

/*
 * The fixed-length form of RFC 7518, 3.4, from OpenSSL's DER, whose integers
 * are as short as they can be and positive.
 */
static int
es256_from_der(const unsigned char *der, size_t len, unsigned char *raw_r)
{
	const unsigned char *const end = der + len;

	if (len < 2 || der[0] != DER_SEQUENCE)
		return -1;
	der += 2;
	memset(raw_r, 0, ES256_SIZE);
	for (size_t i = 0; i < 2; i++) {
		size_t size;

		if (end - der < 2 || der[0] != DER_INTEGER)
			return -1;
		size = der[1];
		der += 2;
		if ((size_t)(end - der) < size)
			return -1;
		for (; size > 0 && der[0] == 0; size--)
			der++;
		if (size > ES256_HALF)
			return -1;
		memcpy(raw_r + (i + 1) * ES256_HALF - size, der, size);
		der += size;
	}
	return 1;
}

static size_t
add_der_integer(unsigned char *out, const unsigned char *half)
{
	size_t size = ES256_HALF;
	size_t len = 0;

	for (; size > 1 && half[0] == 0; size--)
		half++;
	out[len++] = DER_INTEGER;
	/* A leading bit that is set would mean a negative number. */
	out[len++] = (unsigned char)(size + half[0] / DER_SIGN_BIT);
	if (half[0] >= DER_SIGN_BIT)
		out[len++] = 0;
	memcpy(out + len, half, size);
	return len + size;
}

static size_t
es256_to_der(struct str raw, unsigned char der_r[DER_MAX])
{
	const unsigned char *r = (const unsigned char *)raw.ptr;
	size_t len = 2;

	len += add_der_integer(der_r + len, r);
	len += add_der_integer(der_r + len, r + ES256_HALF);
	der_r[0] = DER_SEQUENCE;
	der_r[1] = (unsigned char)(len - 2);
	return len;
}

int
jws_sig_make(const struct jws_key *key, struct str input,
    unsigned char sig_r[JWS_SIGNATURE_MAX], size_t *len_r)
{
	unsigned char made[JWS_SIGNATURE_MAX];
	size_t len = sizeof made;
	EVP_MD_CTX *context;
	int rc = 1;

	if (key->alg == JWS_HS256) {
		*len_r = MAC_SIZE;
		return mac_of(key, input, sig_r);
	}
	context = copy_of(key->signing);
	if (context == NULL ||
	    EVP_DigestSign(context, made, &len,
	        (const unsigned char *)input.ptr, input.len) != 1)
		rc = jws_failed("signing");
	EVP_MD_CTX_free(context);
	if (rc < 0)
		return -1;
	if (key->alg == JWS_ES256) {
		*len_r = ES256_SIZE;
		return es256_from_der(made, len, sig_r);
	}
	memcpy(sig_r, made, len);
	*len_r = len;
	return 1;
}

static int
check_mac(const struct jws_key *key, struct str input, struct str sig)
{
	unsigned char mac[MAC_SIZE];

	if (mac_of(key, input, mac) < 0)
		return -1;
	return sig.len == MAC_SIZE &&
	    CRYPTO_memcmp(mac, sig.ptr, MAC_SIZE) == 0;
}

int
jws_sig_check(const struct jws_key *key, struct str input, struct str sig)
{
	unsigned char der[DER_MAX];
	EVP_MD_CTX *context;
	int rc;

	if (key->alg == JWS_HS256)
		return check_mac(key, input, sig);
	if (key->alg == JWS_ES256) {
		if (sig.len != ES256_SIZE)
			return 0;
		sig = (struct str){ (const char *)der, es256_to_der(sig, der) };
	}
	context = copy_of(key->verifying);
	if (context == NULL)
		return jws_failed("verifying");
	/* OpenSSL itself refuses r and s that are zero or not below n. */
	rc = EVP_DigestVerify(context, (const unsigned char *)sig.ptr, sig.len,
	    (const unsigned char *)input.ptr, input.len);
	EVP_MD_CTX_free(context);
	ERR_clear_error();
	return rc == 1;
}
