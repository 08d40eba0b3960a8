/* Key files that must be refused, each with a reason for people. */
#include "../unit.h"
#include "keys.h"

#include "wrap/jws.h"
#include "wrap/jws_internal.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

/* Why a text is refused; it must be. */
static const char *
refusal(struct str text)
{
	struct jws_key *key = NULL;
	const char *why = NULL;

	if (jws_key_from_pem(keys_secret(text), &key, &why) != 0)
		fail_msg("not refused: %.*s", STR_ARG(text));
	assert_null(key);
	assert_non_null(why);
	return why;
}

static void
expect_refusal(struct str text, const char *reason)
{
	const char *why = refusal(text);

	if (strstr(why, reason) == NULL)
		fail_msg("\"%s\" says nothing of \"%s\"", why, reason);
}

static struct str
good_pem(struct arena *arena)
{
	EVP_PKEY *pkey = keys_ec("P-256");
	const struct str pem = keys_pem_private(arena, pkey);

	EVP_PKEY_free(pkey);
	return pem;
}

static void
refuse_pkey(struct arena *arena, EVP_PKEY *pkey, const char *reason)
{
	expect_refusal(keys_pem_private(arena, pkey), reason);
	expect_refusal(keys_pem_public(arena, pkey), reason);
	EVP_PKEY_free(pkey);
}

static void
another_curve_than_p256_is_refused(void **state)
{
	static const char *const curves[] = { "P-384", "P-521", "P-224",
		"secp256k1", "brainpoolP256r1" };

	for (size_t i = 0; i < ARRAY_LEN(curves); i++)
		refuse_pkey(*state, keys_ec(curves[i]), "P-256");
}

static void
key_types_that_are_not_offered_are_refused(void **state)
{
	static const char *const types[] = { "X25519", "ED448", "X448" };
	EVP_PKEY_CTX *context;
	EVP_PKEY *pkey = NULL;

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		refuse_pkey(*state, keys_of_type(types[i]), "Ed25519");
	/* A key bound to PSS can't make the PKCS#1 v1.5 of RS256. */
	context = EVP_PKEY_CTX_new_from_name(NULL, "RSA-PSS", NULL);
	assert_int_equal(EVP_PKEY_keygen_init(context), 1);
	assert_int_equal(EVP_PKEY_generate(context, &pkey), 1);
	EVP_PKEY_CTX_free(context);
	refuse_pkey(*state, pkey, "RSA");
}

static void
a_short_rsa_key_is_refused(void **state)
{
	refuse_pkey(*state, keys_rsa(1024, 65537), "2048 bits");
	refuse_pkey(*state, keys_rsa(2047, 65537), "2048 bits");
}

static void
an_rsa_key_of_2048_bits_passes(void **state)
{
	EVP_PKEY *pkey = keys_rsa(2048, 65537);
	struct jws_key *key = keys_read(keys_pem_private(*state, pkey));

	assert_int_equal(jws_key_alg(key), JWS_RS256);
	assert_int_equal(jws_key_bits(key), 2048);
	jws_key_free(&key);
	EVP_PKEY_free(pkey);
}

static EVP_PKEY *
from_params(const char *type, OSSL_PARAM_BLD *builder)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
	EVP_PKEY *pkey = NULL;

	assert_int_equal(EVP_PKEY_fromdata_init(context), 1);
	assert_int_equal(EVP_PKEY_fromdata(context, &pkey, EVP_PKEY_KEYPAIR,
	                     params),
	    1);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(builder);
	EVP_PKEY_CTX_free(context);
	return pkey;
}

/* The public key of a modulus of so many bits with an exponent of ours. */
static EVP_PKEY *
rsa_with(int bits, const char *exponent_hex)
{
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	BIGNUM *n = BN_new();
	BIGNUM *e = NULL;
	EVP_PKEY *pkey;

	assert_int_equal(BN_rand(n, bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD),
	    1);
	BN_hex2bn(&e, exponent_hex);
	OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n);
	OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e);
	pkey = from_params("RSA", builder);
	BN_free(n);
	BN_free(e);
	return pkey;
}

