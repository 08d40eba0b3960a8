/* Two ways to read what a token says, which must never say different things. */
#include "../unit.h"
#include "../wrap/keys.h"

#include "auth/keys_internal.h"
#include "auth/token.h"
#include "auth/token_claims.h"
#include "base/buf.h"

static const struct str sample = STR_INIT(
    "{\"iss\":\"http://h\",\"aud\":\"latchkey\","
    "\"sub\":\"0193b7a0-0000-7000-8000-000000000001\","
    "\"sid\":\"0193b7a0-0000-7000-8000-000000000002\",\"ver\":0,"
    "\"jti\":\"j\",\"iat\":1000,\"nbf\":1001,\"exp\":1900,"
    "\"client_id\":\"c\",\"token_use\":\"access\","
    "\"email\":\"ann@example.org\",\"roles\":[\"ADMIN\",\"USER\"],"
    "\"preferred_username\":\"ann\",\"phone_number\":\"+49\","
    "\"age\":30}");

static bool
is_same_text(struct str a, struct str b)
{
	return (a.ptr == NULL) == (b.ptr == NULL) && str_equal(a, b);
}

static bool
is_same(const struct token_claims *a, const struct token_claims *b)
{
	return is_same_text(a->issuer, b->issuer) &&
	    is_same_text(a->audience, b->audience) &&
	    is_same_text(a->use, b->use) &&
	    is_same_text(a->client_id, b->client_id) &&
	    is_same_text(a->jti, b->jti) &&
	    is_same_text(a->subject, b->subject) &&
	    is_same_text(a->session_id, b->session_id) &&
	    is_same_text(a->email, b->email) &&
	    is_same_text(a->roles, b->roles) && a->version == b->version &&
	    a->issued_s == b->issued_s && a->not_before_s == b->not_before_s &&
	    a->expires_s == b->expires_s &&
	    a->has_confirmation == b->has_confirmation;
}

/* Returns whether the quick way took it; the other way must agree then. */
static bool
both_agree(struct arena *arena, struct str payload)
{
	struct token_claims own;
	struct token_claims any;
	const int rc = token_claims_read_own(arena, payload, &own);

	assert_true(rc >= 0);
	if (rc == 1)
		ASSERT_CASE(payload.ptr,
		    token_claims_read_any(arena, payload, &any) == 1 &&
		        is_same(&own, &any));
	arena_reset(arena);
	return rc == 1;
}

static void
test_reads_the_sample(void **state)
{
	struct arena *arena = *state;
	struct token_claims claims;

	assert_int_equal(token_claims_read_own(arena, sample, &claims), 1);
	assert_true(str_equal(claims.issuer, STR("http://h")));
	assert_true(str_equal(claims.roles, STR("ADMIN,USER")));
	assert_true(str_equal(claims.email, STR("ann@example.org")));
	assert_int_equal(claims.version, 0);
	assert_int_equal(claims.expires_s, 1900);
	assert_true(both_agree(arena, sample));
}

/* The sample with bytes [at, at + drop) replaced; terminated. */
static struct str
with(size_t at, size_t drop, struct str put)
{
	static char text[1024];
	const size_t rest = at + drop;
	const size_t len = sample.len - drop + put.len;

	memcpy(text, sample.ptr, at);
	memcpy(text + at, put.ptr, put.len);
	memcpy(text + at + put.len, sample.ptr + rest, sample.len - rest);
	text[len] = '\0';
	return (struct str){ text, len };
}

static void
test_no_change_is_read_otherwise(void **state)
{
	static const char bytes[] = "\"\\,:{}[]019-.eaZ_ \t\n\x01\x7f\x80\xc3";
	struct arena *arena = *state;
	size_t taken = 0;

	for (size_t at = 0; at < sample.len; at++) {
		/* With the byte that ends the literal: NUL is one of them. */
		for (size_t i = 0; i < sizeof bytes; i++) {
			const struct str put = { bytes + i, 1 };

			taken += both_agree(arena, with(at, 1, put));
			taken += both_agree(arena, with(at, 0, put));
		}
		for (size_t drop = 1; at + drop <= sample.len; drop++)
			taken += both_agree(arena, with(at, drop, STR("")));
	}
	/* Letters within values, mostly: the comparison was made. */
	assert_true(taken > 1000);
}

static void
test_other_spellings_are_read(void **state)
{
	struct arena *arena = *state;
	struct token_claims claims;
	struct str text = with(1, 0, STR(" "));

	assert_int_equal(token_claims_read_own(arena, text, &claims), 0);
	assert_int_equal(token_claims_read(arena, text, &claims), 1);
	assert_int_equal(claims.expires_s, 1900);
	assert_false(claims.has_confirmation);
	text = with(1, 0, STR("\"cnf\":{},"));
	assert_int_equal(token_claims_read(arena, text, &claims), 1);
	assert_true(claims.has_confirmation);
	assert_int_equal(token_claims_read(arena, STR("{}"), &claims), 1);
	assert_null(claims.email.ptr);
	assert_null(claims.roles.ptr);
	assert_int_equal(claims.expires_s, -1);
	assert_int_equal(token_claims_read(arena, STR("[]"), &claims), 0);
}

static struct str
minted(struct arena *arena, const struct user *user)
{
	const struct config config = {
		.issuer = "https://example.org",
		.token_audience = "latchkey",
		.token_client_id = "latchkey",
		.token_typ = "at+jwt",
		.token_access_ttl_s = 900,
	};
	struct app app = { .config = &config };
	struct keys keys = { .signing = NULL };
	struct context context = {
		.app = &app,
		.arena = arena,
		.keys = &keys,
		.now = { .unix_s = 1000000, .unix_ms = 1000000000 },
	};
	struct jws_parts parts;
	struct str token;

	assert_int_equal(jws_key_generate(JWS_HS256, &keys.signing), 1);
	assert_int_equal(token_mint(&context, user, &user->id, 1000900, &token),
	    1);
	jws_key_free(&keys.signing);
	assert_int_equal(jws_parse(arena, token, &parts), JWS_OK);
	return parts.payload;
}

static void
test_own_is_what_is_minted(void **state)
{
	struct arena *arena = *state;
	struct user user = { .email = STR("ann@example.org") };

	assert_true(both_agree(arena, minted(arena, &user)));
	user.roles = STR("ADMIN,USER");
	user.username = STR("ann");
	user.phone_number = STR("+49");
	user.age = (struct opt_int){ true, 30 };
	assert_true(both_agree(arena, minted(arena, &user)));
}

static void
test_without_memory(void **state)
{
	struct arena *arena = arena_new(16);
	struct token_claims claims;

	(void)state;
	assert_non_null(arena);
	assert_int_equal(token_claims_read_own(arena, sample, &claims), -1);
	assert_int_equal(token_claims_read_any(arena, sample, &claims), -1);
	arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KEYS_TEST(test_reads_the_sample),
		KEYS_TEST(test_no_change_is_read_otherwise),
		KEYS_TEST(test_other_spellings_are_read),
		KEYS_TEST(test_own_is_what_is_minted),
		cmocka_unit_test(test_without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
