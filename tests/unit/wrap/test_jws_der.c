/* The usual forms of a key, read without OpenSSL's decoders. */
#include "../unit.h"
#include "keys.h"

#include "wrap/jws_internal.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

enum {
	DER_SIZE = 256,
	P256_PUBLIC = 91,
	P256_PRIVATE = 138,
	/* Where the bytes of the key begin. */
	P256_POINT_AT = 26,
	P256_SECRET_AT = 36,
	P256_OWN_POINT_AT = 68,
};

struct der {
	unsigned char bytes[DER_SIZE];
	size_t len;
};

static struct str
str_of(const struct der *der)
{
	return (struct str){ (const char *)der->bytes, der->len };
}

static struct der
der_of(const EVP_PKEY *pkey, bool is_private)
{
	struct der der = { .len = 0 };
	unsigned char *end = der.bytes;

	if (is_private) {
		PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(pkey);

		i2d_PKCS8_PRIV_KEY_INFO(info, &end);
		PKCS8_PRIV_KEY_INFO_free(info);
	} else {
		i2d_PUBKEY(pkey, &end);
	}
	der.len = (size_t)(end - der.bytes);
	return der;
}

static EVP_PKEY *
read_der(const struct der *der, bool is_private)
{
	return is_private ? jws_der_private(str_of(der))
	                  : jws_der_public(str_of(der));
}

static void
expect_same(EVP_PKEY *pkey, bool is_private)
{
	const struct der der = der_of(pkey, is_private);
	EVP_PKEY *read = read_der(&der, is_private);
	struct der again;

	assert_non_null(read);
	again = der_of(read, is_private);
	assert_int_equal(again.len, der.len);
	assert_memory_equal(again.bytes, der.bytes, der.len);
	EVP_PKEY_free(read);
}

static void
what_openssl_writes_is_read(void **state)
{
	EVP_PKEY *pkey = keys_ec("P-256");

	(void)state;
	expect_same(pkey, false);
	expect_same(pkey, true);
	EVP_PKEY_free(pkey);
}

/* Every byte that is not the key's own, and one byte more or less. */
static void
refuse_variants(const struct der *good, bool is_private, const size_t own[2][2])
{
	struct der der = *good;

	for (size_t i = 0; i < good->len; i++) {
		if ((i >= own[0][0] && i < own[0][1]) ||
		    (i >= own[1][0] && i < own[1][1]))
			continue;
		der.bytes[i] ^= 1;
		assert_null(read_der(&der, is_private));
		der.bytes[i] ^= 1;
	}
	der.len = good->len - 1;
	assert_null(read_der(&der, is_private));
	der.len = good->len + 1;
	assert_null(read_der(&der, is_private));
	der.len = 0;
	assert_null(read_der(&der, is_private));
}

static void
another_form_is_left_to_openssl(void **state)
{
	/* Behind the byte that says how the point is written. */
	static const size_t public_own[2][2] = {
		{ P256_POINT_AT + 1, P256_PUBLIC },
		{ 0, 0 },
	};
	static const size_t private_own[2][2] = {
		{ P256_SECRET_AT, P256_OWN_POINT_AT },
		{ P256_PRIVATE - 64, P256_PRIVATE },
	};
	EVP_PKEY *pkey = keys_ec("P-256");
	const struct der public_half = der_of(pkey, false);
	const struct der pair = der_of(pkey, true);

	(void)state;
	assert_int_equal(public_half.len, P256_PUBLIC);
	assert_int_equal(pair.len, P256_PRIVATE);
	refuse_variants(&public_half, false, public_own);
	refuse_variants(&pair, true, private_own);
	EVP_PKEY_free(pkey);
}

static void
a_point_beside_the_curve_is_refused(void **state)
{
	EVP_PKEY *pkey = keys_ec("P-256");
	struct der public_half = der_of(pkey, false);
	struct der pair = der_of(pkey, true);

	(void)state;
	public_half.bytes[P256_PUBLIC - 1] ^= 1;
	assert_null(jws_der_public(str_of(&public_half)));
	pair.bytes[P256_PRIVATE - 1] ^= 1;
	assert_null(jws_der_private(str_of(&pair)));
	EVP_PKEY_free(pkey);
}

/* RFC 5915 lets writers leave the point out. */
static void
a_pair_without_its_point_loads_all_the_same(void **state)
{
	EVP_PKEY *pkey = keys_ec("P-256");
	struct jws_key *full = keys_read(keys_pem_private(*state, pkey));
	struct jws_key *bare;
	struct der der;

	assert_int_equal(EVP_PKEY_set_int_param(pkey,
	                     OSSL_PKEY_PARAM_EC_INCLUDE_PUBLIC, 0),
	    1);
	der = der_of(pkey, true);
	assert_true(der.len < P256_PRIVATE);
	assert_null(jws_der_private(str_of(&der)));
	bare = keys_read(keys_pem_private(*state, pkey));
	assert_string_equal(jws_key_kid(bare), jws_key_kid(full));
	jws_key_free(&bare);
	jws_key_free(&full);
	EVP_PKEY_free(pkey);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_openssl_writes_is_read),
		cmocka_unit_test(another_form_is_left_to_openssl),
		cmocka_unit_test(a_point_beside_the_curve_is_refused),
		KEYS_TEST(a_pair_without_its_point_loads_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, keys_drop);
}
