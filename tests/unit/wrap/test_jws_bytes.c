/* Tokens whose bytes were touched: signature, segments, base64, JSON. */
#include "../unit.h"
#include "keys.h"

#include "base/b64.h"
#include "base/limits.h"
#include "wrap/jws.h"
#include "wrap/jws_internal.h"

#include <openssl/bn.h>

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static struct str
good_token(struct arena *arena, const struct jws_key *key)
{
	struct buf buf = BUF_IN(arena);
	struct str token;

	assert_int_equal(jws_sign(key, STR("at+jwt"), STR("{\"sub\":\"u\"}"),
	                     &buf),
	    1);
	assert_int_equal(buf_str(&buf, &token), 1);
	return token;
}

static enum jws_verdict
verify(struct arena *arena, const struct jws_key *key, struct str token)
{
	const struct jws_keys keys = { &key, 1 };
	struct str payload;

	return jws_verify(arena, &keys, STR("at+jwt"), token, &payload);
}

/* Where the signature begins. */
static size_t
signature_at(struct str token)
{
	size_t at = token.len;

	while (token.ptr[at - 1] != '.')
		at--;
	return at;
}

/* The token with other bytes for a signature. */
static enum jws_verdict
verify_with(struct arena *arena, const struct jws_key *key, struct str token,
    struct str sig)
{
	return verify(arena, key,
	    keys_join(arena, "%.*s%.*s", (int)signature_at(token), token.ptr,
	        STR_ARG(keys_b64(arena, sig))));
}

static struct str
signature_of(struct arena *arena, struct str token)
{
	unsigned char *bytes = arena_alloc(arena, token.len);
	size_t len;

	assert_non_null(bytes);
	assert_int_equal(b64_decode(str_from_offset(token, signature_at(token)),
	                     bytes, &len),
	    1);
	return (struct str){ (char *)bytes, len };
}

static void
every_changed_character_of_a_token_is_refused(void **state)
{
	for (size_t i = 0; i < JWS_ALG__MAX; i++) {
		const struct jws_key *key = keys_get((enum jws_alg)i);
		const struct str token = good_token(*state, key);
		struct arena *arena = arena_new(LIMIT_ARENA);

		for (size_t at = 0; at < token.len; at++) {
			char text[LIMIT_TOKEN];

			memcpy(text, token.ptr, token.len);
			text[at] = text[at] == 'A' ? 'B' : 'A';
			if (verify(arena, key,
			        (struct str){ text, token.len }) == JWS_OK)
				fail_msg("%s: position %zu",
				    jws_alg_name((enum jws_alg)i), at);
			arena_reset(arena);
		}
		arena_free(&arena);
	}
}

static void
only_one_last_character_of_a_signature_passes(void **state)
{
	for (size_t i = 0; i < JWS_ALG__MAX; i++) {
		const struct jws_key *key = keys_get((enum jws_alg)i);
		const struct str token = good_token(*state, key);
		int accepted = 0;

		for (size_t j = 0; j < sizeof alphabet - 1; j++)
			accepted +=
			    verify(*state, key,
			        keys_join(*state, "%.*s%c", (int)token.len - 1,
			            token.ptr, alphabet[j])) == JWS_OK;
		assert_int_equal(accepted, 1);
	}
}

static void
refuse_with(const struct jws_key *key, struct str token, size_t at,
    struct str bytes)
{
	struct arena *arena = arena_new(LIMIT_ARENA);
	struct buf buf = BUF_IN(arena);
	struct str text;

	buf_add(&buf, (struct str){ token.ptr, at });
	buf_add(&buf, bytes);
	buf_add(&buf, str_from_offset(token, at));
	assert_int_equal(buf_str(&buf, &text), 1);
	assert_int_not_equal(verify(arena, key, text), JWS_OK);
	arena_free(&arena);
}

static void
bytes_around_and_inside_of_a_token_are_refused(void **state)
{
	static const struct str bytes[] = { STR_INIT(" "), STR_INIT("\t"),
		STR_INIT("\n"), STR_INIT("\r"), STR_INIT("\0"), STR_INIT("="),
		STR_INIT("+"), STR_INIT("/"), STR_INIT("\""), STR_INIT("?"),
		STR_INIT("#"), STR_INIT("*"), STR_INIT("."), STR_INIT("%2e"),
		STR_INIT("%0a"), STR_INIT("\xef\xbc\x8e"),
		STR_INIT("\xe2\x80\x8b") };
	const struct jws_key *key = keys_get(JWS_RS256);
	const struct str token = good_token(*state, key);

	for (size_t i = 0; i < ARRAY_LEN(bytes); i++) {
		for (size_t at = 0; at < token.len; at += 13)
			refuse_with(key, token, at, bytes[i]);
		refuse_with(key, token, token.len, bytes[i]);
	}
}

