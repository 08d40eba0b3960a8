/* Tokens: made, verified, and kept within their bounds. */
#include "../unit.h"
#include "keys.h"

#include "base/b64.h"
#include "base/limits.h"
#include "wrap/jws.h"

#include <pthread.h>

static const struct str at_jwt = STR_INIT("at+jwt");
static const struct str claims = STR_INIT("{\"sub\":\"u\"}");

static struct str
signed_by(struct arena *arena, const struct jws_key *key, struct str typ,
    struct str payload)
{
	struct buf buf = BUF_IN(arena);
	struct str token;

	assert_int_equal(jws_sign(key, typ, payload, &buf), 1);
	assert_int_equal(buf_str(&buf, &token), 1);
	return token;
}

static enum jws_verdict
verify(struct arena *arena, const struct jws_key *key, struct str typ,
    struct str token)
{
	const struct jws_keys keys = { &key, 1 };
	struct str payload = STR("untouched");
	const enum jws_verdict verdict =
	    jws_verify(arena, &keys, typ, token, &payload);

	if (verdict != JWS_OK)
		assert_true(str_equal(payload, STR("untouched")));
	return verdict;
}

static void
every_algorithm_verifies_what_it_signs(void **state)
{
	static const struct str payloads[] = {
		STR_INIT("{}"),
		STR_INIT("x"),
		STR_INIT("a\0b\xff"),
		STR_INIT("{\"sub\":\"some longer payload\",\"n\":1}"),
	};

	for (size_t i = 0; i < JWS_ALG__MAX; i++) {
		const struct jws_key *key = keys_get((enum jws_alg)i);
		const struct jws_keys keys = { &key, 1 };

		for (size_t j = 0; j < ARRAY_LEN(payloads); j++) {
			const struct str token =
			    signed_by(*state, key, at_jwt, payloads[j]);
			struct str payload;

			assert_int_equal(jws_verify(*state, &keys, at_jwt,
			                     token, &payload),
			    JWS_OK);
			assert_true(str_equal(payload, payloads[j]));
		}
	}
}

static void
the_header_is_alg_kid_and_typ_in_this_order(void **state)
{
	static const char *const typs[] = { "at+jwt", "JWT", "logout+jwt" };

	for (size_t i = 0; i < JWS_ALG__MAX; i++) {
		const struct jws_key *key = keys_get((enum jws_alg)i);

		for (size_t j = 0; j < ARRAY_LEN(typs); j++) {
			struct str rest =
			    signed_by(*state, key, str_from(typs[j]), claims);
			struct str header;

			assert_true(str_cut(&rest, '.', &header));
			assert_true(str_equal(header,
			    keys_b64(*state,
			        keys_join(*state,
			            "{\"alg\":\"%s\",\"kid\":\"%s\","
			            "\"typ\":\"%s\"}",
			            jws_alg_name((enum jws_alg)i),
			            jws_key_kid(key), typs[j]))));
		}
	}
}

static void
signing_appends_to_what_is_there(void **state)
{
	const struct jws_key *key = keys_get(JWS_HS256);
	struct buf buf = BUF_IN(*state);
	struct str text;

	buf_add_c(&buf, "Bearer ");
	assert_int_equal(jws_sign(key, at_jwt, claims, &buf), 1);
	assert_int_equal(buf_str(&buf, &text), 1);
	assert_int_equal(verify(*state, key, at_jwt, str_from_offset(text, 7)),
	    JWS_OK);
}

static void
a_public_half_verifies(void **state)
{
	static const enum jws_alg algs[] = { JWS_ES256, JWS_RS256, JWS_EDDSA };

	for (size_t i = 0; i < ARRAY_LEN(algs); i++) {
		const struct jws_key *key = keys_get(algs[i]);
		struct jws_key *half = keys_public_half(key);

		assert_int_equal(verify(*state, half, at_jwt,
		                     signed_by(*state, key, at_jwt, claims)),
		    JWS_OK);
		jws_key_free(&half);
	}
}

static void
the_key_is_found_among_several_by_its_kid(void **state)
{
	const struct jws_key *const list[] = { keys_get(JWS_ES256),
		keys_get(JWS_HS256), keys_get(JWS_RS256), keys_get(JWS_EDDSA) };
	const struct jws_keys keys = { list, ARRAY_LEN(list) };
	const struct jws_keys none = { list, 0 };

	for (size_t i = 0; i < ARRAY_LEN(list); i++) {
		const struct str token =
		    signed_by(*state, list[i], at_jwt, claims);
		const struct jws_keys others = { list + i + 1,
			ARRAY_LEN(list) - i - 1 };
		struct str payload;

		assert_int_equal(jws_verify(*state, &keys, at_jwt, token,
		                     &payload),
		    JWS_OK);
		assert_int_equal(jws_verify(*state, &others, at_jwt, token,
		                     &payload),
		    JWS_UNKNOWN_KEY);
		assert_int_equal(jws_verify(*state, &none, at_jwt, token,
		                     &payload),
		    JWS_UNKNOWN_KEY);
	}
}

