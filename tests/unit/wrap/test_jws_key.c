/* Keys: which ones load, what they are called and how they are written. */
#include "../unit.h"
#include "keys.h"

#include "base/b64.h"
#include "wrap/json.h"
#include "wrap/jws.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

static const enum jws_alg with_pem[] = { JWS_ES256, JWS_RS256, JWS_EDDSA };

static struct str
written(struct arena *arena, const struct jws_key *key, bool is_private)
{
	struct buf buf = BUF_IN(arena);
	struct str text;

	if (is_private)
		assert_int_equal(jws_key_write_private(key, &buf), 1);
	else
		assert_int_equal(jws_key_write_public(key, &buf), 1);
	assert_int_equal(buf_str(&buf, &text), 1);
	return text;
}

static void
a_new_key_signs_and_has_the_size_it_should(void **state)
{
	static const int bits[JWS_ALG__MAX] = {
		[JWS_ES256] = 256,
		[JWS_HS256] = 256,
		[JWS_RS256] = 3072,
		[JWS_EDDSA] = 256,
	};

	(void)state;
	for (size_t i = 0; i < JWS_ALG__MAX; i++) {
		const struct jws_key *key = keys_get((enum jws_alg)i);

		assert_int_equal(jws_key_alg(key), i);
		assert_int_equal(jws_key_bits(key), bits[i]);
		assert_true(jws_key_can_sign(key));
		assert_int_equal(strlen(jws_key_kid(key)), 43);
	}
}

static void
two_new_keys_differ(void **state)
{
	(void)state;
	for (size_t i = 0; i < JWS_ALG__MAX; i++) {
		struct jws_key *other;

		if (i == JWS_RS256)
			continue;
		assert_int_equal(jws_key_generate((enum jws_alg)i, &other), 1);
		assert_string_not_equal(jws_key_kid(other),
		    jws_key_kid(keys_get((enum jws_alg)i)));
		jws_key_free(&other);
		assert_null(other);
	}
}

static void
a_key_comes_back_from_its_own_pem(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(with_pem); i++) {
		const struct jws_key *key = keys_get(with_pem[i]);
		struct str pem = written(*state, key, true);
		struct jws_key *again = keys_read(pem);

		assert_true(jws_key_can_sign(again));
		assert_int_equal(jws_key_alg(again), with_pem[i]);
		assert_string_equal(jws_key_kid(again), jws_key_kid(key));
		jws_key_free(&again);
		pem = written(*state, key, false);
		again = keys_read(pem);
		assert_false(jws_key_can_sign(again));
		assert_string_equal(jws_key_kid(again), jws_key_kid(key));
		jws_key_free(&again);
	}
}

static void
a_public_half_holds_no_private_byte_and_signs_nothing(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(with_pem); i++) {
		const struct jws_key *key = keys_get(with_pem[i]);
		struct jws_key *half = keys_public_half(key);
		struct buf buf = BUF_IN(*state);

		assert_true(str_starts(written(*state, key, false),
		    STR("-----BEGIN PUBLIC KEY-----\n")));
		assert_int_equal(jws_key_write_private(half, &buf), -1);
		assert_int_equal(jws_sign(half, STR("JWT"), STR("{}"), &buf),
		    -1);
		assert_int_equal(buf.len, 0);
		jws_key_free(&half);
	}
}

static void
a_secret_has_no_public_half(void **state)
{
	const struct jws_key *key = keys_get(JWS_HS256);
	struct buf buf = BUF_IN(*state);
	struct jsonw w = JSONW_INTO(&buf);

	assert_int_equal(jws_key_write_public(key, &buf), -1);
	assert_int_equal(jws_key_write_jwk(key, &w), 0);
	assert_int_equal(buf.len, 0);
	assert_int_equal(written(*state, key, true).len, 32);
}

static struct json *
jwk_of(struct arena *arena, const struct jws_key *key)
{
	struct buf buf = BUF_IN(arena);
	struct jsonw w = JSONW_INTO(&buf);
	struct json *json;
	struct str text;

	assert_int_equal(jws_key_write_jwk(key, &w), 1);
	assert_int_equal(buf_str(&buf, &text), 1);
	assert_int_equal(json_parse_object(text, &json), 1);
	return json;
}

static void
expect(const struct json *json, const char *name, const char *value)
{
	const struct json_value *found = json_member(json_root(json), name);

	ASSERT_CASE(name, json_type_of(found) == JSON_STRING);
	ASSERT_CASE(name, str_equal(json_str(found), str_from(value)));
}

static void
expect_len(const struct json *json, const char *name, size_t len)
{
	const struct json_value *found = json_member(json_root(json), name);
	unsigned char bytes[1024];
	size_t got;

	ASSERT_CASE(name, json_type_of(found) == JSON_STRING);
	ASSERT_CASE(name, b64_decode(json_str(found), bytes, &got) == 1);
	ASSERT_CASE(name, got == len);
}

