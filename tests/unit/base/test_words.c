/* Where words begin. */
#include "../unit.h"

#include "base/words.h"

/* All beginnings of a text, joined by '|'. */
static void
check(struct str text, const char *expected)
{
	struct words words = WORDS_OF(text);
	char found[256] = "";
	size_t len = 0;
	struct str rest;

	while (words_next(&words, &rest) == 1) {
		if (len > 0)
			found[len++] = '|';
		memcpy(found + len, rest.ptr, rest.len);
		len += rest.len;
		found[len] = '\0';
	}
	assert_string_equal(found, expected);
}

static void
a_word_begins_at_marks_and_after_them(void **state)
{
	(void)state;
	check(STR("ann"), "ann");
	check(STR("ann lee"), "ann lee| lee|lee");
	check(STR("a.b@c"), "a.b@c|.b@c|b@c|@c|c");
	check(STR("--x"), "--x|-x|x");
	check(STR("o'neill"), "o'neill|'neill|neill");
	check(STR("100%"), "100%|%");
}

static void
a_word_begins_where_letters_and_digits_meet(void **state)
{
	(void)state;
	check(STR("lee42"), "lee42|42");
	check(STR("4ever"), "4ever|ever");
	check(STR("a1b"), "a1b|1b|b");
}

static void
characters_beyond_ascii_are_letters(void **state)
{
	(void)state;
	check(STR("m\xc3\xbcller"), "m\xc3\xbcller");
	check(STR("\xe7\x8e\x8b 7"), "\xe7\x8e\x8b 7| 7|7");
}

static void
an_empty_text_has_no_word(void **state)
{
	(void)state;
	check(STR(""), "");
	check(STR_NONE, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_word_begins_at_marks_and_after_them),
		cmocka_unit_test(a_word_begins_where_letters_and_digits_meet),
		cmocka_unit_test(characters_beyond_ascii_are_letters),
		cmocka_unit_test(an_empty_text_has_no_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
