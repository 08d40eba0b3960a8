/* libjwt, the second implementation, over keys that agree and that do not. */
#include "../unit.h"
#include "keys.h"

#include "wrap/jws_internal.h"
#include "wrap/jwtcheck.h"

#include <openssl/evp.h>

#include <jwt.h>

static void
every_new_key_passes(void **state)
{
	(void)state;
	for (size_t i = 0; i < JWS_ALG__MAX; i++)
		assert_int_equal(jwtcheck_key(keys_get((enum jws_alg)i)), 1);
}

static void
a_random_text_as_a_secret_passes(void **state)
{
	struct jws_key *key;
	const char *why;

	(void)state;
	assert_int_equal(
	    jws_key_from_hmac(keys_secret(STR(
	                          "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b")),
	        &key, &why),
	    1);
	assert_int_equal(jwtcheck_key(key), 1);
	jws_key_free(&key);
}

static void
a_public_key_that_can_t_sign_fails(void **state)
{
	struct jws_key *half = keys_public_half(keys_get(JWS_ES256));

	(void)state;
	assert_int_equal(jwtcheck_key(half), 0);
	jws_key_free(&half);
}

static void
halves_that_do_not_belong_together_fail(void **state)
{
	EVP_PKEY *pkey = keys_mismatched();
	struct jws_key *key;

	(void)state;
	assert_int_equal(jws_key_wrap_pkey(pkey, JWS_ES256, true, &key), 1);
	assert_int_equal(jwtcheck_key(key), 0);
	jws_key_free(&key);
	EVP_PKEY_free(pkey);
}

static void
a_claim_of_another_kind_of_key_fails(void **state)
{
	EVP_PKEY *pkey = keys_ec("P-384");
	struct jws_key *key;

	(void)state;
	assert_int_equal(jws_key_wrap_pkey(pkey, JWS_RS256, true, &key), -1);
	EVP_PKEY_free(pkey);
}

/* We sign with the header at hand, libjwt with the kid it is told. */
static void
a_key_whose_tokens_by_libjwt_are_refused_fails(void **state)
{
	static const char no_kid[] = "no kid of ours";
	struct jws_key *key;

	(void)state;
	assert_int_equal(jws_key_generate(JWS_ES256, &key), 1);
	memcpy(key->kid, no_kid, sizeof no_kid);
	assert_int_equal(jwtcheck_key(key), 0);
	jws_key_free(&key);
}

/* What the request path is spared by not standing on libjwt. */
static void
libjwt_takes_a_public_key_for_a_secret_and_we_do_not(void **state)
{
	const struct jws_key *key = keys_get(JWS_ES256);
	struct buf pem = BUF_IN(*state);
	struct jws_key *hmac;
	struct str bytes;
	struct str token;
	jwt_t *jwt = NULL;

	assert_int_equal(jws_key_write_public(key, &pem), 1);
	assert_int_equal(buf_str(&pem, &bytes), 1);
	assert_int_equal(jws_key_wrap_secret(keys_secret(bytes), &hmac), 1);
	token = keys_forge(*state, hmac,
	    keys_join(*state,
	        "{\"alg\":\"HS256\",\"kid\":\"%s\",\"typ\":\"JWT\"}",
	        jws_key_kid(key)));
	assert_int_equal(jwt_decode(&jwt, str_to_c(*state, token),
	                     (const unsigned char *)bytes.ptr, (int)bytes.len),
	    0);
	jwt_free(jwt);
	assert_int_equal(keys_verify(*state, key, token), JWS_BAD_HEADER);
	jws_key_free(&hmac);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KEYS_TEST(every_new_key_passes),
		KEYS_TEST(a_random_text_as_a_secret_passes),
		KEYS_TEST(a_public_key_that_can_t_sign_fails),
		KEYS_TEST(halves_that_do_not_belong_together_fail),
		KEYS_TEST(a_claim_of_another_kind_of_key_fails),
		KEYS_TEST(a_key_whose_tokens_by_libjwt_are_refused_fails),
		KEYS_TEST(libjwt_takes_a_public_key_for_a_secret_and_we_do_not),
	};

	return cmocka_run_group_tests(tests, NULL, keys_drop);
}
