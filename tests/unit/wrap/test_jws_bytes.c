/* Tokens whose bytes were touched: signature, segments, base64, JSON. */
#include "../unit.h"
#include "keys.h"

#include "base/limits.h"
#include "wrap/jws.h"
#include "wrap/jws_internal.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void
every_changed_character_of_a_token_is_refused(void **state)
{
	for (size_t i = 0; i < JWS_ALG__MAX; i++) {
		const struct jws_key *key = keys_get((enum jws_alg)i);
		const struct str token = keys_token(*state, key);
		struct arena *arena = arena_new(LIMIT_ARENA);

		for (size_t at = 0; at < token.len; at++) {
			char text[LIMIT_TOKEN];

			memcpy(text, token.ptr, token.len);
			text[at] = text[at] == 'A' ? 'B' : 'A';
			if (keys_verify(arena, key,
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
		const struct str token = keys_token(*state, key);
		int accepted = 0;

		for (size_t j = 0; j < sizeof alphabet - 1; j++)
			accepted +=
			    keys_verify(*state, key,
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
	assert_int_not_equal(keys_verify(arena, key, text), JWS_OK);
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
	const struct str token = keys_token(*state, key);

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
	const struct str token = keys_token(*state, key);
	const size_t at = keys_signature_at(token);
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
		assert_int_equal(keys_verify(*state, key, cases[i]),
		    JWS_MALFORMED);
}

static void
a_signature_of_another_length_is_refused(void **state)
{
	struct arena *scratch = arena_new(LIMIT_ARENA);

	for (size_t i = 0; i < JWS_ALG__MAX; i++) {
		const struct jws_key *key = keys_get((enum jws_alg)i);
		const struct str token = keys_token(*state, key);
		const struct str sig = keys_signature(*state, token);
		char twice[2 * JWS_SIGNATURE_MAX];

		memcpy(twice, sig.ptr, sig.len);
		memcpy(twice + sig.len, sig.ptr, sig.len);
		assert_int_equal(keys_verify_with(scratch, key, token, sig),
		    JWS_OK);
		for (size_t len = 1; len <= 2 * sig.len; len++) {
			if (len != sig.len)
				assert_int_equal(keys_verify_with(scratch, key,
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
		const struct str token = keys_token(*state, key);
		const struct str sig = keys_signature(*state, token);
		char bytes[JWS_SIGNATURE_MAX + 2] = { 0 };

		memcpy(bytes + 1, sig.ptr, sig.len);
		assert_int_equal(keys_verify_with(*state, key, token,
		                     (struct str){ bytes, sig.len + 1 }),
		    JWS_BAD_SIGNATURE);
		assert_int_equal(keys_verify_with(*state, key, token,
		                     (struct str){ bytes + 1, sig.len + 1 }),
		    JWS_BAD_SIGNATURE);
	}
}

static void
a_signature_of_zeroes_or_ones_is_refused(void **state)
{
	for (size_t i = 0; i < JWS_ALG__MAX; i++) {
		const struct jws_key *key = keys_get((enum jws_alg)i);
		const struct str token = keys_token(*state, key);
		char bytes[JWS_SIGNATURE_MAX];
		const size_t len = keys_signature(*state, token).len;

		memset(bytes, 0, sizeof bytes);
		assert_int_equal(keys_verify_with(*state, key, token,
		                     (struct str){ bytes, len }),
		    JWS_BAD_SIGNATURE);
		memset(bytes, 0xff, sizeof bytes);
		assert_int_equal(keys_verify_with(*state, key, token,
		                     (struct str){ bytes, len }),
		    JWS_BAD_SIGNATURE);
	}
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

	assert_int_equal(keys_verify(*state, key,
	                     keys_seal(*state, key, header, STR("e30"))),
	    JWS_OK);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *const at = strstr(cases[i].header, "%.*s");
		const int before = (int)(at - cases[i].header);

		ASSERT_CASE(cases[i].header,
		    keys_verify(*state, key,
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
		    keys_verify(*state, key,
		        keys_forge(*state, key, headers[i])) == JWS_BAD_HEADER);
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
		KEYS_TEST(segments_that_are_no_canonical_base64url_are_refused),
		KEYS_TEST(a_header_that_is_no_strict_json_object_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, keys_drop);
}
