/* Texts that the JSON reader must refuse. */
#include "../unit.h"

#include "wrap/json.h"

struct text_case {
	const char *name;
	struct str text;
};

static int
parse(struct str text)
{
	struct json *json = NULL;
	const int rc = json_parse_object(text, &json);

	if (rc == 1)
		json_free(&json);
	assert_null(json);
	return rc;
}

static const struct text_case not_objects[] = {
	{ "empty", STR_INIT("") },
	{ "spaces", STR_INIT(" \t\r\n") },
	{ "array", STR_INIT("[]") },
	{ "array of an object", STR_INIT("[{}]") },
	{ "string", STR_INIT("\"{}\"") },
	{ "number", STR_INIT("1") },
	{ "null", STR_INIT("null") },
	{ "true", STR_INIT("true") },
	{ "two objects", STR_INIT("{}{}") },
	{ "two objects and a comma", STR_INIT("{},{}") },
	{ "rubbish behind", STR_INIT("{}x") },
	{ "NUL behind", STR_INIT("{}\0") },
	{ "NUL and an object behind", STR_INIT("{}\0{}") },
	{ "NUL before", STR_INIT("\0{}") },
	{ "BOM before", STR_INIT("\xef\xbb\xbf{}") },
	{ "BOM behind", STR_INIT("{}\xef\xbb\xbf") },
	{ "form feed before", STR_INIT("\f{}") },
	{ "no-break space before", STR_INIT("\xc2\xa0{}") },
	{ "UTF-16", STR_INIT("{\0}\0") },
	{ "anti-hijack prefix", STR_INIT(")]}',\n{}") },
};

static const struct text_case bad_structures[] = {
	{ "open", STR_INIT("{") },
	{ "name only", STR_INIT("{\"a\"") },
	{ "name and colon", STR_INIT("{\"a\":") },
	{ "not closed", STR_INIT("{\"a\":1") },
	{ "no value", STR_INIT("{\"a\":}") },
	{ "no colon", STR_INIT("{\"a\" 1}") },
	{ "two colons", STR_INIT("{\"a\"::1}") },
	{ "equals", STR_INIT("{\"a\"=1}") },
	{ "comma alone", STR_INIT("{,}") },
	{ "trailing comma", STR_INIT("{\"a\":1,}") },
	{ "leading comma", STR_INIT("{,\"a\":1}") },
	{ "two commas", STR_INIT("{\"a\":1,,\"b\":2}") },
	{ "no comma", STR_INIT("{\"a\":1 \"b\":2}") },
	{ "trailing comma in an array", STR_INIT("{\"a\":[1,]}") },
	{ "comma alone in an array", STR_INIT("{\"a\":[,]}") },
	{ "no comma in an array", STR_INIT("{\"a\":[1 2]}") },
	{ "array not closed", STR_INIT("{\"a\":[1}") },
	{ "closed by the other", STR_INIT("{\"a\":[1}]}") },
	{ "closed twice", STR_INIT("{\"a\":1}}") },
	{ "name without quotes", STR_INIT("{a:1}") },
	{ "number as a name", STR_INIT("{1:1}") },
	{ "null as a name", STR_INIT("{null:1}") },
	{ "single quotes", STR_INIT("{'a':1}") },
	{ "value in single quotes", STR_INIT("{\"a\":'b'}") },
	{ "comment", STR_INIT("{/**/}") },
	{ "line comment", STR_INIT("{\"a\":1}//x") },
	{ "hash comment", STR_INIT("{\"a\":1}#x") },
};

