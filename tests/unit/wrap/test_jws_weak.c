/* HMAC secrets: random ones pass, samples and short ones do not. */
#include "../unit.h"
#include "keys.h"

#include "wrap/jws.h"
#include "wrap/jws_internal.h"

enum {
	KEYS_PER_KIND = 100000,
	/* Less than one in 10,000 may be refused by chance. */
	MOST_REFUSED = KEYS_PER_KIND / 10000,
};

/* Why a secret is refused; NULL where it is not. */
static const char *
refusal(struct str bytes)
{
	struct jws_key *key = NULL;
	const char *why = NULL;
	const int rc = jws_key_from_hmac(keys_secret(bytes), &key, &why);

	if (rc == 1) {
		assert_int_equal(jws_key_alg(key), JWS_HS256);
		assert_int_equal(jws_key_bits(key), bytes.len * 8);
		jws_key_free(&key);
		return NULL;
	}
	assert_int_equal(rc, 0);
	assert_null(key);
	return why;
}

static void
expect_refusal(struct str bytes, const char *reason)
{
	const char *why = refusal(bytes);

	if (why == NULL || strstr(why, reason) == NULL)
		fail_msg("%.*s: \"%s\" says nothing of \"%s\"", STR_ARG(bytes),
		    why == NULL ? "passes" : why, reason);
}

/* The same numbers at every run (xorshift64*), so that no run differs. */
static uint32_t
draw(void)
{
	static uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);

	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (uint32_t)((seed * UINT64_C(2685821657736338717)) >> 32);
}

static void
random_text_passes(const char *alphabet, size_t len)
{
	const uint32_t count = (uint32_t)strlen(alphabet);
	int refused = 0;

	for (int i = 0; i < KEYS_PER_KIND; i++) {
		char text[128];

		for (size_t j = 0; j < len; j++)
			text[j] = alphabet[draw() % count];
		refused += jws_weakness_of(
		               keys_secret((struct str){ text, len })) != NULL;
	}
	if (refused > MOST_REFUSED)
		fail_msg("%d of %d texts of %zu characters refused", refused,
		    KEYS_PER_KIND, len);
}

static void
random_hexadecimal_text_passes(void **state)
{
	(void)state;
	random_text_passes("0123456789abcdef", 32);
	random_text_passes("0123456789ABCDEF", 64);
}

static void
random_base64_text_passes(void **state)
{
	(void)state;
	random_text_passes(
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789+/",
	    43);
	random_text_passes(
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789-_",
	    86);
}

static void
random_bytes_pass(void **state)
{
	int refused = 0;

	(void)state;
	for (int i = 0; i < KEYS_PER_KIND; i++) {
		char bytes[32];

		for (size_t j = 0; j < sizeof bytes; j++)
			bytes[j] = (char)(draw() >> 24);
		refused += jws_weakness_of(keys_secret(
		               (struct str){ bytes, sizeof bytes })) != NULL;
	}
	assert_true(refused <= MOST_REFUSED);
}

static void
random_bytes_that_end_in_a_newline_pass(void **state)
{
	(void)state;
	assert_null(refusal(
	    STR("\xf9\xe6\xee\x0c\xdb\x15gh\x89\xb6\x86~jG\xd7M \xad\xe1"
	        "C\xb6r\xbb\x8b\n\xc6\xd6\x94\x18\xa7\x82\n")));
}

static void
a_secret_shorter_than_32_bytes_is_refused(void **state)
{
	static const struct str random = STR_INIT(
	    "\xf9\xe6\xee\x0c\xdb\x15gh\x89\xb6\x86~jG\xd7M \xad\xe1"
	    "C\xb6r\xbb\x8b\n\xc6\xd6\x94\x18\xa7\x82\x01");

	(void)state;
	assert_int_equal(random.len, 32);
	assert_null(refusal(random));
	for (size_t len = 0; len < random.len; len++)
		expect_refusal((struct str){ random.ptr, len }, "32 bytes");
}

static void
a_secret_of_no_sensible_length_is_refused(void **state)
{
	char bytes[1025];

	(void)state;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)(draw() >> 24);
	assert_null(refusal((struct str){ bytes, sizeof bytes - 1 }));
	expect_refusal((struct str){ bytes, sizeof bytes }, "longer");
}

