/* Writing JSON straight into a buffer. */
#include "../arena.h"
#include "../unit.h"

#include "base/jsonw.h"
#include "wrap/json.h"

#include <limits.h>

static struct str
text_of(const struct buf *buf)
{
	struct str text;

	assert_int_equal(buf_str(buf, &text), 1);
	return text;
}

static void
every_kind_of_value_with_its_commas(void **state)
{
	const struct uuid uuid = { { 1, 2, 3 } };
	struct buf buf = BUF_IN(*state);
	struct jsonw w = JSONW_INTO(&buf);

	jsonw_object(&w, NULL);
	jsonw_str(&w, "s", STR("x"));
	jsonw_int(&w, "i", INT64_MIN);
	jsonw_bool(&w, "t", true);
	jsonw_bool(&w, "f", false);
	jsonw_null(&w, "n");
	jsonw_time(&w, "at", 1795341600);
	jsonw_uuid(&w, "id", &uuid);
	jsonw_array(&w, "a");
	jsonw_int(&w, NULL, 1);
	jsonw_str(&w, NULL, STR("2"));
	jsonw_object(&w, NULL);
	jsonw_object_end(&w);
	jsonw_array(&w, NULL);
	jsonw_array_end(&w);
	jsonw_array_end(&w);
	jsonw_object(&w, "o");
	jsonw_int(&w, "z", 0);
	jsonw_object_end(&w);
	jsonw_object_end(&w);
	assert_true(str_equal(text_of(&buf),
	    STR("{\"s\":\"x\",\"i\":-9223372036854775808,\"t\":true,"
	        "\"f\":false,\"n\":null,\"at\":\"2026-11-22T10:00:00Z\","
	        "\"id\":\"01020300-0000-0000-0000-000000000000\","
	        "\"a\":[1,\"2\",{},[]],\"o\":{\"z\":0}}")));
}

static void
strings_are_escaped(void **state)
{
	static const struct {
		const char *name;
		struct str value;
		const char *text;
	} cases[] = {
		{ "quote and backslash", STR_INIT("a\"b\\c"),
		    "\"a\\\"b\\\\c\"" },
		{ "line breaks and tab", STR_INIT("\r\n\t"), "\"\\r\\n\\t\"" },
		{ "NUL", STR_INIT("a\0b"), "\"a\\u0000b\"" },
		{ "escape and DEL", STR_INIT("\x1b\x7f"),
		    "\"\\u001b\\u007f\"" },
		{ "slash stays", STR_INIT("</script>"), "\"</script>\"" },
		{ "two bytes", STR_INIT("\xc3\xa4"), "\"\xc3\xa4\"" },
		{ "four bytes", STR_INIT("\xf0\x9f\x98\x80"),
		    "\"\xf0\x9f\x98\x80\"" },
		{ "bad byte",
		    STR_INIT("a\xff"
		             "b"),
		    "\"a\\ufffdb\"" },
		{ "cut sequence", STR_INIT("\xe2\x82"), "\"\\ufffd\\ufffd\"" },
		{ "surrogate", STR_INIT("\xed\xa0\x80"),
		    "\"\\ufffd\\ufffd\\ufffd\"" },
		{ "empty", STR_INIT(""), "\"\"" },
		{ "absent", { NULL, 0 }, "null" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf buf = BUF_IN(*state);
		struct jsonw w = JSONW_INTO(&buf);

		jsonw_str(&w, NULL, cases[i].value);
		ASSERT_CASE(cases[i].name,
		    str_equal(text_of(&buf), str_from(cases[i].text)));
	}
}

static void
names_are_escaped_too(void **state)
{
	struct buf buf = BUF_IN(*state);
	struct jsonw w = JSONW_INTO(&buf);

	jsonw_object(&w, NULL);
	jsonw_int(&w, "a\"b", 1);
	jsonw_object_end(&w);
	assert_true(str_equal(text_of(&buf), STR("{\"a\\\"b\":1}")));
}

static void
every_byte_but_nul_comes_back_through_the_reader(void **state)
{
	for (int byte = 1; byte < 128; byte++) {
		const char value[] = { 'a', (char)byte, 'b' };
		struct buf buf = BUF_IN(*state);
		struct jsonw w = JSONW_INTO(&buf);
		struct json *json;

		jsonw_object(&w, NULL);
		jsonw_str(&w, "v", (struct str){ value, sizeof value });
		jsonw_object_end(&w);
		assert_int_equal(json_parse_object(text_of(&buf), &json), 1);
		assert_true(
		    str_equal(json_str(json_member(json_root(json), "v")),
		        (struct str){ value, sizeof value }));
		json_free(&json);
	}
}

static void
a_full_arena_is_noticed_at_the_end(void **state)
{
	struct arena *small = arena_new(1024);
	struct buf buf = BUF_IN(small);
	struct jsonw w = JSONW_INTO(&buf);
	struct str text;

	(void)state;
	assert_non_null(small);
	jsonw_array(&w, NULL);
	for (int i = 0; i < 1000; i++)
		jsonw_str(&w, NULL, STR("some text"));
	jsonw_array_end(&w);
	assert_int_equal(buf_str(&buf, &text), -1);
	arena_free(&small);
}

/* Every byte, behind others and before them. */
static void
what_needs_no_escape_is_told_byte_by_byte(void **state)
{
	enum { LEN = 3 };

	(void)state;
	for (int byte = 0; byte <= UCHAR_MAX; byte++) {
		const bool is_plain =
		    byte >= ' ' && byte <= '~' && byte != '"' && byte != '\\';

		for (size_t at = 0; at < LEN; at++) {
			char text[LEN];
			const struct str s = { text, LEN };

			memset(text, byte % 2 == 0 ? ' ' : '~', LEN);
			text[at] = (char)byte;
			assert_int_equal(jsonw_verbatim_len(s),
			    is_plain ? LEN : at);
		}
	}
	assert_int_equal(jsonw_verbatim_len(STR_NONE), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    every_kind_of_value_with_its_commas, arena_setup,
		    arena_teardown),
		cmocka_unit_test_setup_teardown(strings_are_escaped,
		    arena_setup, arena_teardown),
		cmocka_unit_test_setup_teardown(names_are_escaped_too,
		    arena_setup, arena_teardown),
		cmocka_unit_test_setup_teardown(
		    every_byte_but_nul_comes_back_through_the_reader,
		    arena_setup, arena_teardown),
		cmocka_unit_test(what_needs_no_escape_is_told_byte_by_byte),
		cmocka_unit_test(a_full_arena_is_noticed_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
