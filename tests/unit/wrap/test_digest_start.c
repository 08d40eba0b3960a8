/* How much of OpenSSL a process holds that signs. */
#include "../arena.h"
#include "../unit.h"

#include "wrap/digest.h"
#include "wrap/jws.h"

#include <malloc.h>

#include <openssl/evp.h>

/* Digests, a curve and a key are 101 KiB, with the old names of ciphers 122,
 * and with all ciphers 262. */
enum { MOST = 112 * 1024 };

static void
test_signing_brings_no_ciphers(void **state)
{
	const size_t before = mallinfo2().uordblks;
	struct buf buf = BUF_IN(*state);
	struct jws_key *key;

	digest_start();
	assert_int_equal(jws_key_generate(JWS_ES256, &key), 1);
	assert_int_equal(jws_sign(key, STR("JWT"), STR("{}"), &buf), 1);
	assert_true(mallinfo2().uordblks < before + MOST);
	jws_key_free(&key);
}

/* Of a certificate's signature TLS knows the digest by an old name. */
static void
test_digests_have_their_old_names(void **state)
{
	(void)state;
	assert_non_null(EVP_get_digestbyname("SHA256"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_signing_brings_no_ciphers,
		    arena_setup, arena_teardown),
		cmocka_unit_test(test_digests_have_their_old_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