static const struct text_case bad_scalars[] = {
	{ "NaN", STR_INIT("{\"a\":NaN}") },
	{ "nan", STR_INIT("{\"a\":nan}") },
	{ "Infinity", STR_INIT("{\"a\":Infinity}") },
	{ "-Infinity", STR_INIT("{\"a\":-Infinity}") },
	{ "True", STR_INIT("{\"a\":True}") },
	{ "TRUE", STR_INIT("{\"a\":TRUE}") },
	{ "Null", STR_INIT("{\"a\":Null}") },
	{ "nul", STR_INIT("{\"a\":nul}") },
	{ "nulll", STR_INIT("{\"a\":nulll}") },
	{ "truefalse", STR_INIT("{\"a\":truefalse}") },
	{ "undefined", STR_INIT("{\"a\":undefined}") },
	{ "plus", STR_INIT("{\"a\":+1}") },
	{ "minus alone", STR_INIT("{\"a\":-}") },
	{ "two minuses", STR_INIT("{\"a\":--1}") },
	{ "minus and space", STR_INIT("{\"a\":- 1}") },
	{ "leading zero", STR_INIT("{\"a\":01}") },
	{ "leading zero, negative", STR_INIT("{\"a\":-01}") },
	{ "two zeroes", STR_INIT("{\"a\":00}") },
	{ "hexadecimal", STR_INIT("{\"a\":0x1}") },
	{ "point first", STR_INIT("{\"a\":.5}") },
	{ "point last", STR_INIT("{\"a\":1.}") },
	{ "point alone", STR_INIT("{\"a\":.}") },
	{ "two points", STR_INIT("{\"a\":1.2.3}") },
	{ "exponent empty", STR_INIT("{\"a\":1e}") },
	{ "exponent sign only", STR_INIT("{\"a\":1e+}") },
	{ "exponent with two signs", STR_INIT("{\"a\":1e+-1}") },
	{ "exponent alone", STR_INIT("{\"a\":e1}") },
	{ "exponent with a point", STR_INIT("{\"a\":1e1.5}") },
	{ "point before the exponent", STR_INIT("{\"a\":1.e1}") },
	{ "space inside", STR_INIT("{\"a\":1 2}") },
	{ "underscore", STR_INIT("{\"a\":1_000}") },
	{ "suffix", STR_INIT("{\"a\":1n}") },
	{ "Arabic digit", STR_INIT("{\"a\":\xd9\xa1}") },
};

static const struct text_case bad_strings[] = {
	{ "open", STR_INIT("{\"a\":\"b") },
	{ "open behind a backslash", STR_INIT("{\"a\":\"b\\") },
	{ "open behind an escaped quote", STR_INIT("{\"a\":\"b\\\"}") },
	{ "unknown escape", STR_INIT("{\"a\":\"\\x41\"}") },
	{ "escaped quote of the other kind", STR_INIT("{\"a\":\"\\'\"}") },
	{ "escaped NUL", STR_INIT("{\"a\":\"\\0\"}") },
	{ "upper-case U", STR_INIT("{\"a\":\"\\U0041\"}") },
	{ "three hex digits", STR_INIT("{\"a\":\"\\u041\"}") },
	{ "no hex digit", STR_INIT("{\"a\":\"\\u00g1\"}") },
	{ "sign as a digit", STR_INIT("{\"a\":\"\\u+041\"}") },
	{ "cut in hex", STR_INIT("{\"a\":\"\\u00") },
	{ "\\u0000 in a value", STR_INIT("{\"a\":\"K1\\u0000x\"}") },
	{ "\\u0000 in a name", STR_INIT("{\"a\\u0000\":1}") },
	{ "raw NUL in a value", STR_INIT("{\"a\":\"x\0y\"}") },
	{ "raw NUL in a name", STR_INIT("{\"a\0\":1}") },
	{ "raw line feed", STR_INIT("{\"a\":\"x\ny\"}") },
	{ "raw tab", STR_INIT("{\"a\":\"x\ty\"}") },
	{ "raw 0x1f", STR_INIT("{\"a\":\"\x1f\"}") },
	{ "escaped line feed, raw", STR_INIT("{\"a\":\"x\\\ny\"}") },
	{ "lone high surrogate", STR_INIT("{\"a\":\"\\ud800\"}") },
	{ "lone low surrogate", STR_INIT("{\"a\":\"\\udc00\"}") },
	{ "surrogates reversed", STR_INIT("{\"a\":\"\\ude00\\ud83d\"}") },
	{ "two low surrogates", STR_INIT("{\"a\":\"\\udc00\\udc00\"}") },
	{ "high and above the low", STR_INIT("{\"a\":\"\\ud83d\\ue000\"}") },
	{ "two high surrogates", STR_INIT("{\"a\":\"\\ud83d\\ud83d\"}") },
	{ "high and a letter", STR_INIT("{\"a\":\"\\ud83dA\"}") },
	{ "high and an escape", STR_INIT("{\"a\":\"\\ud83d\\n\"}") },
	{ "high and a BMP escape", STR_INIT("{\"a\":\"\\ud83d\\u0041\"}") },
	{ "invalid UTF-8", STR_INIT("{\"a\":\"\xff\"}") },
	{ "overlong slash", STR_INIT("{\"a\":\"\xc0\xaf\"}") },
	{ "surrogate in UTF-8", STR_INIT("{\"a\":\"\xed\xa0\x80\"}") },
	{ "cut UTF-8", STR_INIT("{\"a\":\"\xe2\x82\"}") },
	{ "invalid UTF-8 in a name", STR_INIT("{\"\xff\":1}") },
	{ "invalid UTF-8 outside", STR_INIT("{\"a\":1\xff}") },
};

