/* The two numbers of an ES256 signature (RFC 7518, 3.4). */
#include "../unit.h"
#include "keys.h"

#include "wrap/jws.h"

#include <openssl/bn.h>

static const char p256_order[] =
    "FFFFFFFF00000000FFFFFFFFFFFFFFFF"
    "BCE6FAADA7179E84F3B9CAC2FC632551";

static struct str
joined_halves(struct arena *arena, const char *r_hex, const char *s_hex)
{
	unsigned char *bytes = arena_alloc(arena, 64);
	BIGNUM *r = NULL;
	BIGNUM *s = NULL;

	assert_non_null(bytes);
	BN_hex2bn(&r, r_hex);
	BN_hex2bn(&s, s_hex);
	assert_int_equal(BN_bn2binpad(r, bytes, 32), 32);
	assert_int_equal(BN_bn2binpad(s, bytes + 32, 32), 32);
	BN_free(r);
	BN_free(s);
	return (struct str){ (char *)bytes, 64 };
}

static void
es256_numbers_out_of_range_are_refused(void **state)
{
	static const char less[] =
	    "FFFFFFFF00000000FFFFFFFFFFFFFFFF"
	    "BCE6FAADA7179E84F3B9CAC2FC632550";
	static const char largest[] =
	    "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
	    "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF";
	static const char *const numbers[] = { "0", "1", less, p256_order,
		largest };
	const struct jws_key *key = keys_get(JWS_ES256);
	const struct str token = keys_token(*state, key);

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		for (size_t j = 0; j < ARRAY_LEN(numbers); j++)
			assert_int_equal(keys_verify_with(*state, key, token,
			                     joined_halves(*state, numbers[i],
			                         numbers[j])),
			    JWS_BAD_SIGNATURE);
}

/*
 * ECDSA holds for (r, n-s) as for (r, s): the same claims under another text.
 * Nothing may therefore tell tokens apart by their text or its hash.
 */
static void
the_es256_twin_of_a_signature_verifies(void **state)
{
	const struct jws_key *key = keys_get(JWS_ES256);
	const struct str token = keys_token(*state, key);
	const struct str sig = keys_signature(*state, token);
	unsigned char twin[64];
	BIGNUM *n = NULL;
	BIGNUM *s = BN_bin2bn((const unsigned char *)sig.ptr + 32, 32, NULL);

	BN_hex2bn(&n, p256_order);
	assert_int_equal(BN_sub(s, n, s), 1);
	memcpy(twin, sig.ptr, 32);
	assert_int_equal(BN_bn2binpad(s, twin + 32, 32), 32);
	assert_int_equal(keys_verify_with(*state, key, token,
	                     (struct str){ (char *)twin, 64 }),
	    JWS_OK);
	BN_free(n);
	BN_free(s);
}

/* Numbers that begin with zero bytes are shorter in DER: both ways work. */
static void
es256_signatures_with_short_numbers_verify(void **state)
{
	const struct jws_key *key = keys_get(JWS_ES256);
	int short_r = 0;
	int short_s = 0;

	for (int i = 0; i < 3000; i++) {
		const struct str token = keys_token(*state, key);
		const struct str sig = keys_signature(*state, token);

		assert_int_equal(sig.len, 64);
		if (sig.ptr[0] == 0 || sig.ptr[32] == 0)
			assert_int_equal(keys_verify(*state, key, token),
			    JWS_OK);
		short_r += sig.ptr[0] == 0;
		short_s += sig.ptr[32] == 0;
		arena_reset(*state);
	}
	assert_true(short_r > 0 && short_s > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KEYS_TEST(es256_numbers_out_of_range_are_refused),
		KEYS_TEST(the_es256_twin_of_a_signature_verifies),
		KEYS_TEST(es256_signatures_with_short_numbers_verify),
	};

	return cmocka_run_group_tests(tests, NULL, keys_drop);
}