static void
the_signature_of_another_key_under_our_kid_is_refused(void **state)
{
	static const enum jws_alg algs[] = { JWS_ES256, JWS_HS256, JWS_EDDSA };

	for (size_t i = 0; i < ARRAY_LEN(algs); i++) {
		const struct jws_key *ours = keys_get(algs[i]);
		struct str rest = signed_by(*state, ours, at_jwt, claims);
		struct jws_key *theirs;
		struct str header;

		assert_true(str_cut(&rest, '.', &header));
		assert_int_equal(jws_key_generate(algs[i], &theirs), 1);
		/* Once by the header that needs no parsing, once by another. */
		assert_int_equal(verify(*state, ours, at_jwt,
		                     keys_seal(*state, theirs, header,
		                         keys_b64(*state, claims))),
		    JWS_BAD_SIGNATURE);
		assert_int_equal(
		    verify(*state, ours, at_jwt,
		        keys_forge(*state, theirs,
		            keys_join(*state,
		                "{\"typ\":\"at+jwt\",\"kid\":\"%s\","
		                "\"alg\":\"%s\"}",
		                jws_key_kid(ours), jws_alg_name(algs[i])))),
		    JWS_BAD_SIGNATURE);
		jws_key_free(&theirs);
	}
}

static void
a_header_in_another_spelling_verifies_too(void **state)
{
	const struct jws_key *key = keys_get(JWS_HS256);
	const char *kid = jws_key_kid(key);
	const struct str headers[] = {
		keys_join(*state,
		    "{\"typ\":\"at+jwt\",\"kid\":\"%s\",\"alg\":\"HS256\"}",
		    kid),
		keys_join(*state,
		    "{ \"alg\" : \"HS256\",\n\t\"kid\":\"%s\", "
		    "\"typ\":\"at+jwt\" }",
		    kid),
		keys_join(*state,
		    "{\"\\u0061lg\":\"HS256\",\"kid\":\"%s\","
		    "\"typ\":\"at\\u002bjwt\"}",
		    kid),
	};

	for (size_t i = 0; i < ARRAY_LEN(headers); i++)
		assert_int_equal(verify(*state, key, at_jwt,
		                     keys_forge(*state, key, headers[i])),
		    JWS_OK);
}

static void
a_typ_that_is_not_at_hand_works_the_same(void **state)
{
	const struct str typ = STR("logout+jwt");
	const struct jws_key *key = keys_get(JWS_ES256);
	const struct str token = signed_by(*state, key, typ, claims);

	assert_int_equal(verify(*state, key, typ, token), JWS_OK);
	assert_int_equal(verify(*state, key, at_jwt, token), JWS_BAD_HEADER);
}

static void
a_token_of_another_typ_is_refused(void **state)
{
	for (size_t i = 0; i < JWS_ALG__MAX; i++) {
		const struct jws_key *key = keys_get((enum jws_alg)i);

		assert_int_equal(verify(*state, key, at_jwt,
		                     signed_by(*state, key, STR("JWT"),
		                         claims)),
		    JWS_BAD_HEADER);
		assert_int_equal(verify(*state, key, STR("JWT"),
		                     signed_by(*state, key, at_jwt, claims)),
		    JWS_BAD_HEADER);
	}
}

/* Spaces in the header reach the lengths that base64 alone skips. */
static struct str
token_of_length(struct arena *arena, const struct jws_key *key, size_t len)
{
	static const char payload[LIMIT_TOKEN];
	struct str header = STR("");
	size_t n = 0;

	for (int pad = 1; pad < 4; pad++) {
		header = keys_b64(arena,
		    keys_join(arena,
		        "{\"alg\":\"HS256\",\"kid\":\"%s\","
		        "\"typ\":\"at+jwt\"%*s}",
		        jws_key_kid(key), pad, ""));
		/* 43 characters of MAC and two dots. */
		for (n = 0; header.len + B64_LEN(n) + 45 < len; n++)
			;
		if (header.len + B64_LEN(n) + 45 == len)
			break;
	}
	return keys_seal(arena, key, header,
	    keys_b64(arena, (struct str){ payload, n }));
}

static void
a_token_of_the_largest_size_passes_and_one_more_does_not(void **state)
{
	const struct jws_key *key = keys_get(JWS_HS256);
	const struct str largest = token_of_length(*state, key, LIMIT_TOKEN);

	assert_int_equal(largest.len, LIMIT_TOKEN);
	assert_int_equal(verify(*state, key, at_jwt, largest), JWS_OK);
	assert_int_equal(verify(*state, key, at_jwt,
	                     token_of_length(*state, key, LIMIT_TOKEN + 1)),
	    JWS_TOO_LARGE);
}

