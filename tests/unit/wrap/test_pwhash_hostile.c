/* Stored strings that are damaged, absurdly dear or unknown. */
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

#define V3_TAIL "EOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw"
#define DJANGO_TAIL "$seasalt$YlZ2Vggtqdc61YjArZuoApoBh9JNGYoDRBUGu6tcJQo="
#define SCRYPT_TAIL \
	"$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E"
#define BCRYPT_TAIL "$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
#define YESCRYPT_TAIL \
	"$LdJMENpBABJJ3hIHjB1Bi.$HboGM6qPrsK.StKYGt6KErmUYtioHreJd98oIugoNB6"
#define ARGON2_TAIL \
	"$c29tZXNhbHRzb21lc2FsdA$q8RmimS5eHTuAXxN7l89WzVtmfhdZaBU923F8thrI+4"

static const char *const too_dear[] = {
	"$2b$16" BCRYPT_TAIL,
	"$2a$31" BCRYPT_TAIL,
	"$2y$99" BCRYPT_TAIL,
	/* 512 MiB, 2^48 blocks, and r of 48. */
	"$y$jET" YESCRYPT_TAIL,
	"$y$jjT" YESCRYPT_TAIL,
	"$y$jDj" YESCRYPT_TAIL,
	"$scrypt$ln=19,r=8,p=1" SCRYPT_TAIL,
	"$scrypt$ln=21,r=1,p=1" SCRYPT_TAIL,
	"$scrypt$ln=63,r=8,p=1" SCRYPT_TAIL,
	"$scrypt$ln=9223372036854775807,r=8,p=1" SCRYPT_TAIL,
	"$scrypt$ln=4,r=33,p=1" SCRYPT_TAIL,
	"$scrypt$ln=4,r=1073741824,p=1" SCRYPT_TAIL,
	"$scrypt$ln=4,r=1,p=17" SCRYPT_TAIL,
	"$scrypt$ln=18,r=8,p=16" SCRYPT_TAIL,
	/* 2^32 - 1 iterations of SHA-1, 16 million of SHA-256. */
	"AQAAAAD/////AAAA" V3_TAIL,
	"AQAAAAEA////AAAA" V3_TAIL,
	"pbkdf2_sha256$10000000" DJANGO_TAIL,
	"pbkdf2_sha256$2147483648" DJANGO_TAIL,
	"pbkdf2_sha256$9223372036854775807" DJANGO_TAIL,
	"$argon2i$v=19$m=262145,t=1,p=1" ARGON2_TAIL,
	"$argon2id$v=19$m=262145,t=1,p=1" ARGON2_TAIL,
	"$argon2id$v=19$m=64,t=17,p=1" ARGON2_TAIL,
	"$argon2id$v=19$m=1024,t=1,p=17" ARGON2_TAIL,
};

