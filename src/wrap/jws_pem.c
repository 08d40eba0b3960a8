/* Keys from PEM text and back, refusing all that is not plainly one key. */
#include "wrap/jws_internal.h"

#include "base/log.h"

#include <limits.h>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

/* One armoured object and what is known of it. */
struct pem {
	char *name;
	char *header;
	unsigned char *der;
	long der_len;
};

/* Public exponents: F4 = 65537 is usual, more than 64 bits only slow. */
enum {
	EXPONENT_BITS_MIN = 17,
	EXPONENT_BITS_MAX = 64,
	CURVE_NAME_SIZE = 64,
};

static const struct {
	const char *name;
	const char *why;
} refused_names[] = {
	{ "ENCRYPTED PRIVATE KEY",
	    "is protected by a passphrase; store it without one, mode 0600" },
	{ "EC PARAMETERS",
	    "is no PKCS#8; convert it by openssl pkcs8 -topk8 -nocrypt" },
	{ "EC PRIVATE KEY",
	    "is no PKCS#8; convert it by openssl pkcs8 -topk8 -nocrypt" },
	{ "RSA PRIVATE KEY",
	    "is no PKCS#8; convert it by openssl pkcs8 -topk8 -nocrypt" },
	{ "RSA PUBLIC KEY",
	    "is no SubjectPublicKeyInfo; convert it by openssl rsa "
	    "-RSAPublicKey_in -pubout" },
	{ "CERTIFICATE",
	    "is a certificate; extract its key by openssl x509 -pubkey" },
};

static bool
is_blank(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!str_has_byte(STR(" \t\r\n"), s.ptr[i]))
			return false;
	return true;
}

static void
pem_free(struct pem *pem)
{
	OPENSSL_free(pem->name);
	OPENSSL_free(pem->header);
	OPENSSL_clear_free(pem->der, (size_t)pem->der_len);
}

/*
 * PEM_read_bio finds an object anywhere in a text; here nothing else may be
 * before it or behind it.  It decodes only: no passphrase is ever asked for.
 */
static int
pem_read(struct str text, struct pem *pem_r, const char **why_r)
{
	struct pem pem = { 0 };
	BIO *bio;
	size_t left;

	if (!str_starts(text, STR("-----BEGIN ")) || text.len > INT_MAX) {
		*why_r = "does not begin as a PEM file does";
		return 0;
	}
	bio = BIO_new_mem_buf(text.ptr, (int)text.len);
	if (bio == NULL)
		return jws_failed("reading a PEM file");
	if (PEM_read_bio(bio, &pem.name, &pem.header, &pem.der, &pem.der_len) !=
	    1) {
		BIO_free(bio);
		*why_r = "is damaged: it can't be decoded as PEM";
		return 0;
	}
	left = BIO_ctrl_pending(bio);
	BIO_free(bio);
	if (!is_blank(str_from_offset(text, text.len - left))) {
		pem_free(&pem);
		*why_r = "holds more than one key";
		return 0;
	}
	*pem_r = pem;
	return 1;
}

static EVP_PKEY *
private_from_der(const unsigned char *der, long len)
{
	const unsigned char *const end = der + len;
	EVP_PKEY *pkey =
	    jws_der_private((struct str){ (const char *)der, (size_t)len });
	PKCS8_PRIV_KEY_INFO *info;

	if (pkey != NULL)
		return pkey;
	info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &der, len);
	if (info != NULL && der == end)
		pkey = EVP_PKCS82PKEY(info);
	PKCS8_PRIV_KEY_INFO_free(info);
	return pkey;
}

static EVP_PKEY *
public_from_der(const unsigned char *der, long len)
{
	const unsigned char *const end = der + len;
	EVP_PKEY *pkey =
	    jws_der_public((struct str){ (const char *)der, (size_t)len });

	if (pkey != NULL)
		return pkey;
	pkey = d2i_PUBKEY(NULL, &der, len);
	if (pkey == NULL || der == end)
		return pkey;
	EVP_PKEY_free(pkey);
	return NULL;
}

/* Returns 1, or 0 with the reason. */
static int
pem_decode(const struct pem *pem, EVP_PKEY **pkey_r, bool *is_private_r,
    const char **why_r)
{
	const struct str name = str_from(pem->name);
	const bool is_private = str_equal(name, STR("PRIVATE KEY"));
	EVP_PKEY *pkey;

	for (size_t i = 0; i < ARRAY_LEN(refused_names); i++) {
		if (str_equal(name, str_from(refused_names[i].name))) {
			*why_r = refused_names[i].why;
			return 0;
		}
	}
	if (!is_private && !str_equal(name, STR("PUBLIC KEY"))) {
		*why_r = "is neither a PRIVATE KEY nor a PUBLIC KEY";
		return 0;
	}
	if (pem->header[0] != '\0') {
		*why_r = "has PEM headers, which no key needs";
		return 0;
	}
	pkey = is_private ? private_from_der(pem->der, pem->der_len)
	                  : public_from_der(pem->der, pem->der_len);
	if (pkey == NULL) {
		*why_r = "is damaged: no key can be read from it";
		return 0;
	}
	*pkey_r = pkey;
	*is_private_r = is_private;
	return 1;
}

