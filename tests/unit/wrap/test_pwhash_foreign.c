/* Hashes that other systems stored: published vectors, and spoiled ones. */
#include "../unit.h"

#include "wrap/pwhash.h"

static struct secret
secret(const char *text)
{
	return (struct secret){ (const unsigned char *)text, strlen(text) };
}

static int
check(const char *password, const char *stored)
{
	return pwhash_check(secret(password), str_from(stored));
}

static int
start(void **state)
{
	(void)state;
	return pwhash_start() == 1 ? 0 : -1;
}

#define ALL_OF_72 \
	"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"0123456789"

/*
 * bcrypt: the tests of crypt_blowfish.  yescrypt: Debian's mkpasswd.  ASP.NET:
 * the tests of ASP.NET Core's PasswordHasher, both versions, each PRF, salts
 * and digests of several lengths.  Django: its own tests.  scrypt: RFC 7914,
 * 12, in PHC form, and passlib's manual.  argon2i: the reference program.
 */
static const struct {
	const char *scheme;
	const char *password;
	const char *stored;
} published[] = {
	{ "bcrypt", "U*U",
	    "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW" },
	{ "bcrypt", "U*U*",
	    "$2b$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK" },
	{ "bcrypt", "U*U*U",
	    "$2y$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a" },
	{ "bcrypt", "\xa3",
	    "$2y$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq" },
	{ "bcrypt", "",
	    "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy" },
	{ "bcrypt", ALL_OF_72 "chars after 72 are ignored",
	    "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui" },
	{ "yescrypt", "password",
	    "$y$j9T$oJp/AUgEw7VCk6CI/oZRu1$"
	    "dth09tfZwTXI2L.RewJM8o93/xlSjdNZh2jyWS/5Tv3" },
	{ "aspnet", "my password",
	    "ANXrDknc7fGPpigibZXXZFMX4aoqz44JveK6jQuwY3eH/UyPhvr5xTPeGYEckLxz"
	    "9A==" },
	{ "aspnet", "my password",
	    "AQAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw" },
	{ "aspnet", "my password",
	    "AQAAAAIAAAD6AAAAIJbVi5wbMR+htSfFp8fTw8N8GOS/Sje+S/4YZcgBfU7EQuqv"
	    "4OkVYmc4VJl9AGZzmRTxSkP7LtVi9IWyUxX8IAAfZ8v+ZfhjCcudtC1YERSqE1OE"
	    "dXLW9VukPuJWBBjLuw==" },
	{ "aspnet", "my password",
	    "AQAAAAAAAAD6AAAAEAhftMyfTJylOlZT+eEotFXd1elee8ih5WsjXaR3PA9M" },
	{ "aspnet", "my password",
	    "AQAAAAEAA9CQAAAAIESkQuj2Du8Y+kbc5lcN/W/3NiAZFEm11P27nrSN5/tId+bR"
	    "1SwV8CO1Jd72r4C08OLvplNlCDc3oQZ8efcW+jQ=" },
	{ "django", "l\xc3\xa8tmein",
	    "pbkdf2_sha256$260000$seasalt$"
	    "YlZ2Vggtqdc61YjArZuoApoBh9JNGYoDRBUGu6tcJQo=" },
	{ "scrypt", "password",
	    "$scrypt$ln=10,r=8,p=16$TmFDbA$"
	    "/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDa"
	    "xyevuUqD7m2DYMvfoswGQA" },
	{ "scrypt", "pleaseletmein",
	    "$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$"
	    "cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr5"
	    "5h6F3A1lHkDfzwF7RVdYhw" },
	{ "scrypt", "password",
	    "$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$"
	    "nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E" },
	{ "argon2i", "password",
	    "$argon2i$v=19$m=1024,t=3,p=2$c29tZXNhbHRzb21lc2FsdA$"
	    "q8RmimS5eHTuAXxN7l89WzVtmfhdZaBU923F8thrI+4" },
};

static void
published_vectors_match_their_password_alone(void **state)
{
	static const struct pwhash_cost today = { 19456, 2 };
	struct pwhash_kind kind;
	const char *reason;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(published); i++) {
		const char *stored = published[i].stored;

		ASSERT_CASE(stored,
		    pwhash_judge(str_from(stored), &kind, &reason) == 1);
		ASSERT_CASE(stored,
		    strcmp(kind.scheme, published[i].scheme) == 0);
		ASSERT_CASE(stored, kind.is_foreign && kind.work_us > 0);
		ASSERT_CASE(stored, check(published[i].password, stored) == 1);
		ASSERT_CASE(stored, check("another", stored) == 0);
		ASSERT_CASE(stored,
		    pwhash_is_outdated(str_from(stored), &today));
	}
}

