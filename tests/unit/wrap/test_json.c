/* Reading JSON, strictly. */
#include "../arena.h"
#include "../unit.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "wrap/json.h"

/* Even under a sanitizer the slowest text takes a fifth of it. */
enum { SLOW_MS = 500 };

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

/* {"v":TEXT} parsed; the caller frees it. */
static struct json *
parsed_value(const char *text)
{
	char whole[256];
	struct json *json;

	assert_true((size_t)snprintf(whole, sizeof whole, "{\"v\":%s}", text) <
	    sizeof whole);
	if (json_parse_object(str_from(whole), &json) != 1)
		fail_msg("refused: %s", whole);
	return json;
}

static enum json_type
type_of_value(const char *text)
{
	struct json *json = parsed_value(text);
	const enum json_type type =
	    json_type_of(json_member(json_root(json), "v"));

	json_free(&json);
	return type;
}

static void
every_kind_of_value_is_read(void **state)
{
	struct json *json = parsed_value(
	    "{\"s\":\"a\\u00e4\\ud83d\\ude00\\/\\n\",\"i\":-7,\"r\":1.5,"
	    "\"t\":true,\"f\":false,\"n\":null,\"a\":[1,null,\"x\"],\"o\":{}}");
	const struct json_value *v = json_member(json_root(json), "v");
	const struct json_value *a = json_member(v, "a");

	(void)state;
	assert_int_equal(json_count(v), 8);
	assert_true(str_equal(json_str(json_member(v, "s")),
	    STR("a\xc3\xa4\xf0\x9f\x98\x80/\n")));
	assert_int_equal(json_int(json_member(v, "i")), -7);
	assert_int_equal(json_type_of(json_member(v, "r")), JSON_REAL);
	assert_true(json_bool(json_member(v, "t")));
	assert_false(json_bool(json_member(v, "f")));
	assert_int_equal(json_type_of(json_member(v, "n")), JSON_NULL);
	assert_int_equal(json_type_of(json_member(v, "o")), JSON_OBJECT);
	assert_int_equal(json_count(json_member(v, "o")), 0);
	assert_int_equal(json_type_of(a), JSON_ARRAY);
	assert_int_equal(json_count(a), 3);
	assert_int_equal(json_int(json_element(a, 0)), 1);
	assert_int_equal(json_type_of(json_element(a, 1)), JSON_NULL);
	assert_true(str_equal(json_str(json_element(a, 2)), STR("x")));
	assert_null(json_element(a, 3));
	json_free(&json);
}

static void
an_absent_member_is_told_from_a_null_one(void **state)
{
	struct json *json = parsed_value("null");

	(void)state;
	assert_null(json_member(json_root(json), "V"));
	assert_int_equal(json_type_of(json_member(json_root(json), "w")),
	    JSON_ABSENT);
	assert_int_equal(json_type_of(json_member(json_root(json), "v")),
	    JSON_NULL);
	json_free(&json);
}

