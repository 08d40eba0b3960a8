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
		cmocka_unit_test(threads_do_not_disturb_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