static void
a_text_file_with_a_line_end_is_refused(void **state)
{
	static const char *const texts[] = {
		"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15\n",
		"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15\r\n",
		"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15\n\n",
		"short\n",
		"\n",
		"-----BEGIN PUBLIC KEY-----\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		expect_refusal(str_from(texts[i]), "newline");
	assert_null(refusal(
	    STR("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15")));
}

static void
a_pem_file_is_refused(void **state)
{
	(void)state;
	expect_refusal(STR("-----BEGIN Xq7pL2vN9sRt4wYzB8cDfGhJkMzz"), "PEM");
	expect_refusal(STR("-----BEGIN PUBLIC KEY-----\n"
	                   "Xq7pL2vN9sRt4wYzB8cDfGhJkM3VnZ6u\n"
	                   "-----END PUBLIC KEY-----\n"),
	    "PEM");
}

static void
a_byte_order_mark_is_refused(void **state)
{
	(void)state;
	expect_refusal(
	    STR("\xef\xbb\xbf"
	        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15"),
	    "byte order mark");
}

static void
a_secret_that_repeats_or_counts_is_refused(void **state)
{
	static const char *const texts[] = {
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"0123456789abcdef0123456789abcdef",
		"0123456789abcdef0123456789ABCDEF",
		"fedcba9876543210fedcba9876543210",
		"12345678901234567890123456789012",
		"abcdefghijklmnopqrstuvwxyz012345",
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
		"deadbeefdeadbeefdeadbeefdeadbeef",
		"xK9#xK9#xK9#xK9#xK9#xK9#xK9#xK9#",
		"010101010101010101010101010101010101010101010101",
		"your-256-bit-secret-your-256-bit-secret",
		"StrongKeyStrongKeyStrongKeyStrongKey!",
	};
	char bytes[64] = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		expect_refusal(str_from(texts[i]), "random bytes");
	expect_refusal((struct str){ bytes, sizeof bytes }, "repeats");
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)i;
	expect_refusal((struct str){ bytes, sizeof bytes }, "counts");
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)(250 - 3 * i);
	expect_refusal((struct str){ bytes, sizeof bytes }, "counts");
}

static void
a_sample_secret_of_a_tutorial_is_refused(void **state)
{
	static const char *const texts[] = {
		"ThisIsASecretKeyForJwtAuthentication",
		"JWTAuthenticationHIGHsecuredPasswordVVVp1OH7Xzyr",
		"KeyForSignInSecretmySuperSecret@123",
		"changeme-Xq7pL2vN9sRt4wYzB8cDfGhJkM",
		"example-Xq7pL2vN9sRt4wYzB8cDfGhJkM",
		"Xq7pL2vN9sRt4wYzB8cDfGhJkM-DEFAULT",
		"my-jwt-key-Xq7pL2vN9sRt4wYzB8cDfGh",
		"latchkeyXq7pL2vN9sRt4wYzB8cDfGhJkM",
		"QWERTYuXq7pL2vN9sRt4wYzB8cDfGhJkMz",
		"admin_Xq7pL2vN9sRt4wYzB8cDfGhJkMzz",
		"TOKENXq7pL2vN9sRt4wYzB8cDfGhJkMzzq",
		"Xq7pL2vN9sRt4wYz -----BEGIN B8cDfGhJkMzz",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		expect_refusal(str_from(texts[i]), "sample");
	assert_null(refusal(STR("Xq7pL2vN9sRt4wYzB8cDfGhJkM3VnZ6u")));
}

static void
a_secret_made_of_words_is_refused(void **state)
{
	static const char *const texts[] = {
		"my-super-long-jwt-signing-key-for-prod",
		"MyCompanyJwtSigningKeyForProduction",
		"thismustbeaverylongkeyforsigningjwts",
		"JwtSigningKey_2024_Production_Server_01",
		"hmac-shared-key-between-frontend-and-backend",
		"the quick brown fox jumps over the lazy dog",
		"correct horse battery staple again and",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		expect_refusal(str_from(texts[i]), "words");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_hexadecimal_text_passes),
		cmocka_unit_test(random_base64_text_passes),
		cmocka_unit_test(random_bytes_pass),
		cmocka_unit_test(random_bytes_that_end_in_a_newline_pass),
		cmocka_unit_test(a_secret_shorter_than_32_bytes_is_refused),
		cmocka_unit_test(a_secret_of_no_sensible_length_is_refused),
		cmocka_unit_test(a_text_file_with_a_line_end_is_refused),
		cmocka_unit_test(a_pem_file_is_refused),
		cmocka_unit_test(a_byte_order_mark_is_refused),
		cmocka_unit_test(a_secret_that_repeats_or_counts_is_refused),
		cmocka_unit_test(a_sample_secret_of_a_tutorial_is_refused),
		cmocka_unit_test(a_secret_made_of_words_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
