/*
 * The 401 JWS vectors of the Wycheproof project, against the signature layer:
 * token and key in, payload bytes out.  The claims play no part.
 *
 * Each vector goes through jws_parse and jws_check by the key of its group.
 * Vectors whose published verdict is not ours are listed by number below,
 * each with the rule that decides; where that is a rule of parsing alone,
 * jws_check must still find the signature good.
 */
#include "../unit.h"
#include "jwk.h"
#include "keys.h"

#include "base/b64.h"
#include "base/limits.h"
#include "wrap/json.h"
#include "wrap/jws.h"

enum {
	VECTORS_SIZE = 1 << 20,
	PATH_SIZE = 4096,
};

enum expectation {
	EXPECT_AS_PUBLISHED,
	/* Marked valid; refused by a rule of parsing, the signature is good. */
	EXPECT_NOT_PARSED,
	/* Marked valid, and the verdict does not hold under strict rules. */
	EXPECT_REFUSED,
	/* Marked invalid, and its bytes are those of a valid vector. */
	EXPECT_VERIFIED,
	/* A good RS256 signature by a key that its JWK reserves for PS512. */
	EXPECT_NO_SUCH_KEY,
};

static const struct {
	int64_t id;
	enum expectation expectation;
} exceptions[] = {
	/* An empty payload: an access token always has claims. */
	{ 259, EXPECT_NOT_PARSED },
	/* kid "bilbo.baggins@hobbiton.example": '@' is in no kid of ours. */
	{ 345, EXPECT_NOT_PARSED },
	{ 349, EXPECT_NOT_PARSED },
	/* The key's alg (PS256, "ES521") is not the header's. */
	{ 346, EXPECT_REFUSED },
	{ 347, EXPECT_REFUSED },
	{ 350, EXPECT_REFUSED },
	{ 351, EXPECT_REFUSED },
	/* A character outside of base64url in the header or payload. */
	{ 372, EXPECT_REFUSED },
	{ 373, EXPECT_REFUSED },
	/* Byte for byte the token of 357, which is valid. */
	{ 367, EXPECT_VERIFIED },
	{ 370, EXPECT_VERIFIED },
	/* An RSA key file can't be reserved: with us it is for RS256. */
	{ 332, EXPECT_NO_SUCH_KEY },
};

struct tally {
	/* Of algorithms that are offered. */
	int verified;
	int not_parsed;
	int refused;
	/* All refused. */
	int unsupported;
	/* Of keys that are not for signatures: no key, nothing verified. */
	int unfit;
};

/* What the tests of this file work on. */
static struct {
	char *text;
	struct json *json;
} vectors;

static const struct json_value *
groups_of_vectors(void)
{
	return json_member(json_root(vectors.json), "testGroups");
}

/* The key of a group: the public half where there is one. */
static const struct json_value *
jwk_of(const struct json_value *group)
{
	const struct json_value *jwk = json_member(group, "public");

	return jwk == NULL ? json_member(group, "private") : jwk;
}

static bool
is_offered(const struct json_value *jwk)
{
	enum jws_alg alg;

	return jws_alg_parse(jwk_str(jwk, "alg"), &alg) == 1;
}

static int64_t
id_of(const struct json_value *vector)
{
	return json_int(json_member(vector, "tcId"));
}

static enum expectation
expectation_of(const struct json_value *vector)
{
	for (size_t i = 0; i < ARRAY_LEN(exceptions); i++)
		if (exceptions[i].id == id_of(vector))
			return exceptions[i].expectation;
	return EXPECT_AS_PUBLISHED;
}

static bool
is_to_verify(const struct json_value *vector)
{
	switch (expectation_of(vector)) {
	case EXPECT_VERIFIED:
		return true;
	case EXPECT_REFUSED:
	case EXPECT_NOT_PARSED:
	case EXPECT_NO_SUCH_KEY:
		return false;
	case EXPECT_AS_PUBLISHED:
		break;
	}
	return str_equal(jwk_str(vector, "result"), STR("valid"));
}

/* As jws_verify does it, but for typ and for where the kid comes from. */
static enum jws_verdict
outcome(struct arena *arena, const struct jws_key *key, struct str kid,
    struct str token)
{
	struct jws_parts parts;
	const enum jws_verdict verdict = jws_parse(arena, token, &parts);

	if (verdict != JWS_OK)
		return verdict;
	if (parts.kid.ptr == NULL || !str_equal(parts.kid, kid))
		return JWS_UNKNOWN_KEY;
	return jws_check(key, &parts);
}

/* A valid vector that our parser refuses: its signature alone. */
static enum jws_verdict
signature_alone(const struct jws_key *key, struct str token)
{
	unsigned char sig[LIMIT_TOKEN];
	const size_t at = keys_signature_at(token);
	size_t len;
	struct jws_parts parts = {
		.signing_input = { token.ptr, at - 1 },
		.alg = str_from(jws_alg_name(jws_key_alg(key))),
	};

	assert_int_equal(b64_decode(str_from_offset(token, at), sig, &len), 1);
	parts.signature = (struct str){ (char *)sig, len };
	return jws_check(key, &parts);
}