static void
a_jwk_holds_public_members_only(void **state)
{
	static const struct {
		enum jws_alg alg;
		const char *name;
		const char *kty;
		size_t count;
	} cases[] = {
		{ JWS_ES256, "ES256", "EC", 7 },
		{ JWS_RS256, "RS256", "RSA", 6 },
		{ JWS_EDDSA, "EdDSA", "OKP", 6 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct jws_key *key = keys_get(cases[i].alg);
		struct json *json = jwk_of(*state, key);

		assert_int_equal(json_count(json_root(json)), cases[i].count);
		expect(json, "kty", cases[i].kty);
		expect(json, "alg", cases[i].name);
		expect(json, "use", "sig");
		expect(json, "kid", jws_key_kid(key));
		assert_null(json_member(json_root(json), "d"));
		if (cases[i].alg == JWS_RS256) {
			expect(json, "e", "AQAB");
			expect_len(json, "n", 384);
		} else {
			expect_len(json, "x", 32);
		}
		json_free(&json);
	}
}

static void
coordinates_keep_their_leading_zeroes(void **state)
{
	/* One key in 128 has a coordinate that begins with a zero byte. */
	for (int i = 0; i < 1000; i++) {
		struct jws_key *key;
		struct json *json;

		assert_int_equal(jws_key_generate(JWS_ES256, &key), 1);
		json = jwk_of(*state, key);
		expect_len(json, "x", 32);
		expect_len(json, "y", 32);
		json_free(&json);
		jws_key_free(&key);
		arena_reset(*state);
	}
}

static EVP_PKEY *
rsa_public(const char *n_text)
{
	unsigned char bytes[512];
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *pkey = NULL;
	OSSL_PARAM *params;
	BIGNUM *n;
	size_t len;

	assert_int_equal(b64_decode(str_from(n_text), bytes, &len), 1);
	n = BN_bin2bn(bytes, (int)len, NULL);
	OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n);
	OSSL_PARAM_BLD_push_uint(builder, OSSL_PKEY_PARAM_RSA_E, 65537);
	params = OSSL_PARAM_BLD_to_param(builder);
	assert_int_equal(EVP_PKEY_fromdata_init(context), 1);
	assert_int_equal(EVP_PKEY_fromdata(context, &pkey, EVP_PKEY_PUBLIC_KEY,
	                     params),
	    1);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(builder);
	EVP_PKEY_CTX_free(context);
	BN_free(n);
	return pkey;
}

static void
the_thumbprint_of_rfc_7638_is_found(void **state)
{
	EVP_PKEY *pkey = rsa_public(
	    "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zw"
	    "u1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY"
	    "4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAta"
	    "Sqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTW"
	    "hAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-k"
	    "EgU8awapJzKnqDKgw");
	struct jws_key *key = keys_read(keys_pem_public(*state, pkey));

	assert_string_equal(jws_key_kid(key),
	    "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
	jws_key_free(&key);
	EVP_PKEY_free(pkey);
}

static void
the_thumbprint_and_the_token_of_rfc_8037_are_found(void **state)
{
	unsigned char x[32];
	struct jws_parts parts;
	struct jws_key *key;
	EVP_PKEY *pkey;
	size_t len;

	/* Appendix A: public key, thumbprint and signed example. */
	assert_int_equal(
	    b64_decode(STR("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"), x,
	        &len),
	    1);
	pkey = EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, x, len);
	assert_non_null(pkey);
	key = keys_read(keys_pem_public(*state, pkey));
	assert_string_equal(jws_key_kid(key),
	    "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
	assert_int_equal(
	    jws_parse(*state,
	        STR("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
	            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4"
	            "iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"),
	        &parts),
	    JWS_OK);
	assert_true(
	    str_equal(parts.payload, STR("Example of Ed25519 signing")));
	assert_int_equal(jws_check(key, &parts), JWS_OK);
	jws_key_free(&key);
	EVP_PKEY_free(pkey);
}

static void
openssl_s_error_queue_is_left_empty(void **state)
{
	struct jws_key *key = NULL;
	const char *why;

	(void)state;
	assert_int_equal(
	    jws_key_from_pem(keys_secret(
	                         STR("-----BEGIN PRIVATE KEY-----\nAAAA\n"
	                             "-----END PRIVATE KEY-----\n")),
	        &key, &why),
	    0);
	assert_int_equal(ERR_peek_error(), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KEYS_TEST(a_new_key_signs_and_has_the_size_it_should),
		KEYS_TEST(two_new_keys_differ),
		KEYS_TEST(a_key_comes_back_from_its_own_pem),
		KEYS_TEST(
		    a_public_half_holds_no_private_byte_and_signs_nothing),
		KEYS_TEST(a_secret_has_no_public_half),
		KEYS_TEST(a_jwk_holds_public_members_only),
		KEYS_TEST(coordinates_keep_their_leading_zeroes),
		KEYS_TEST(the_thumbprint_of_rfc_7638_is_found),
		KEYS_TEST(the_thumbprint_and_the_token_of_rfc_8037_are_found),
		KEYS_TEST(openssl_s_error_queue_is_left_empty),
	};

	return cmocka_run_group_tests(tests, NULL, keys_drop);
}