static void
a_number_of_segments_other_than_three_is_refused(void **state)
{
	const struct jws_key *key = keys_get(JWS_ES256);
	const struct str token = good_token(*state, key);
	const size_t at = signature_at(token);
	const struct str cases[] = {
		STR(""),
		STR("."),
		STR(".."),
		STR("..."),
		STR("...."),
		{ token.ptr, at - 1 },
		{ token.ptr, at },
		str_from_offset(token, at),
		keys_join(*state, "%.*s.", STR_ARG(token)),
		keys_join(*state, ".%.*s", STR_ARG(token)),
		keys_join(*state, "%.*s..", STR_ARG(token)),
		keys_join(*state, "%.*s.AAAA", STR_ARG(token)),
		keys_join(*state, "%.*s.AAAA.AAAA", STR_ARG(token)),
		/* A JWE has five (RFC 7516, 3.1). */
		STR("eyJhbGciOiJQQkVTMi1IUzI1NitBMTI4S1ciLCJwMmMiOjIxNDc0ODM2"
		    "NDd9.AAAA.AAAA.AAAA.AAAA"),
		STR("{\"payload\":\"e30\",\"protected\":\"e30\","
		    "\"signature\":\"AA\"}"),
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(verify(*state, key, cases[i]), JWS_MALFORMED);
}

static void
a_signature_of_another_length_is_refused(void **state)
{
	struct arena *scratch = arena_new(LIMIT_ARENA);

	for (size_t i = 0; i < JWS_ALG__MAX; i++) {
		const struct jws_key *key = keys_get((enum jws_alg)i);
		const struct str token = good_token(*state, key);
		const struct str sig = signature_of(*state, token);
		char twice[2 * JWS_SIGNATURE_MAX];

		memcpy(twice, sig.ptr, sig.len);
		memcpy(twice + sig.len, sig.ptr, sig.len);
		assert_int_equal(verify_with(scratch, key, token, sig), JWS_OK);
		for (size_t len = 1; len <= 2 * sig.len; len++) {
			if (len != sig.len)
				assert_int_equal(verify_with(scratch, key,
				                     token,
				                     (struct str){ twice,
				                         len }),
				    JWS_BAD_SIGNATURE);
			arena_reset(scratch);
		}
	}
	arena_free(&scratch);
}

/* Zero bytes change the length of a number but not its value. */
static void
a_signature_with_zeroes_in_front_or_behind_is_refused(void **state)
{
	for (size_t i = 0; i < JWS_ALG__MAX; i++) {
		const struct jws_key *key = keys_get((enum jws_alg)i);
		const struct str token = good_token(*state, key);
		const struct str sig = signature_of(*state, token);
		char bytes[JWS_SIGNATURE_MAX + 2] = { 0 };

		memcpy(bytes + 1, sig.ptr, sig.len);
		assert_int_equal(verify_with(*state, key, token,
		                     (struct str){ bytes, sig.len + 1 }),
		    JWS_BAD_SIGNATURE);
		assert_int_equal(verify_with(*state, key, token,
		                     (struct str){ bytes + 1, sig.len + 1 }),
		    JWS_BAD_SIGNATURE);
	}
}

static void
a_signature_of_zeroes_or_ones_is_refused(void **state)
{
	for (size_t i = 0; i < JWS_ALG__MAX; i++) {
		const struct jws_key *key = keys_get((enum jws_alg)i);
		const struct str token = good_token(*state, key);
		char bytes[JWS_SIGNATURE_MAX];
		const size_t len = signature_of(*state, token).len;

		memset(bytes, 0, sizeof bytes);
		assert_int_equal(verify_with(*state, key, token,
		                     (struct str){ bytes, len }),
		    JWS_BAD_SIGNATURE);
		memset(bytes, 0xff, sizeof bytes);
		assert_int_equal(verify_with(*state, key, token,
		                     (struct str){ bytes, len }),
		    JWS_BAD_SIGNATURE);
	}
}

static const char p256_order[] =
    "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";

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
	    "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632550";
	static const char *const numbers[] = {
		"0", "1", less, p256_order,
		"FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
	};
	const struct jws_key *key = keys_get(JWS_ES256);
	const struct str token = good_token(*state, key);

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		for (size_t j = 0; j < ARRAY_LEN(numbers); j++)
			assert_int_equal(verify_with(*state, key, token,
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
	const struct str token = good_token(*state, key);
	const struct str sig = signature_of(*state, token);
	unsigned char twin[64];
	BIGNUM *n = NULL;
	BIGNUM *s = BN_bin2bn((const unsigned char *)sig.ptr + 32, 32, NULL);

	BN_hex2bn(&n, p256_order);
	assert_int_equal(BN_sub(s, n, s), 1);
	memcpy(twin, sig.ptr, 32);
	assert_int_equal(BN_bn2binpad(s, twin + 32, 32), 32);
	assert_int_equal(verify_with(*state, key, token,
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
		const struct str token = good_token(*state, key);
		const struct str sig = signature_of(*state, token);

		assert_int_equal(sig.len, 64);
		if (sig.ptr[0] == 0 || sig.ptr[32] == 0)
			assert_int_equal(verify(*state, key, token), JWS_OK);
		short_r += sig.ptr[0] == 0;
		short_s += sig.ptr[32] == 0;
		arena_reset(*state);
	}
	assert_true(short_r > 0 && short_s > 0);
}

static void
segments_that_are_no_canonical_base64url_are_refused(void **state)
{
	static const struct {
		const char *header;
		const char *payload;
	} cases[] = {
		{ "%.*s", "eyJzdWIiOiJ1In0?" },
		{ "%.*s", "eyJzdWIiOiJ1In0=" },
		{ "%.*s", "eyJzdWIi\r\nOiJ1In0" },
		{ "%.*s", "eyJzdWIi OiJ1In0" },
		{ "%.*s", "eyJzdWIiOiJ1In1" },
		{ "%.*s", "eyJzdWIiOiJ1I" },
		{ "%.*s", "++//" },
		{ "%.*s=", "e30" },
		{ "%.*s ", "e30" },
		{ "%.*s\n", "e30" },
		{ "%.*s*", "e30" },
		{ " %.*s", "e30" },
	};
	const struct jws_key *key = keys_get(JWS_HS256);
	const struct str header = jws_key_header(key, STR("at+jwt"));

	assert_int_equal(verify(*state, key,
	                     keys_seal(*state, key, header, STR("e30"))),
	    JWS_OK);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *const at = strstr(cases[i].header, "%.*s");
		const int before = (int)(at - cases[i].header);

		ASSERT_CASE(cases[i].header,
		    verify(*state, key,
		        keys_seal(*state, key,
		            keys_join(*state, "%.*s%.*s%s", before,
		                cases[i].header, STR_ARG(header), at + 4),
		            str_from(cases[i].payload))) == JWS_MALFORMED);
	}
}

static void
a_header_that_is_no_strict_json_object_is_refused(void **state)
{
	static const struct str headers[] = { STR_INIT("[]"), STR_INIT("1"),
		STR_INIT("null"), STR_INIT("\"alg\""), STR_INIT("{"),
		STR_INIT("{}x"), STR_INIT("{}"), STR_INIT("{}\0"),
		STR_INIT("{\"alg\":\"HS256\"}\0{"),
		STR_INIT("\xef\xbb\xbf{\"alg\":\"HS256\"}"),
		STR_INIT("{\"alg\":\"HS256\",}"), STR_INIT("{'alg':'HS256'}"),
		STR_INIT("{\"alg\":\"HS256\"/**/}"),
		STR_INIT("{\"alg\":\"HS\xff\"}"),
		STR_INIT("{\"alg\":\"HS256\",\"typ\":\"\\u0000\"}"),
		STR_INIT("{\0\"\0a\0l\0g\0\"\0") };
	const struct jws_key *key = keys_get(JWS_HS256);

	for (size_t i = 0; i < ARRAY_LEN(headers); i++)
		ASSERT_CASE(headers[i].ptr,
		    verify(*state, key, keys_forge(*state, key, headers[i])) ==
		        JWS_BAD_HEADER);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KEYS_TEST(every_changed_character_of_a_token_is_refused),
		KEYS_TEST(only_one_last_character_of_a_signature_passes),
		KEYS_TEST(bytes_around_and_inside_of_a_token_are_refused),
		KEYS_TEST(a_number_of_segments_other_than_three_is_refused),
		KEYS_TEST(a_signature_of_another_length_is_refused),
		KEYS_TEST(
		    a_signature_with_zeroes_in_front_or_behind_is_refused),
		KEYS_TEST(a_signature_of_zeroes_or_ones_is_refused),
		KEYS_TEST(es256_numbers_out_of_range_are_refused),
		KEYS_TEST(the_es256_twin_of_a_signature_verifies),
		KEYS_TEST(es256_signatures_with_short_numbers_verify),
		KEYS_TEST(segments_that_are_no_canonical_base64url_are_refused),
		KEYS_TEST(a_header_that_is_no_strict_json_object_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, keys_drop);
}