/* Each of its digits counts: none of them is left out of the comparison. */
static void
every_character_of_a_digest_counts(void **state)
{
	static const size_t cheap[] = { 0, 8 };
	char changed[PWHASH_SIZE];

	(void)state;
	for (size_t n = 0; n < ARRAY_LEN(cheap); n++) {
		const char *stored = published[cheap[n]].stored;
		const size_t len = strlen(stored);

		/* The last characters have bits that no digest uses. */
		for (size_t i = len - 20; i < len - 1; i++) {
			snprintf(changed, sizeof changed, "%s", stored);
			changed[i] = changed[i] == 'a' ? 'b' : 'a';
			ASSERT_CASE(changed,
			    check(published[cheap[n]].password, changed) == 0);
		}
	}
}

static void
bcrypt_counts_72_bytes_and_never_stops_at_a_nul(void **state)
{
	const char *of_72 = published[5].stored;
	const char *of_none = published[4].stored;
	static const unsigned char nul[] = "\0more";
	const struct secret begins_with_nul = { nul, sizeof nul - 1 };

	(void)state;
	assert_int_equal(check(ALL_OF_72, of_72), 1);
	assert_int_equal(check(ALL_OF_72 "x", of_72), 1);
	assert_int_equal(check("1" ALL_OF_72, of_72), 0);
	assert_int_equal(check("", of_none), 1);
	assert_int_equal(pwhash_check(begins_with_nul, str_from(of_none)), 0);
}

static void
a_password_too_long_for_crypt_matches_nothing(void **state)
{
	static char longest[LIMIT_BODY + 2];

	(void)state;
	memset(longest, 'x', sizeof longest - 1);
	for (size_t i = 0; i < ARRAY_LEN(published); i++)
		if (strcmp(published[i].scheme, "scrypt") != 0)
			ASSERT_CASE(published[i].stored,
			    check(longest, published[i].stored) == 0);
}

static void
nobody_s_string_has_the_same_cost_and_no_password(void **state)
{
	struct pwhash_kind before;
	struct pwhash_kind after;
	const char *reason;
	char text[PWHASH_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(published); i++) {
		const struct str stored = str_from(published[i].stored);

		pwhash_anonymize(stored, text);
		ASSERT_CASE(text, strlen(text) == stored.len);
		ASSERT_CASE(text, strcmp(text, stored.ptr) != 0);
		ASSERT_CASE(text, pwhash_judge(stored, &before, &reason) == 1);
		ASSERT_CASE(text,
		    pwhash_judge(str_from(text), &after, &reason) == 1);
		ASSERT_CASE(text, before.work_us == after.work_us);
		ASSERT_CASE(text, check(published[i].password, text) == 0);
	}
}

/* xorshift: the same strings at every run. */
static uint32_t
draw(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* One to four bytes are changed, put in or taken out. */
static size_t
spoil(char text[2 * PWHASH_SIZE], size_t len, uint32_t *seed)
{
	static const char bytes[] = "$,=.:/+-_ 019aAzZ\n\xff";

	for (uint32_t n = draw(seed) % 4 + 1; n > 0 && len > 1; n--) {
		const size_t at = draw(seed) % len;
		/* Its terminator too. */
		const char byte = bytes[draw(seed) % sizeof bytes];
		const uint32_t how = draw(seed) % 3;

		if (how == 0) {
			text[at] = byte;
		} else if (how == 1) {
			memmove(text + at + 1, text + at, len - at);
			text[at] = byte;
			len++;
		} else {
			memmove(text + at, text + at + 1, len - at - 1);
			len--;
		}
	}
	return len;
}

/* Whatever is judged well can be computed, and does not match. */
static void
spoiled_strings_never_match(void **state)
{
	enum { ROUNDS = 60000, WORK_US_AFFORDED = 400 };
	uint32_t seed = 0x1a7c4;
	char text[2 * PWHASH_SIZE];
	struct pwhash_kind kind;
	const char *reason;
	int computed = 0;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		const char *stored =
		    published[draw(&seed) % ARRAY_LEN(published)].stored;
		struct str spoiled;
		size_t len;

		snprintf(text, sizeof text, "%s", stored);
		len = spoil(text, strlen(text), &seed);
		spoiled = (struct str){ text, len };
		if (pwhash_judge(spoiled, &kind, &reason) != 1) {
			assert_int_equal(pwhash_check(secret("other"), spoiled),
			    0);
		} else if (kind.work_us < WORK_US_AFFORDED) {
			assert_int_equal(pwhash_check(secret("other"), spoiled),
			    0);
			computed++;
		}
	}
	assert_true(computed > 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_vectors_match_their_password_alone),
		cmocka_unit_test(every_character_of_a_digest_counts),
		cmocka_unit_test(
		    bcrypt_counts_72_bytes_and_never_stops_at_a_nul),
		cmocka_unit_test(a_password_too_long_for_crypt_matches_nothing),
		cmocka_unit_test(
		    nobody_s_string_has_the_same_cost_and_no_password),
		cmocka_unit_test(spoiled_strings_never_match),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
