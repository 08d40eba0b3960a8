/* Tokens that somebody forged: header, algorithm, key and kid. */
#include "../unit.h"
#include "keys.h"

#include "base/limits.h"
#include "wrap/jws.h"
#include "wrap/jws_internal.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>

static const struct str payload_segment = STR_INIT("eyJzdWIiOiJ1In0");

/* A header correctly signed by the very key that verifies it. */
static enum jws_verdict
verify_header(struct arena *arena, enum jws_alg alg, struct str header)
{
	const struct jws_key *key = keys_get(alg);

	return keys_verify(arena, key, keys_forge(arena, key, header));
}

static void
a_good_header_passes(void **state)
{
	const char *kid = jws_key_kid(keys_get(JWS_ES256));

	assert_int_equal(
	    verify_header(*state, JWS_ES256,
	        keys_join(*state,
	            "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}",
	            kid)),
	    JWS_OK);
}

static void
alg_none_in_any_spelling_is_refused(void **state)
{
	static const char *const spellings[] = { "\"none\"", "\"None\"",
		"\"NONE\"", "\"nOnE\"", "\"NoNe\"", "\"\\u006eone\"",
		"\"none \"", "\" none\"", "\"none\\t\"", "\"\"", "\"null\"" };
	const struct jws_key *key = keys_get(JWS_ES256);

	for (size_t i = 0; i < ARRAY_LEN(spellings); i++) {
		const struct str header = keys_join(*state,
		    "{\"alg\":%s,\"typ\":\"at+jwt\",\"kid\":\"%s\"}",
		    spellings[i], jws_key_kid(key));
		const struct str segment = keys_b64(*state, header);

		ASSERT_CASE(spellings[i],
		    keys_verify(*state, key, keys_forge(*state, key, header)) ==
		        JWS_WRONG_ALG);
		ASSERT_CASE(spellings[i],
		    keys_verify(*state, key,
		        keys_join(*state, "%.*s.%.*s.AAAA", STR_ARG(segment),
		            STR_ARG(payload_segment))) == JWS_WRONG_ALG);
		ASSERT_CASE(spellings[i],
		    keys_verify(*state, key,
		        keys_join(*state, "%.*s.%.*s.", STR_ARG(segment),
		            STR_ARG(payload_segment))) == JWS_MALFORMED);
	}
}

static void
an_alg_that_is_no_string_or_absent_is_refused(void **state)
{
	static const char *const members[] = { "\"alg\":null,", "\"alg\":0,",
		"\"alg\":true,", "\"alg\":[\"ES256\"],",
		"\"alg\":{\"a\":\"ES256\"},", "", "\"ALG\":\"ES256\",",
		"\"ALG\":\"none\",\"alg\":\"ES256\",",
		"\"alg\":\"none\",\"alg\":\"ES256\",",
		"\"alg\":\"ES256\",\"\\u0061lg\":\"ES256\"," };
	const char *kid = jws_key_kid(keys_get(JWS_ES256));

	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		ASSERT_CASE(members[i],
		    verify_header(*state, JWS_ES256,
		        keys_join(*state,
		            "{%s\"typ\":\"at+jwt\",\"kid\":\"%s\"}", members[i],
		            kid)) == JWS_BAD_HEADER);
}

static void
an_algorithm_other_than_the_key_s_is_refused(void **state)
{
	static const char *const names[] = { "HS256", "HS384", "HS512", "RS256",
		"RS384", "RS512", "PS256", "PS384", "PS512", "ES384", "ES512",
		"ES256K", "EdDSA", "Ed25519", "HS1", "RS1", "ML-DSA-44",
		"es256", "ES256 ", "ES256\\u0020", "Es256" };
	const char *kid = jws_key_kid(keys_get(JWS_ES256));

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		ASSERT_CASE(names[i],
		    verify_header(*state, JWS_ES256,
		        keys_join(*state,
		            "{\"alg\":\"%s\",\"typ\":\"at+jwt\","
		            "\"kid\":\"%s\"}",
		            names[i], kid)) == JWS_WRONG_ALG);
}

/* What an attacker may know of a server's key, in every form. */
static size_t
public_texts(struct arena *arena, const struct jws_key *key,
    struct str texts_r[6])
{
	struct buf pem = BUF_IN(arena);
	struct buf jwk = BUF_IN(arena);
	struct jsonw w = JSONW_INTO(&jwk);

	assert_int_equal(jws_key_write_public(key, &pem), 1);
	assert_int_equal(jws_key_write_jwk(key, &w), 1);
	assert_int_equal(buf_str(&pem, &texts_r[0]), 1);
	assert_int_equal(buf_str(&jwk, &texts_r[1]), 1);
	texts_r[2] = str_from(jws_key_kid(key));
	texts_r[3] = (struct str){ texts_r[0].ptr, texts_r[0].len - 1 };
	texts_r[4] = keys_join(arena, "%.*s\n", STR_ARG(texts_r[0]));
	texts_r[5] = keys_join(arena, "%.*s\r\n", STR_ARG(texts_r[3]));
	return 6;
}

