/* SHA-256 and HMAC-SHA256 against the examples of their standards. */
#include "../unit.h"

#include "wrap/digest.h"

#include <pthread.h>

static struct str
hex(const unsigned char digest[DIGEST_SIZE], char text_r[2 * DIGEST_SIZE + 1])
{
	for (size_t i = 0; i < DIGEST_SIZE; i++)
		snprintf(text_r + 2 * i, 3, "%02x", digest[i]);
	return str_from(text_r);
}

static struct secret
key_of(struct str bytes)
{
	return (struct secret){ (const unsigned char *)bytes.ptr, bytes.len };
}

static void
sha256_gives_the_examples_of_fips_180(void **state)
{
	static const struct {
		struct str bytes;
		const char *digest;
	} cases[] = {
		{ STR_INIT(""),
		    "e3b0c44298fc1c149afbf4c8996fb924"
		    "27ae41e4649b934ca495991b7852b855" },
		{ STR_INIT("abc"),
		    "ba7816bf8f01cfea414140de5dae2223"
		    "b00361a396177a9cb410ff61f20015ad" },
		{ STR_INIT("abcdbcdecdefdefgefghfghighijhijk"
		           "ijkljklmklmnlmnomnopnopq"),
		    "248d6a61d20638b8e5c026930c3e6039"
		    "a33ce45964ff2167f6ecedd419db06c1" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		unsigned char digest[DIGEST_SIZE];
		char text[2 * DIGEST_SIZE + 1];

		assert_int_equal(digest_sha256(cases[i].bytes, digest), 1);
		ASSERT_CASE(cases[i].digest,
		    str_equal(hex(digest, text), str_from(cases[i].digest)));
	}
}

static const struct {
	struct str key;
	struct str bytes;
	const char *mac;
} rfc_4231[] = {
	{ STR_INIT("\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"
	           "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"),
	    STR_INIT("Hi There"),
	    "b0344c61d8db38535ca8afceaf0bf12b"
	    "881dc200c9833da726e9376c2e32cff7" },
	{ STR_INIT("Jefe"), STR_INIT("what do ya want for nothing?"),
	    "5bdcc146bf60754e6a042426089575c7"
	    "5a003f089d2739839dec58b964ec3843" },
};

static void
hmac_gives_the_examples_of_rfc_4231(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rfc_4231); i++) {
		unsigned char mac[DIGEST_SIZE];
		char text[2 * DIGEST_SIZE + 1];

		assert_int_equal(digest_hmac(key_of(rfc_4231[i].key),
		                     rfc_4231[i].bytes, mac),
		    1);
		ASSERT_CASE(rfc_4231[i].mac,
		    str_equal(hex(mac, text), str_from(rfc_4231[i].mac)));
	}
}

static void
a_key_longer_than_a_block_is_hashed(void **state)
{
	unsigned char bytes[131];
	unsigned char mac[DIGEST_SIZE];
	char text[2 * DIGEST_SIZE + 1];

	(void)state;
	memset(bytes, 0xaa, sizeof bytes);
	/* RFC 4231, test case 6. */
	assert_int_equal(
	    digest_hmac((struct secret){ bytes, sizeof bytes },
	        STR("Test Using Larger Than Block-Size Key - Hash Key First"),
	        mac),
	    1);
	assert_true(str_equal(hex(mac, text),
	    STR("60e431591ee0b67f0d8a26aacbf5b77f"
	        "8e0bc6213728c5140546040f0ee37f54")));
}

static void
the_key_of_one_call_does_not_reach_the_next(void **state)
{
	unsigned char first[DIGEST_SIZE];
	unsigned char other[DIGEST_SIZE];
	unsigned char again[DIGEST_SIZE];

	(void)state;
	assert_int_equal(digest_hmac(key_of(STR("key one")), STR("text"),
	                     first),
	    1);
	assert_int_equal(digest_hmac(key_of(STR("key two")), STR("text"),
	                     other),
	    1);
	assert_int_equal(digest_hmac(key_of(STR("key one")), STR("text"),
	                     again),
	    1);
	assert_memory_not_equal(first, other, DIGEST_SIZE);
	assert_memory_equal(first, again, DIGEST_SIZE);
}

/* RFC 6070 (SHA-1) and RFC 7914, 11 (SHA-256). */
static void
pbkdf2_gives_the_keys_of_the_rfcs(void **state)
{
	static const struct {
		struct str password;
		struct digest_pbkdf2 how;
		struct str key;
	} cases[] = {
		{ STR_INIT("password"),
		    { DIGEST_PRF_SHA1, 1, STR_INIT("salt") },
		    STR_INIT("\x0c\x60\xc8\x0f\x96\x1f\x0e\x71\xf3\xa9") },
		{ STR_INIT("password"),
		    { DIGEST_PRF_SHA1, 4096, STR_INIT("salt") },
		    STR_INIT("\x4b\x00\x79\x01\xb7\x65\x48\x9a\xbe\xad") },
		{ STR_INIT("pass\0word"),
		    { DIGEST_PRF_SHA1, 4096, STR_INIT("sa\0lt") },
		    STR_INIT("\x56\xfa\x6a\xa7\x55\x48\x09\x9d\xcc\x37") },
		{ STR_INIT("passwd"),
		    { DIGEST_PRF_SHA256, 1, STR_INIT("salt") },
		    STR_INIT("\x55\xac\x04\x6e\x56\xe3\x08\x9f\xec\x16") },
		{ STR_INIT("Password"),
		    { DIGEST_PRF_SHA256, 80000, STR_INIT("NaCl") },
		    STR_INIT("\x4d\xdc\xd8\xf6\x0b\x98\xbe\x21\x83\x0c") },
	};
	unsigned char key[DIGEST_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(digest_pbkdf2(key_of(cases[i].password),
		                     &cases[i].how, key, cases[i].key.len),
		    1);
		assert_memory_equal(key, cases[i].key.ptr, cases[i].key.len);
	}
}

static void *
compute_often(void *arg)
{
	unsigned char mac[DIGEST_SIZE];
	char text[2 * DIGEST_SIZE + 1];
	bool *is_wrong = arg;

	for (int i = 0; i < 2000; i++) {
		const size_t at = (size_t)i % ARRAY_LEN(rfc_4231);

		if (digest_hmac(key_of(rfc_4231[at].key), rfc_4231[at].bytes,
		        mac) != 1 ||
		    !str_equal(hex(mac, text), str_from(rfc_4231[at].mac)))
			*is_wrong = true;
	}
	return NULL;
}

static void
threads_do_not_disturb_each_other(void **state)
{
	enum { THREADS = 4 };
	bool is_wrong[THREADS] = { false };
	pthread_t threads[THREADS];

	(void)state;
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL,
		                     compute_often, &is_wrong[i]),
		    0);
	for (size_t i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_false(is_wrong[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256_gives_the_examples_of_fips_180),
		cmocka_unit_test(hmac_gives_the_examples_of_rfc_4231),
		cmocka_unit_test(a_key_longer_than_a_block_is_hashed),
		cmocka_unit_test(the_key_of_one_call_does_not_reach_the_next),
		cmocka_unit_test(pbkdf2_gives_the_keys_of_the_rfcs),
		cmocka_unit_test(threads_do_not_disturb_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