/* NULL where the exponent is fit. */
static const char *
judge_exponent(const EVP_PKEY *pkey)
{
	BIGNUM *e = NULL;
	const char *why = NULL;

	if (EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_E, &e) != 1)
		return "is an RSA key without a public exponent";
	if (!BN_is_odd(e) || BN_num_bits(e) < EXPONENT_BITS_MIN)
		why = "has a weak public exponent; 65537 is the usual one";
	else if (BN_num_bits(e) > EXPONENT_BITS_MAX)
		why =
		    "has an oversized public exponent; 65537 is the usual one";
	BN_free(e);
	return why;
}

static const char *
judge_rsa(const EVP_PKEY *pkey)
{
	if (EVP_PKEY_get_bits(pkey) < JWS_RSA_BITS_MIN)
		return "is an RSA key of less than 2048 bits";
	if (EVP_PKEY_get_bits(pkey) > JWS_RSA_BITS_MAX)
		return "is an RSA key of more than 8192 bits";
	return judge_exponent(pkey);
}

static const char *
judge_ec(const EVP_PKEY *pkey)
{
	char curve[CURVE_NAME_SIZE];

	if (EVP_PKEY_get_group_name(pkey, curve, sizeof curve, NULL) != 1 ||
	    !str_equal(str_from(curve), STR("prime256v1")))
		return "is on another curve than P-256";
	return NULL;
}

/* NULL with the algorithm, or why the key is not fit for any. */
static const char *
judge(const EVP_PKEY *pkey, enum jws_alg *alg_r)
{
	if (EVP_PKEY_is_a(pkey, "EC")) {
		*alg_r = JWS_ES256;
		return judge_ec(pkey);
	}
	if (EVP_PKEY_is_a(pkey, "RSA")) {
		*alg_r = JWS_RS256;
		return judge_rsa(pkey);
	}
	if (EVP_PKEY_is_a(pkey, "ED25519")) {
		*alg_r = JWS_EDDSA;
		return NULL;
	}
	return "is no P-256, Ed25519 or RSA key";
}

/*
 * Whether the public half is the private one's.  For P-256 by arithmetic: a
 * signature draws random numbers, whose generator a process without a login
 * never needs.  For RSA arithmetic would prove primes, which takes longer than
 * the whole start.
 */
static int
check_halves(const struct jws_key *key)
{
	const struct str probe = STR("latchkey probes a key");
	unsigned char sig[JWS_SIGNATURE_MAX];
	EVP_PKEY_CTX *context;
	size_t len;
	int rc;

	if (key->alg != JWS_ES256) {
		if (jws_sig_make(key, probe, sig, &len) < 0)
			return -1;
		return jws_sig_check(key, probe,
		    (struct str){ (char *)sig, len });
	}
	context = EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL);
	if (context == NULL)
		return jws_failed("checking a key");
	rc = EVP_PKEY_pairwise_check(context);
	EVP_PKEY_CTX_free(context);
	return rc == 1;
}

static int
key_from_pkey(EVP_PKEY *pkey, bool is_private, struct jws_key **key_r,
    const char **why_r)
{
	struct jws_key *key = NULL;
	enum jws_alg alg;
	const char *why = judge(pkey, &alg);
	int rc;

	if (why != NULL) {
		*why_r = why;
		return 0;
	}
	if (jws_key_wrap_pkey(pkey, alg, is_private, &key) < 0)
		return -1;
	rc = is_private ? check_halves(key) : 1;
	if (rc == 1) {
		*key_r = key;
		return 1;
	}
	jws_key_free(&key);
	*why_r = "has a public half that is not its own";
	return rc;
}

int
jws_key_from_pem(struct secret pem_text, struct jws_key **key_r,
    const char **why_r)
{
	const struct str text = { (const char *)pem_text.ptr, pem_text.len };
	struct pem pem = { 0 };
	EVP_PKEY *pkey;
	bool is_private;
	int rc;

	rc = pem_read(text, &pem, why_r);
	if (rc != 1)
		goto out;
	rc = pem_decode(&pem, &pkey, &is_private, why_r);
	pem_free(&pem);
	if (rc != 1)
		goto out;
	rc = key_from_pkey(pkey, is_private, key_r, why_r);
	EVP_PKEY_free(pkey);
out:
	ERR_clear_error();
	return rc;
}

/* Both take the BIO's bytes into buf; OpenSSL wipes its own. */
static int
add_bio(struct buf *buf, BIO *bio, int was_written)
{
	char *bytes;
	const long len = BIO_get_mem_data(bio, &bytes);

	if (was_written == 1)
		buf_add(buf, (struct str){ bytes, (size_t)len });
	BIO_free(bio);
	if (was_written != 1 || buf->is_failed)
		return jws_failed("writing a key");
	return 1;
}

int
jws_key_write_private(const struct jws_key *key, struct buf *buf)
{
	BIO *bio;

	if (key->alg == JWS_HS256) {
		buf_add(buf,
		    (struct str){ (const char *)key->secret, key->secret_len });
		return buf->is_failed ? -1 : 1;
	}
	bio = BIO_new(BIO_s_mem());
	if (bio == NULL)
		return jws_failed("writing a key");
	return add_bio(buf, bio,
	    PEM_write_bio_PKCS8PrivateKey(bio, key->pkey, NULL, NULL, 0, NULL,
	        NULL));
}

int
jws_key_write_public(const struct jws_key *key, struct buf *buf)
{
	BIO *bio;

	if (key->alg == JWS_HS256) {
		log_error("jws", "a secret has no public half to write");
		return -1;
	}
	bio = BIO_new(BIO_s_mem());
	if (bio == NULL)
		return jws_failed("writing a key");
	return add_bio(buf, bio, PEM_write_bio_PUBKEY(bio, key->pkey));
}