static void
the_public_key_as_an_hmac_secret_is_refused(void **state)
{
	static const enum jws_alg algs[] = { JWS_ES256, JWS_RS256, JWS_EDDSA };

	for (size_t i = 0; i < ARRAY_LEN(algs); i++) {
		const struct jws_key *key = keys_get(algs[i]);
		const struct str header = keys_join(*state,
		    "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}",
		    jws_key_kid(key));
		struct str texts[6];
		const size_t count = public_texts(*state, key, texts);

		for (size_t j = 0; j < count; j++) {
			struct jws_key *hmac;

			assert_int_equal(jws_key_wrap_secret(keys_secret(
			                                         texts[j]),
			                     &hmac),
			    1);
			assert_int_equal(keys_verify(*state, key,
			                     keys_forge(*state, hmac, header)),
			    JWS_WRONG_ALG);
			jws_key_free(&hmac);
		}
	}
}

static void
a_guessed_hmac_secret_is_refused(void **state)
{
	static const struct str guesses[] = { STR_INIT("\0"), STR_INIT("null"),
		STR_INIT("undefined"), STR_INIT("secret"),
		STR_INIT("your-256-bit-secret"), STR_INIT("2\n") };
	const struct jws_key *key = keys_get(JWS_HS256);

	for (size_t i = 0; i < ARRAY_LEN(guesses); i++) {
		struct jws_key *guess;

		assert_int_equal(jws_key_wrap_secret(keys_secret(guesses[i]),
		                     &guess),
		    1);
		ASSERT_CASE(guesses[i].ptr,
		    keys_verify(*state, key,
		        keys_forge(*state, guess,
		            keys_join(*state,
		                "{\"alg\":\"HS256\",\"typ\":\"at+jwt\","
		                "\"kid\":\"%s\"}",
		                jws_key_kid(key)))) == JWS_BAD_SIGNATURE);
		jws_key_free(&guess);
	}
}

static struct str
rsa_signed(struct arena *arena, EVP_PKEY *pkey, const char *digest, int padding,
    struct str header)
{
	const struct str input = keys_join(arena, "%.*s.%.*s",
	    STR_ARG(keys_b64(arena, header)), STR_ARG(payload_segment));
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_PKEY_CTX *options;
	unsigned char sig[512];
	size_t len = sizeof sig;

	assert_int_equal(EVP_DigestSignInit_ex(context, &options, digest, NULL,
	                     NULL, pkey, NULL),
	    1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(options, padding), 1);
	assert_int_equal(EVP_DigestSign(context, sig, &len,
	                     (const unsigned char *)input.ptr, input.len),
	    1);
	EVP_MD_CTX_free(context);
	return keys_join(arena, "%.*s.%.*s", STR_ARG(input),
	    STR_ARG(keys_b64(arena, (struct str){ (char *)sig, len })));
}

static void
rs512_and_ps256_by_the_same_rsa_key_are_refused(void **state)
{
	static const struct {
		const char *alg;
		const char *digest;
		int padding;
		enum jws_verdict verdict;
	} cases[] = {
		{ "RS256", "SHA256", RSA_PKCS1_PADDING, JWS_OK },
		{ "RS384", "SHA384", RSA_PKCS1_PADDING, JWS_WRONG_ALG },
		{ "RS512", "SHA512", RSA_PKCS1_PADDING, JWS_WRONG_ALG },
		{ "PS256", "SHA256", RSA_PKCS1_PSS_PADDING, JWS_WRONG_ALG },
		{ "PS512", "SHA512", RSA_PKCS1_PSS_PADDING, JWS_WRONG_ALG },
		/* The header lies about what the signature is. */
		{ "RS256", "SHA512", RSA_PKCS1_PADDING, JWS_BAD_SIGNATURE },
		{ "RS256", "SHA256", RSA_PKCS1_PSS_PADDING, JWS_BAD_SIGNATURE },
	};
	EVP_PKEY *pkey = keys_rsa(2048, 65537);
	struct jws_key *key = keys_read(keys_pem_public(*state, pkey));

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		ASSERT_CASE(cases[i].alg,
		    keys_verify(*state, key,
		        rsa_signed(*state, pkey, cases[i].digest,
		            cases[i].padding,
		            keys_join(*state,
		                "{\"alg\":\"%s\",\"kid\":\"%s\","
		                "\"typ\":\"at+jwt\"}",
		                cases[i].alg, jws_key_kid(key)))) ==
		        cases[i].verdict);
	jws_key_free(&key);
	EVP_PKEY_free(pkey);
}