static void
an_integer_is_exact_or_no_integer(void **state)
{
	static const struct {
		const char *text;
		enum json_type type;
		int64_t value;
	} cases[] = {
		{ "0", JSON_INT, 0 },
		{ "-1", JSON_INT, -1 },
		{ "9223372036854775807", JSON_INT, INT64_MAX },
		{ "-9223372036854775808", JSON_INT, INT64_MIN },
		{ "9223372036854775808", JSON_REAL, 0 },
		{ "-9223372036854775809", JSON_REAL, 0 },
		{ "18446744073709551615", JSON_REAL, 0 },
		{ "18446744073709551616", JSON_REAL, 0 },
		{ "99999999999999999999999999999999999999", JSON_REAL, 0 },
		{ "-99999999999999999999999999999999999999", JSON_REAL, 0 },
		{ "-0", JSON_REAL, 0 },
		{ "1.0", JSON_REAL, 0 },
		{ "1e2", JSON_REAL, 0 },
		{ "1E+2", JSON_REAL, 0 },
		{ "0e0", JSON_REAL, 0 },
		{ "1e-2", JSON_REAL, 0 },
		{ "-0.0", JSON_REAL, 0 },
		{ "1e999", JSON_REAL, 0 },
		{ "-1e999", JSON_REAL, 0 },
		{ "4102444800.5", JSON_REAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct json *json = parsed_value(cases[i].text);
		const struct json_value *v = json_member(json_root(json), "v");

		ASSERT_CASE(cases[i].text, json_type_of(v) == cases[i].type);
		if (cases[i].type == JSON_INT)
			ASSERT_CASE(cases[i].text,
			    json_int(v) == cases[i].value);
		json_free(&json);
	}
}

static void
an_oversized_integer_leaves_its_neighbours_alone(void **state)
{
	struct json *json = parsed_value(
	    "[1,-0,2,18446744073709551616,3,-0,\"18446744073709551616\"]");
	const struct json_value *v = json_member(json_root(json), "v");

	(void)state;
	assert_int_equal(json_count(v), 7);
	assert_int_equal(json_int(json_element(v, 0)), 1);
	assert_int_equal(json_type_of(json_element(v, 1)), JSON_REAL);
	assert_int_equal(json_int(json_element(v, 2)), 2);
	assert_int_equal(json_type_of(json_element(v, 3)), JSON_REAL);
	assert_int_equal(json_int(json_element(v, 4)), 3);
	assert_int_equal(json_type_of(json_element(v, 5)), JSON_REAL);
	assert_true(str_equal(json_str(json_element(v, 6)),
	    STR("18446744073709551616")));
	json_free(&json);
}

static void
white_space_is_allowed_where_the_grammar_has_it(void **state)
{
	(void)state;
	assert_int_equal(parse(STR("{}")), 1);
	assert_int_equal(
	    parse(STR(" \t\r\n{ \"a\"\n:\t[ 1 ,\r2 ] , \"b\" : { } } \n")), 1);
}

/* {"v":[[[...]]]} with so many containers in all, none of them closed. */
static struct buf
nested(struct arena *arena, size_t depth, const char *open)
{
	struct buf text = BUF_IN(arena);

	buf_add_c(&text, "{\"v\":");
	for (size_t i = 1; i < depth; i++)
		buf_add_c(&text, open);
	return text;
}

static struct str
closed(struct buf *text, size_t depth, const char *close)
{
	struct str s;

	buf_add_c(text, "1");
	for (size_t i = 1; i < depth; i++)
		buf_add_c(text, close);
	buf_add_c(text, "}");
	assert_int_equal(buf_str(text, &s), 1);
	return s;
}

static void
nesting_deeper_than_the_limit_is_refused(void **state)
{
	struct buf text;
	struct str s;

	for (size_t depth = 1; depth < 40; depth++) {
		const int want = depth <= LIMIT_JSON_DEPTH;

		text = nested(*state, depth, "[");
		assert_int_equal(parse(closed(&text, depth, "]")), want);
		text = nested(*state, depth, "{\"v\":");
		assert_int_equal(parse(closed(&text, depth, "}")), want);
	}
	text = nested(*state, 30000, "[");
	assert_int_equal(buf_str(&text, &s), 1);
	assert_int_equal(parse(s), 0);
	assert_int_equal(parse(closed(&text, 30000, "]")), 0);
}

static void
depth_is_given_back_when_a_container_closes(void **state)
{
	(void)state;
	assert_int_equal(parse(STR("{\"v\":[[],[],[],[],[],[],[],[],[],[],[],"
	                           "[],[],[],[],[],[],[],[],{},{},{}]}")),
	    1);
}

/* The text made of a head, a repeated piece and a tail, 64 KiB in all. */
static struct str
filled(struct arena *arena, const char *head, const char *piece,
    const char *tail)
{
	struct buf text = BUF_IN(arena);
	struct str s;

	buf_add_c(&text, head);
	while (!text.is_failed &&
	    text.len + strlen(piece) + strlen(tail) <= LIMIT_BODY)
		buf_add_c(&text, piece);
	buf_add_c(&text, tail);
	assert_int_equal(buf_str(&text, &s), 1);
	return s;
}

static void
no_text_of_the_largest_size_takes_long(void **state)
{
	static const struct {
		const char *head;
		const char *piece;
		const char *tail;
		int rc;
	} cases[] = {
		{ "{\"v\":[0", ",-0", "]}", 1 },
		{ "{\"v\":", "9", "}", 1 },
		{ "{\"v\":0.", "9", "}", 1 },
		{ "{\"v\":1e", "9", "}", 1 },
		{ "{\"v\":\"", "\\u00e4", "\"}", 1 },
		{ "{\"v\":\"", "\\ud83d\\ude00", "\"}", 1 },
		{ "{\"v\":[1", ",[]", "]}", 1 },
		{ "{\"v\":[1", ",{}", "]}", 1 },
		{ "{\"v\":[1", ",{\"a\":{}}", "]}", 1 },
		{ "{\"v\":1", ",\"a\":1", "}", 0 },
		{ "{\"v\":1", " ", "}", 1 },
		{ "{\"v\":", "[", "}", 0 },
		{ "", "{\"v\":", "", 0 },
		{ "{", "\"", "}", 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct str s = filled(*state, cases[i].head,
		    cases[i].piece, cases[i].tail);
		const int64_t start = clock_mono_ms();

		ASSERT_CASE(cases[i].piece, parse(s) == cases[i].rc);
		ASSERT_CASE(cases[i].piece, clock_mono_ms() - start < SLOW_MS);
		arena_reset(*state);
	}
}

static void
an_object_of_thousands_of_members_takes_no_longer(void **state)
{
	struct buf text = BUF_IN(*state);
	unsigned int count = 0;
	struct str s;
	int64_t start;

	buf_add_c(&text, "{\"first\":0");
	while (!text.is_failed && text.len + 16 < LIMIT_BODY)
		buf_printf(&text, ",\"%x\":0", count++);
	buf_add_c(&text, "}");
	assert_int_equal(buf_str(&text, &s), 1);
	start = clock_mono_ms();
	assert_int_equal(parse(s), 1);
	assert_true(clock_mono_ms() - start < SLOW_MS);
	assert_true(count > 5000);
}

static void
types_keep_apart_what_looks_alike(void **state)
{
	(void)state;
	assert_int_equal(type_of_value("1"), JSON_INT);
	assert_int_equal(type_of_value("\"1\""), JSON_STRING);
	assert_int_equal(type_of_value("[1]"), JSON_ARRAY);
	assert_int_equal(type_of_value("{\"1\":1}"), JSON_OBJECT);
	assert_int_equal(type_of_value("true"), JSON_BOOL);
	assert_int_equal(type_of_value("\"true\""), JSON_STRING);
	assert_int_equal(type_of_value("null"), JSON_NULL);
	assert_int_equal(type_of_value("\"null\""), JSON_STRING);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_value_is_read),
		cmocka_unit_test(an_absent_member_is_told_from_a_null_one),
		cmocka_unit_test(an_integer_is_exact_or_no_integer),
		cmocka_unit_test(
		    an_oversized_integer_leaves_its_neighbours_alone),
		cmocka_unit_test(
		    white_space_is_allowed_where_the_grammar_has_it),
		cmocka_unit_test_setup_teardown(
		    nesting_deeper_than_the_limit_is_refused, arena_setup,
		    arena_teardown),
		cmocka_unit_test(depth_is_given_back_when_a_container_closes),
		cmocka_unit_test_setup_teardown(
		    no_text_of_the_largest_size_takes_long, arena_setup,
		    arena_teardown),
		cmocka_unit_test_setup_teardown(
		    an_object_of_thousands_of_members_takes_no_longer,
		    arena_setup, arena_teardown),
		cmocka_unit_test(types_keep_apart_what_looks_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
