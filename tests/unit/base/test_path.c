/* Paths that a browser may be sent to: the list of attack H-152 and others. */
#include "../unit.h"

#include "base/limits.h"
#include "base/path.h"

static const char *const own[] = {
	"/",
	"/a",
	"/0",
	"/a/",
	"/a/b.html",
	"/a/b.c/d",
	"/a.b",
	"/a-b_c~d",
	"/a;b=c,d/@e:f!$&'()*+",
	"/a?",
	"/?x",
	"/a?b=c&d=%26",
	"/a?b=//c/../d",
	"/a?next=https://evil.example/",
	"/a%20b",
	"/a%C3%A4",
	"/a/%41",
};

static const char *const foreign[] = {
	"",
	"a",
	"?a",
	"//",
	"//evil",
	"///evil",
	"/\\evil",
	"\\\\evil",
	"/a\\b",
	"/?\\",
	"https:evil",
	"https://evil/",
	"javascript:alert(1)",
	"data:,x",
	"//good@evil",
	"/@evil",
	"/:80",
	"/;x",
	"/_a",
	"/%41",
	"/%09/evil",
	"/%5cevil",
	"/%2fevil",
	"/a%2fb",
	"/a%2Fb",
	"/a%5Cb",
	"/a%2e%2e/b",
	"/a/%2E./b",
	"/a%252fb",
	"/a%00",
	"/a%0d%0aX:y",
	"/a%1b",
	"/.",
	"/..",
	"/.a",
	"/./a",
	"/../a",
	"/..//evil",
	"/a/.",
	"/a/..",
	"/a/../b",
	"/a/.b",
	"/a//b",
	"/a//",
	"/a b",
	" /a",
	"/a\t",
	"/a\r\nX: y",
	"/a#b",
	"/a\"b",
	"/a<b>",
	"/a^",
	"/a{b}",
	"/a|b",
	"/a`b",
	"/a[b]",
	"/\x80",
	"/a?b\x7f",
};

static void
a_path_of_this_site_is_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		ASSERT_CASE(own[i], path_is_own(str_from(own[i])));
}

static void
whatever_else_is_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(foreign); i++)
		ASSERT_CASE(foreign[i], !path_is_own(str_from(foreign[i])));
	assert_false(path_is_own(STR_NONE));
	assert_false(path_is_own(STR("/a\0b")));
}

static void
its_length_is_bounded(void **state)
{
	char text[LIMIT_RETURN + 1];

	(void)state;
	memset(text, 'a', sizeof text);
	text[0] = '/';
	assert_true(path_is_own((struct str){ text, LIMIT_RETURN }));
	assert_false(path_is_own((struct str){ text, LIMIT_RETURN + 1 }));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_of_this_site_is_known),
		cmocka_unit_test(whatever_else_is_none),
		cmocka_unit_test(its_length_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