static void
a_header_with_any_other_member_is_refused(void **state)
{
	static const char *const members[] = {
		"\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}",
		"\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"A\"}",
		"\"jku\":\"http://127.0.0.1:1/jwks.json\"",
		"\"x5u\":\"http://127.0.0.1:1/cert.pem\"",
		"\"x5c\":[\"AAAA\"]",
		"\"x5t\":\"AAAA\"",
		"\"x5t#S256\":\"AAAA\"",
		"\"crit\":[\"b64\"],\"b64\":false",
		"\"crit\":[]",
		"\"b64\":false",
		"\"zip\":\"DEF\"",
		"\"cty\":\"JWT\"",
		"\"epk\":{}",
		"\"apu\":\"AAAA\"",
		"\"p2s\":\"AAAA\",\"p2c\":2147483647",
		"\"enc\":\"A256GCM\"",
		"\"iv\":\"AAAA\",\"tag\":\"AAAA\"",
		"\"foo\":\"bar\"",
		"\"Kid\":\"x\"",
		"\"\":\"\"",
	};
	const char *kid = jws_key_kid(keys_get(JWS_ES256));

	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		ASSERT_CASE(members[i],
		    verify_header(*state, JWS_ES256,
		        keys_join(*state,
		            "{\"alg\":\"ES256\",\"typ\":\"at+jwt\","
		            "\"kid\":\"%s\",%s}",
		            kid, members[i])) == JWS_BAD_HEADER);
}

static void
a_kid_that_is_a_path_a_query_or_a_command_is_refused(void **state)
{
	static const char *const kids[] = { "\"/dev/null\"",
		"\"/proc/sys/kernel/randomize_va_space\"",
		"\"../../keys/token.pem\"", "\"file:///dev/null\"",
		"\"http://127.0.0.1:1/k\"", "\"|sleep 10\"", "\"; sleep 10\"",
		"\"$(sleep 10)\"", "\"`sleep 10`\"", "\"' OR '1'='1\"",
		"\"%' OR kid LIKE '%\"", "\"\"", "\"K1\\u0020\"",
		"\"K\\u212a\"", "\"K1\\n\"", "1", "true", "null", "[\"K1\"]",
		"{\"a\":1}", "\"K1\\u0000x\"", "\"K1\",\"kid\":\"K1\"",
		/* 65 characters. */
		("\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		 "aaaaaaaaaaaaaaaaa\"") };

	for (size_t i = 0; i < ARRAY_LEN(kids); i++)
		ASSERT_CASE(kids[i],
		    verify_header(*state, JWS_ES256,
		        keys_join(*state,
		            "{\"alg\":\"ES256\",\"typ\":\"at+jwt\","
		            "\"kid\":%s}",
		            kids[i])) == JWS_BAD_HEADER);
}

static void
a_kid_that_names_no_key_is_refused(void **state)
{
	const char *kid = jws_key_kid(keys_get(JWS_ES256));
	const struct str kids[] = {
		keys_join(*state, "\"kid\":\"%s\",",
		    jws_key_kid(keys_get(JWS_HS256))),
		keys_join(*state, "\"kid\":\"%.42s\",", kid),
		keys_join(*state, "\"kid\":\"%s0\",", kid),
		STR("\"kid\":\"K1\","),
		STR(""),
	};

	for (size_t i = 0; i < ARRAY_LEN(kids); i++)
		assert_int_equal(
		    verify_header(*state, JWS_ES256,
		        keys_join(*state,
		            "{%.*s\"alg\":\"ES256\",\"typ\":\"at+jwt\"}",
		            STR_ARG(kids[i]))),
		    JWS_UNKNOWN_KEY);
}

static void
only_the_exact_typ_passes(void **state)
{
	static const char *const typs[] = { "", ",\"typ\":5", ",\"typ\":null",
		",\"typ\":[\"at+jwt\"]", ",\"typ\":{}", ",\"typ\":\"\"",
		",\"typ\":\"JWT\"", ",\"typ\":\"jwt\"", ",\"typ\":\"AT+JWT\"",
		",\"typ\":\"at+JWT\"", ",\"typ\":\"application/at+jwt\"",
		",\"typ\":\"at+jwt \"",
		",\"typ\":\"at+jwt\",\"typ\":\"at+jwt\"" };
	const char *kid = jws_key_kid(keys_get(JWS_ES256));

	for (size_t i = 0; i < ARRAY_LEN(typs); i++)
		ASSERT_CASE(typs[i],
		    verify_header(*state, JWS_ES256,
		        keys_join(*state,
		            "{\"alg\":\"ES256\",\"kid\":\"%s\"%s}", kid,
		            typs[i])) == JWS_BAD_HEADER);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KEYS_TEST(a_good_header_passes),
		KEYS_TEST(alg_none_in_any_spelling_is_refused),
		KEYS_TEST(an_alg_that_is_no_string_or_absent_is_refused),
		KEYS_TEST(an_algorithm_other_than_the_key_s_is_refused),
		KEYS_TEST(the_public_key_as_an_hmac_secret_is_refused),
		KEYS_TEST(a_guessed_hmac_secret_is_refused),
		KEYS_TEST(rs512_and_ps256_by_the_same_rsa_key_are_refused),
		KEYS_TEST(a_header_with_any_other_member_is_refused),
		KEYS_TEST(a_kid_that_is_a_path_a_query_or_a_command_is_refused),
		KEYS_TEST(a_kid_that_names_no_key_is_refused),
		KEYS_TEST(only_the_exact_typ_passes),
	};

	return cmocka_run_group_tests(tests, NULL, keys_drop);
}