static void
check_vector(struct arena *arena, const struct jws_key *key, struct str kid,
    const struct json_value *vector, struct tally *tally)
{
	const struct str token = jwk_str(vector, "jws");
	const enum jws_verdict verdict = outcome(arena, key, kid, token);

	if ((verdict == JWS_OK) != is_to_verify(vector))
		fail_msg("vector %d: %s", (int)id_of(vector),
		    jws_verdict_name(verdict));
	assert_int_not_equal(verdict, JWS_FAILED);
	if (expectation_of(vector) == EXPECT_NOT_PARSED) {
		assert_int_equal(signature_alone(key, token), JWS_OK);
		tally->not_parsed++;
	} else if (verdict == JWS_OK) {
		tally->verified++;
	} else {
		tally->refused++;
	}
	arena_reset(arena);
}

static void
check_group(const struct json_value *group, struct tally *tally)
{
	const struct json_value *jwk = jwk_of(group);
	const struct json_value *tests = json_member(group, "tests");
	struct arena *arena = arena_new(LIMIT_ARENA);
	struct jws_key *key = jwk_load(jwk);

	assert_non_null(key);
	for (size_t i = 0; i < json_count(tests); i++)
		check_vector(arena, key, jwk_str(jwk, "kid"),
		    json_element(tests, i), tally);
	jws_key_free(&key);
	arena_free(&arena);
}

/*
 * An RSA key of another algorithm is an RS256 key to us, and none of these
 * tokens may pass by it; a key on another curve does not load at all.
 */
static void
refuse_group(const struct json_value *group, struct tally *tally)
{
	const struct json_value *jwk = jwk_of(group);
	const struct json_value *tests = json_member(group, "tests");
	struct arena *arena = arena_new(LIMIT_ARENA);
	struct jws_key *key = jwk_load(jwk);

	for (size_t i = 0; i < json_count(tests); i++) {
		const struct json_value *vector = json_element(tests, i);

		if (key != NULL &&
		    expectation_of(vector) != EXPECT_NO_SUCH_KEY &&
		    outcome(arena, key, jwk_str(jwk, "kid"),
		        jwk_str(vector, "jws")) == JWS_OK)
			fail_msg("vector %d passes", (int)id_of(vector));
		tally->unsupported++;
		arena_reset(arena);
	}
	jws_key_free(&key);
	arena_free(&arena);
}

static void
skip_without_vectors(void)
{
	if (vectors.json == NULL)
		SKIP_TEST(
		    "no ../shared/vectors/"
		    "json_web_signature_test.json here; set "
		    "LATCHKEY_SHARED to the folder that holds vectors/");
}

static struct tally
run_all(void)
{
	const struct json_value *groups = groups_of_vectors();
	struct tally tally = { 0 };

	for (size_t i = 0; i < json_count(groups); i++) {
		const struct json_value *group = json_element(groups, i);
		const struct json_value *tests = json_member(group, "tests");

		if (!jwk_may_verify(jwk_of(group)))
			tally.unfit += (int)json_count(tests);
		else if (is_offered(jwk_of(group)))
			check_group(group, &tally);
		else
			refuse_group(group, &tally);
	}
	return tally;
}

static void
every_wycheproof_vector_has_the_outcome_it_should(void **state)
{
	struct tally tally;

	(void)state;
	skip_without_vectors();
	tally = run_all();
	print_message(
	    "vectors: %d verified, %d refused, %d good but not "
	    "parsed, %d of other algorithms refused, %d of keys "
	    "for encryption\n",
	    tally.verified, tally.refused, tally.not_parsed, tally.unsupported,
	    tally.unfit);
	assert_int_equal(tally.verified, 17);
	assert_int_equal(tally.refused, 292);
	assert_int_equal(tally.not_parsed, 3);
	assert_int_equal(tally.unsupported, 85);
	assert_int_equal(tally.unfit, 4);
}

/* The whole text, terminated; NULL where the file is not there. */
static char *
read_vectors(void)
{
	const char *shared = getenv("LATCHKEY_SHARED");
	char path[PATH_SIZE];
	size_t len;
	FILE *file;
	char *text;

	snprintf(path, sizeof path, "%s/vectors/json_web_signature_test.json",
	    shared == NULL ? "../shared" : shared);
	file = fopen(path, "re");
	if (file == NULL)
		return NULL;
	text = calloc(1, VECTORS_SIZE);
	assert_non_null(text);
	len = fread(text, 1, VECTORS_SIZE - 1, file);
	assert_true(len > 0 && feof(file));
	fclose(file);
	return text;
}

static int
open_vectors(void **state)
{
	(void)state;
	vectors.text = read_vectors();
	if (vectors.text == NULL)
		return 0;
	return json_parse_object(str_from(vectors.text), &vectors.json) == 1
	    ? 0
	    : -1;
}

static int
close_vectors(void **state)
{
	(void)state;
	if (vectors.json != NULL)
		json_free(&vectors.json);
	free(vectors.text);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    every_wycheproof_vector_has_the_outcome_it_should),
	};

	return cmocka_run_group_tests(tests, open_vectors, close_vectors);
}