static const char *const damaged[] = {
	"$2b$",
	"$2b$05" BCRYPT_TAIL "x",
	"$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe",
	"$2b$5" BCRYPT_TAIL "x",
	"$2b$03" BCRYPT_TAIL,
	"$2b$-5" BCRYPT_TAIL,
	"$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyO+W",
	"$2b$05:CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
	"$y$",
	"$y$j9T",
	"$y$j9T$salt",
	"$y$j9T" YESCRYPT_TAIL "x",
	"$y$j9T$" YESCRYPT_TAIL,
	"$y$i9T" YESCRYPT_TAIL,
	"$y$/9T" YESCRYPT_TAIL,
	"$y$j9T." YESCRYPT_TAIL,
	"$y$j9" YESCRYPT_TAIL,
	"$y$jzz" YESCRYPT_TAIL,
	"$y$j9T$sa+lt$HboGM6qPrsK.StKYGt6KErmUYtioHreJd98oIugoNB6",
	"$scrypt$",
	"$scrypt$ln=16,r=8,p=1",
	"$scrypt$ln=16,r=8,p=1$$",
	"$scrypt$ln=0,r=8,p=1" SCRYPT_TAIL,
	"$scrypt$ln=16,r=0,p=1" SCRYPT_TAIL,
	"$scrypt$ln=16,r=8,p=0" SCRYPT_TAIL,
	"$scrypt$ln=-1,r=8,p=1" SCRYPT_TAIL,
	"$scrypt$ln=016,r=8,p=1" SCRYPT_TAIL,
	"$scrypt$N=65536,r=8,p=1" SCRYPT_TAIL,
	"$scrypt$ln=16,r=8,p=1,q=1" SCRYPT_TAIL,
	"$scrypt$ln=4,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNl",
	"$scrypt$ln=4,r=8,p=1$aM15713r3Xsvxbi31lqr1Q==$"
	"nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E=",
	"$scrypt$ln=4,r=8,p=1$$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E",
	/* Too short and too long, as in ASP.NET Core's own tests. */
	"AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggE=",
	"AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1u"
	"JgAAAAAAAAAAAAA=",
	"AQAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4A=",
	"A",
	"AA==",
	"AQ==",
	"AQAAAAIAAAAyAAAA",
	/* No such PRF, no iteration, a salt of 15 bytes, of 2^32 - 1. */
	"AQAAAAMAAAAyAAAA" V3_TAIL,
	"AQAAAAIAAAAAAAAA" V3_TAIL,
	"AQAAAAIAAAAyAAAADzCwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw",
	"AQAAAAIAAAAy/////+MwvhX+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw",
	"AgAAAAIAAAAyAAAA" V3_TAIL,
	"AQAAAAIAAAAyAAAAEOMwvh3-FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw",
	"AQAAAAIAAAAyAAAA" V3_TAIL "=",
	"pbkdf2_sha256$",
	"pbkdf2_sha256$0" DJANGO_TAIL,
	"pbkdf2_sha256$-1" DJANGO_TAIL,
	"pbkdf2_sha256$1e3" DJANGO_TAIL,
	"pbkdf2_sha256$99999999999999999999" DJANGO_TAIL,
	"pbkdf2_sha256$1000$$YlZ2Vggtqdc61YjArZuoApoBh9JNGYoDRBUGu6tcJQo=",
	"pbkdf2_sha256$1000$seasalt$YlZ2Vggtqdc61YjArZuoApoBh9JNGYoDRBUGu6tcJQ",
	"pbkdf2_sha256$1000$seasalt$YlZ2Vggtqdc61YjArZuoAg==",
	"pbkdf2_sha256$1000$sea" DJANGO_TAIL,
	"$argon2i$v=16$m=1024,t=3,p=2" ARGON2_TAIL,
	"$argon2id$v=19$m=64,t=1,p=1$c2FsdA$"
	"q8RmimS5eHTuAXxN7l89WzVtmfhdZaBU923F8thrI+4",
	"$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$AAAA",
};

static const char *const unknown[] = {
	"",
	"password",
	"$2$05" BCRYPT_TAIL,
	"$2x$05" BCRYPT_TAIL,
	"$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/",
	"$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2",
	"$7$C6..../....SodiumChloride$kBGj9fHznVYFQMEn/qDCfrDevf9YDtcDdKv",
	"$argon2d$v=19$m=64,t=1,p=1" ARGON2_TAIL,
	"pbkdf2_sha1$1000$seasalt$YlZ2Vggtqdc61YjArZuoApoBh9I=",
	"5f4dcc3b5aa765d61d8327deb882cf99",
	"!",
	" $2b$05" BCRYPT_TAIL,
};

static void
assert_refused(const char *const *list, size_t count, const char *why)
{
	struct pwhash_kind kind = { "untouched", 42, false };
	const char *reason;

	for (size_t i = 0; i < count; i++) {
		ASSERT_CASE(list[i],
		    pwhash_judge(str_from(list[i]), &kind, &reason) == 0);
		ASSERT_CASE(list[i], strstr(reason, why) != NULL);
		ASSERT_CASE(list[i], check("password", list[i]) == 0);
	}
	assert_string_equal(kind.scheme, "untouched");
}

static void
what_can_not_match_is_refused_uncomputed(void **state)
{
	(void)state;
	/* Of the first ones, several would outlast the test's time limit. */
	assert_refused(too_dear, ARRAY_LEN(too_dear), "more memory or work");
	assert_refused(damaged, ARRAY_LEN(damaged), "is damaged");
	assert_refused(unknown, ARRAY_LEN(unknown), "no scheme");
}

/* What stands at the bounds is still taken; it is not computed here. */
static void
the_dearest_in_use_elsewhere_are_taken(void **state)
{
	static const char *const stored[] = {
		"$2b$15" BCRYPT_TAIL,
		"$y$jDT" YESCRYPT_TAIL,
		"$scrypt$ln=18,r=8,p=1" SCRYPT_TAIL,
		"$scrypt$ln=17,r=8,p=1" SCRYPT_TAIL,
		"pbkdf2_sha256$1500000" DJANGO_TAIL,
		"$argon2id$v=19$m=262144,t=16,p=1" ARGON2_TAIL,
		"$argon2i$v=19$m=102400,t=2,p=8" ARGON2_TAIL,
	};
	struct pwhash_kind kind;
	const char *reason;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(stored); i++)
		ASSERT_CASE(stored[i],
		    pwhash_judge(str_from(stored[i]), &kind, &reason) == 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_can_not_match_is_refused_uncomputed),
		cmocka_unit_test(the_dearest_in_use_elsewhere_are_taken),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
