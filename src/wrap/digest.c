/* SHA-256, HMAC-SHA256 and PBKDF2 over OpenSSL. */
#include "wrap/digest.h"

#include "base/log.h"

#include <pthread.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

/* Looked up once: a lookup by name costs more than a short digest. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static EVP_MD *sha256;
/* Knows its digest but no key; copied for each use, never written to. */
static EVP_MAC_CTX *hmac;

static void
fetch(void)
{
	char name[] = "SHA256";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name,
		    0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);

	sha256 = EVP_MD_fetch(NULL, name, NULL);
	if (mac != NULL)
		hmac = EVP_MAC_CTX_new(mac);
	EVP_MAC_free(mac);
	if (hmac != NULL && EVP_MAC_CTX_set_params(hmac, params) != 1) {
		EVP_MAC_CTX_free(hmac);
		hmac = NULL;
	}
}

static int
failed(const char *what)
{
	log_error("digest", "%s: openssl errstr %lx", what,
	    ERR_peek_last_error());
	ERR_clear_error();
	return -1;
}

void
digest_start(void)
{
	/* Its error texts take 42 KiB of each process; the log has the number.
	 * The names of ciphers in its older interface take 20, and nothing
	 * here, TLS included, looks for one by that. */
	(void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS |
	        OPENSSL_INIT_NO_ADD_ALL_CIPHERS,
	    NULL);
	/* The usual generator of random numbers needs AES, and with it comes
	 * a table of all ciphers, 140 KiB of each process that signs.  Where
	 * this is refused, that one serves. */
	if (RAND_set_DRBG_type(NULL, "HASH-DRBG", NULL, NULL, "SHA256") != 1)
		ERR_clear_error();
}

int
digest_sha256(struct str bytes, unsigned char digest_r[DIGEST_SIZE])
{
	pthread_once(&once, fetch);
	if (sha256 == NULL ||
	    EVP_Digest(bytes.ptr, bytes.len, digest_r, NULL, sha256, NULL) != 1)
		return failed("SHA-256");
	return 1;
}

int
digest_hmac(struct secret key, struct str bytes,
    unsigned char mac_r[DIGEST_SIZE])
{
	EVP_MAC_CTX *context;
	size_t len;
	int rc = 1;

	pthread_once(&once, fetch);
	context = hmac == NULL ? NULL : EVP_MAC_CTX_dup(hmac);
	if (context == NULL ||
	    EVP_MAC_init(context, key.ptr, key.len, NULL) != 1 ||
	    EVP_MAC_update(context, (const unsigned char *)bytes.ptr,
	        bytes.len) != 1 ||
	    EVP_MAC_final(context, mac_r, &len, DIGEST_SIZE) != 1)
		rc = failed("HMAC");
	EVP_MAC_CTX_free(context);
	return rc;
}

int
digest_pbkdf2(struct secret password, const struct digest_pbkdf2 *how,
    unsigned char *key_r, size_t len)
{
	const EVP_MD *const hashes[DIGEST_PRF__MAX] = {
		[DIGEST_PRF_SHA1] = EVP_sha1(),
		[DIGEST_PRF_SHA256] = EVP_sha256(),
		[DIGEST_PRF_SHA512] = EVP_sha512(),
	};

	if (PKCS5_PBKDF2_HMAC((const char *)password.ptr, (int)password.len,
	        (const unsigned char *)how->salt.ptr, (int)how->salt.len,
	        (int)how->iterations, hashes[how->prf], (int)len, key_r) != 1)
		return failed("PBKDF2");
	return 1;
}