static const struct text_case duplicates[] = {
	{ "plain", STR_INIT("{\"a\":1,\"a\":1}") },
	{ "not neighbours", STR_INIT("{\"a\":1,\"b\":2,\"a\":3}") },
	{ "by an escape", STR_INIT("{\"sub\":\"u1\",\"\\u0073ub\":\"x\"}") },
	{ "by another escape", STR_INIT("{\"a/b\":1,\"a\\/b\":2}") },
	{ "by surrogates",
	    STR_INIT("{\"\xf0\x9f\x98\x80\":1,\"\\ud83d\\ude00\":2}") },
	{ "empty name", STR_INIT("{\"\":1,\"\":2}") },
	{ "nested", STR_INIT("{\"o\":{\"a\":1,\"a\":2}}") },
	{ "in an array", STR_INIT("{\"l\":[{\"b\":1},{\"a\":1,\"a\":2}]}") },
	{ "around a nested one",
	    STR_INIT("{\"o\":{\"a\":1},\"o\":{\"a\":1}}") },
	{ "null twice", STR_INIT("{\"a\":null,\"a\":null}") },
	{ "three times", STR_INIT("{\"a\":1,\"a\":2,\"a\":3}") },
};

static void
refuse_all(const struct text_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		ASSERT_CASE(cases[i].name, parse(cases[i].text) == 0);
}

static void
anything_but_one_object_is_refused(void **state)
{
	(void)state;
	refuse_all(not_objects, ARRAY_LEN(not_objects));
}

static void
broken_structure_is_refused(void **state)
{
	(void)state;
	refuse_all(bad_structures, ARRAY_LEN(bad_structures));
}

static void
numbers_and_words_outside_of_the_grammar_are_refused(void **state)
{
	(void)state;
	refuse_all(bad_scalars, ARRAY_LEN(bad_scalars));
}

static void
broken_strings_are_refused(void **state)
{
	(void)state;
	refuse_all(bad_strings, ARRAY_LEN(bad_strings));
}

static void
duplicate_members_are_refused_in_any_spelling(void **state)
{
	(void)state;
	refuse_all(duplicates, ARRAY_LEN(duplicates));
}

static void
the_same_name_in_different_objects_is_no_duplicate(void **state)
{
	(void)state;
	assert_int_equal(parse(STR("{\"a\":{\"a\":{\"a\":[{\"a\":1},"
	                           "{\"a\":2}]}},\"A\":1,\"a \":2}")),
	    1);
}

static void
every_prefix_of_a_text_is_refused(void **state)
{
	static const struct str whole = STR_INIT(
	    "{\"a\":[1,-2.5e+3,{\"\\u00e4\":\"\\ud83d\\ude00\"}],"
	    "\"b\":null,\"c\":true,\"d\":\"\xe2\x82\xac\"}");

	(void)state;
	assert_int_equal(parse(whole), 1);
	for (size_t len = 0; len < whole.len; len++) {
		/* A copy of that length lets a sanitizer see a step beyond. */
		char *copy = malloc(len + (len == 0));

		assert_non_null(copy);
		memcpy(copy, whole.ptr, len);
		if (parse((struct str){ copy, len }) != 0)
			fail_msg("prefix of %zu bytes accepted", len);
		free(copy);
	}
}

static void
a_random_change_never_lets_a_broken_text_crash(void **state)
{
	static const char whole[] =
	    "{\"a\":[1,-2.5e+3,{\"\\u00e4\":\"\\ud83d\\ude00\"}],"
	    "\"b\":null,\"c\":true,\"d\":\"\xe2\x82\xac\",\"e\":-0}";
	uint32_t seed = 1;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char text[sizeof whole];

		memcpy(text, whole, sizeof whole);
		for (int i = 0; i < 2; i++) {
			seed = seed * 1664525 + 1013904223;
			text[seed >> 16 & 0x3f] = (char)(seed >> 8);
		}
		assert_in_range(parse((struct str){ text, sizeof whole - 1 }),
		    0, 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(anything_but_one_object_is_refused),
		cmocka_unit_test(broken_structure_is_refused),
		cmocka_unit_test(
		    numbers_and_words_outside_of_the_grammar_are_refused),
		cmocka_unit_test(broken_strings_are_refused),
		cmocka_unit_test(duplicate_members_are_refused_in_any_spelling),
		cmocka_unit_test(
		    the_same_name_in_different_objects_is_no_duplicate),
		cmocka_unit_test(every_prefix_of_a_text_is_refused),
		cmocka_unit_test(
		    a_random_change_never_lets_a_broken_text_crash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
