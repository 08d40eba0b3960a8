/* How much of OpenSSL a process holds that signs. */
#include "../arena.h"
#include "../unit.h"

#include "wrap/digest.h"
#include "wrap/jws.h"

#include <malloc.h>

/* Digests, a curve and a key are 122 KiB, and with all ciphers 262. */
enum { MOST = 192 * 1024 };

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_signing_brings_no_ciphers,
		    arena_setup, arena_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