static void
an_rsa_exponent_of_one_or_an_even_or_small_one_is_refused(void **state)
{
	static const struct {
		const char *hex;
		const char *reason;
	} cases[] = {
		{ "01", "weak public exponent" },
		{ "03", "weak public exponent" },
		{ "11", "weak public exponent" },
		{ "FFFF", "weak public exponent" },
		{ "010000", "weak public exponent" },
		{ "010002", "weak public exponent" },
		{ "010000000000000001", "oversized public exponent" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		EVP_PKEY *pkey = rsa_with(2048, cases[i].hex);

		expect_refusal(keys_pem_public(*state, pkey), cases[i].reason);
		EVP_PKEY_free(pkey);
	}
}

static void
an_rsa_key_that_costs_too_much_to_use_is_refused(void **state)
{
	EVP_PKEY *pkey = rsa_with(8200, "010001");

	expect_refusal(keys_pem_public(*state, pkey), "8192 bits");
	EVP_PKEY_free(pkey);
}

static void
a_passphrase_is_never_asked_for(void **state)
{
	EVP_PKEY *pkey = keys_ec("P-256");
	BIO *bio = BIO_new(BIO_s_mem());
	unsigned char passphrase[] = "secret";
	char *bytes;
	long len;

	(void)state;
	assert_int_equal(PEM_write_bio_PKCS8PrivateKey(bio, pkey,
	                     EVP_aes_256_cbc(), "secret", 6, NULL, NULL),
	    1);
	len = BIO_get_mem_data(bio, &bytes);
	expect_refusal((struct str){ bytes, (size_t)len }, "passphrase");
	BIO_reset(bio);
	assert_int_equal(PEM_write_bio_PrivateKey_traditional(bio, pkey,
	                     EVP_aes_256_cbc(), passphrase, 6, NULL, NULL),
	    1);
	len = BIO_get_mem_data(bio, &bytes);
	expect_refusal((struct str){ bytes, (size_t)len }, "PKCS#8");
	BIO_free(bio);
	EVP_PKEY_free(pkey);
}

static void
other_pem_objects_are_refused_by_name(void **state)
{
	static const struct {
		const char *name;
		const char *reason;
	} cases[] = {
		{ "CERTIFICATE", "certificate" },
		{ "EC PRIVATE KEY", "PKCS#8" },
		{ "RSA PRIVATE KEY", "PKCS#8" },
		{ "RSA PUBLIC KEY", "SubjectPublicKeyInfo" },
		{ "EC PARAMETERS", "PKCS#8" },
		{ "DSA PRIVATE KEY", "neither" },
		{ "CERTIFICATE REQUEST", "neither" },
		{ "OPENSSH PRIVATE KEY", "neither" },
		{ "private key", "neither" },
		{ "PRIVATE KEY", "damaged" },
		{ "PUBLIC KEY", "damaged" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect_refusal(
		    keys_join(*state,
		        "-----BEGIN %s-----\nMAA=\n-----END %s-----\n",
		        cases[i].name, cases[i].name),
		    cases[i].reason);
}

static void
pem_headers_are_refused(void **state)
{
	const struct str pem = good_pem(*state);
	const struct str body =
	    str_from_offset(pem, sizeof "-----BEGIN PRIVATE KEY-----");

	expect_refusal(keys_join(*state,
	                   "-----BEGIN PRIVATE KEY-----\nComment: x\n\n%.*s",
	                   STR_ARG(body)),
	    "headers");
}

static void
a_file_with_anything_beside_one_key_is_refused(void **state)
{
	const struct str pem = good_pem(*state);

	expect_refusal(STR(""), "PEM");
	expect_refusal(STR("\n"), "PEM");
	expect_refusal(STR("rubbish"), "PEM");
	expect_refusal(keys_join(*state, "x\n%.*s", STR_ARG(pem)), "PEM");
	expect_refusal(keys_join(*state, "%.*sx", STR_ARG(pem)), "more");
	expect_refusal(keys_join(*state, "%.*s%.*s", STR_ARG(pem),
	                   STR_ARG(pem)),
	    "more");
	expect_refusal((struct str){ pem.ptr, pem.len - 4 }, "damaged");
	expect_refusal((struct str){ pem.ptr, pem.len / 2 }, "damaged");
}

static void
blank_lines_at_the_end_are_no_harm(void **state)
{
	struct jws_key *key = keys_read(
	    keys_join(*state, "%.*s\r\n \t\n", STR_ARG(good_pem(*state))));

	jws_key_free(&key);
}

static void
bytes_behind_the_key_inside_of_the_armour_are_refused(void **state)
{
	static const char *const names[] = { "PRIVATE KEY", "PUBLIC KEY" };
	EVP_PKEY *pkey = keys_ec("P-256");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		unsigned char der[512] = { 0 };
		unsigned char *end = der;
		BIO *bio = BIO_new(BIO_s_mem());
		char *bytes;
		long len;

		if (i == 0) {
			PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(pkey);

			i2d_PKCS8_PRIV_KEY_INFO(info, &end);
			PKCS8_PRIV_KEY_INFO_free(info);
		} else {
			i2d_PUBKEY(pkey, &end);
		}
		assert_true(
		    PEM_write_bio(bio, names[i], "", der, end - der + 1) > 0);
		len = BIO_get_mem_data(bio, &bytes);
		expect_refusal((struct str){ bytes, (size_t)len }, "damaged");
		BIO_free(bio);
	}
	EVP_PKEY_free(pkey);
}

static void
a_public_half_of_another_key_is_refused(void **state)
{
	EVP_PKEY *pkey = keys_mismatched();

	expect_refusal(keys_pem_private(*state, pkey), "not its own");
	EVP_PKEY_free(pkey);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KEYS_TEST(another_curve_than_p256_is_refused),
		KEYS_TEST(key_types_that_are_not_offered_are_refused),
		KEYS_TEST(a_short_rsa_key_is_refused),
		KEYS_TEST(an_rsa_key_of_2048_bits_passes),
		KEYS_TEST(
		    an_rsa_exponent_of_one_or_an_even_or_small_one_is_refused),
		KEYS_TEST(an_rsa_key_that_costs_too_much_to_use_is_refused),
		KEYS_TEST(a_passphrase_is_never_asked_for),
		KEYS_TEST(other_pem_objects_are_refused_by_name),
		KEYS_TEST(pem_headers_are_refused),
		KEYS_TEST(a_file_with_anything_beside_one_key_is_refused),
		KEYS_TEST(blank_lines_at_the_end_are_no_harm),
		KEYS_TEST(
		    bytes_behind_the_key_inside_of_the_armour_are_refused),
		KEYS_TEST(a_public_half_of_another_key_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