static void
a_huge_token_costs_nothing(void **state)
{
	const struct jws_key *key = keys_get(JWS_ES256);
	const size_t size = 9U << 20;
	char *text = malloc(size);

	assert_non_null(text);
	memset(text, '.', size);
	assert_int_equal(verify(*state, key, at_jwt,
	                     (struct str){ text, size }),
	    JWS_TOO_LARGE);
	memset(text, 'A', size);
	assert_int_equal(verify(*state, key, at_jwt,
	                     (struct str){ text, size }),
	    JWS_TOO_LARGE);
	assert_int_equal(arena_used(*state), 0);
	free(text);
}

static void
a_full_arena_is_a_failure_and_no_refusal(void **state)
{
	const struct jws_key *key = keys_get(JWS_HS256);
	const struct str token = signed_by(*state, key, at_jwt, claims);
	struct arena *small = arena_new(64);
	struct buf buf = BUF_IN(small);

	assert_non_null(small);
	assert_int_equal(jws_sign(key, at_jwt, claims, &buf), -1);
	assert_non_null(arena_alloc(small, 48));
	assert_int_equal(verify(small, key, at_jwt, token), JWS_FAILED);
	arena_free(&small);
}

static void
names_of_algorithms_are_exact(void **state)
{
	static const char *const wrong[] = { "", "none", "es256", "ES256 ",
		"ES384", "HS512", "PS256", "eddsa", "Ed25519", "RS256\n" };
	enum jws_alg alg = JWS_ALG__MAX;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		ASSERT_CASE(wrong[i],
		    jws_alg_parse(str_from(wrong[i]), &alg) == 0);
	assert_int_equal(alg, JWS_ALG__MAX);
	for (size_t i = 0; i < JWS_ALG__MAX; i++) {
		const char *name = jws_alg_name((enum jws_alg)i);

		assert_int_equal(jws_alg_parse(str_from(name), &alg), 1);
		assert_int_equal(alg, i);
	}
	for (size_t i = 0; i < JWS_VERDICT__MAX; i++)
		assert_non_null(jws_verdict_name((enum jws_verdict)i));
}

struct round {
	const struct jws_key *key;
	bool is_wrong;
};

static void *
sign_and_verify_often(void *arg)
{
	struct round *round = arg;
	const struct jws_keys keys = { &round->key, 1 };
	struct arena *arena = arena_new(LIMIT_ARENA);

	for (int i = 0; i < 50; i++) {
		struct buf buf = BUF_IN(arena);
		struct str token;
		struct str payload;

		if (jws_sign(round->key, at_jwt, claims, &buf) != 1 ||
		    buf_str(&buf, &token) != 1 ||
		    jws_verify(arena, &keys, at_jwt, token, &payload) != JWS_OK)
			round->is_wrong = true;
		arena_reset(arena);
	}
	arena_free(&arena);
	return NULL;
}

static void
threads_share_a_key(void **state)
{
	enum { THREADS = 8 };
	struct round rounds[THREADS];
	pthread_t threads[THREADS];

	(void)state;
	for (size_t i = 0; i < THREADS; i++) {
		rounds[i].key = keys_get((enum jws_alg)(i % JWS_ALG__MAX));
		rounds[i].is_wrong = false;
		assert_int_equal(pthread_create(&threads[i], NULL,
		                     sign_and_verify_often, &rounds[i]),
		    0);
	}
	for (size_t i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_false(rounds[i].is_wrong);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KEYS_TEST(every_algorithm_verifies_what_it_signs),
		KEYS_TEST(the_header_is_alg_kid_and_typ_in_this_order),
		KEYS_TEST(signing_appends_to_what_is_there),
		KEYS_TEST(a_public_half_verifies),
		KEYS_TEST(the_key_is_found_among_several_by_its_kid),
		KEYS_TEST(
		    the_signature_of_another_key_under_our_kid_is_refused),
		KEYS_TEST(a_header_in_another_spelling_verifies_too),
		KEYS_TEST(a_typ_that_is_not_at_hand_works_the_same),
		KEYS_TEST(a_token_of_another_typ_is_refused),
		KEYS_TEST(
		    a_token_of_the_largest_size_passes_and_one_more_does_not),
		KEYS_TEST(a_huge_token_costs_nothing),
		KEYS_TEST(a_full_arena_is_a_failure_and_no_refusal),
		KEYS_TEST(names_of_algorithms_are_exact),
		KEYS_TEST(threads_share_a_key),
	};

	return cmocka_run_group_tests(tests, NULL, keys_drop);
}
