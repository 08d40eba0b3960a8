/* base64url without padding, canonical only. */
#include "../arena.h"
#include "../unit.h"

#include "base/b64.h"

static struct str
encoded(struct arena *arena, const void *bytes, size_t len)
{
	struct buf buf = BUF_IN(arena);
	struct str text;

	b64_encode(&buf, bytes, len);
	assert_int_equal(buf_str(&buf, &text), 1);
	return text;
}

static bool
is_refused(struct str text)
{
	unsigned char bytes[64];
	size_t len = 42;
	const int rc = b64_decode(text, bytes, &len);

	return rc == 0 && len == 42;
}

static void
the_examples_of_rfc_4648_work_both_ways(void **state)
{
	static const struct {
		struct str bytes;
		struct str text;
	} cases[] = {
		{ STR_INIT(""), STR_INIT("") },
		{ STR_INIT("f"), STR_INIT("Zg") },
		{ STR_INIT("fo"), STR_INIT("Zm8") },
		{ STR_INIT("foo"), STR_INIT("Zm9v") },
		{ STR_INIT("foob"), STR_INIT("Zm9vYg") },
		{ STR_INIT("fooba"), STR_INIT("Zm9vYmE") },
		{ STR_INIT("foobar"), STR_INIT("Zm9vYmFy") },
		{ STR_INIT("\xfb\xff\xbf"), STR_INIT("-_-_") },
		{ STR_INIT("\0\0\0\0"), STR_INIT("AAAAAA") },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct str want = cases[i].bytes;
		unsigned char bytes[64];
		size_t len;

		ASSERT_CASE(cases[i].text.ptr,
		    str_equal(encoded(*state, want.ptr, want.len),
		        cases[i].text));
		ASSERT_CASE(cases[i].text.ptr,
		    b64_decode(cases[i].text, bytes, &len) == 1);
		ASSERT_CASE(cases[i].text.ptr,
		    str_equal((struct str){ (char *)bytes, len }, want));
	}
}

static void
every_length_comes_back_and_is_as_long_as_said(void **state)
{
	unsigned char in[300];
	unsigned char out[300];

	for (size_t i = 0; i < sizeof in; i++)
		in[i] = (unsigned char)(i * 7 + 3);
	for (size_t n = 0; n <= sizeof in; n++) {
		const struct str text = encoded(*state, in, n);
		size_t len;

		assert_int_equal(text.len, B64_LEN(n));
		assert_int_equal(b64_decode(text, out, &len), 1);
		assert_int_equal(len, n);
		assert_memory_equal(in, out, n);
		arena_reset(*state);
	}
}

static void
every_byte_outside_of_the_alphabet_is_refused(void **state)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_";
	(void)state;
	for (int byte = 0; byte < 256; byte++) {
		const bool is_good =
		    byte != 0 && strchr(alphabet, byte) != NULL;

		for (size_t at = 0; at < 4; at++) {
			char text[] = { 'A', 'A', 'A', 'A' };

			text[at] = (char)byte;
			assert_int_equal(is_refused(
			                     (struct str){ text, sizeof text }),
			    !is_good);
		}
	}
}

static void
the_standard_alphabet_padding_and_line_breaks_are_refused(void **state)
{
	static const char *const cases[] = {
		"+/+/",
		"Zg==",
		"Zg=",
		"Zm8=",
		"Zm9v\r\nYmFy",
		"Zm9v\nYmFy",
		" Zm9v",
		"Zm9v ",
		"Zm9v.",
		"====",
		"=",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		ASSERT_CASE(cases[i], is_refused(str_from(cases[i])));
}

static void
a_length_of_one_over_four_is_refused(void **state)
{
	static const char *const cases[] = { "A", "AAAAA", "AAAAAAAAA" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		ASSERT_CASE(cases[i], is_refused(str_from(cases[i])));
}

static void
unused_bits_that_are_set_are_refused(void **state)
{
	int accepted = 0;

	(void)state;
	/* Of the 64 last characters 4 leave four bits clear, 16 two. */
	for (int byte = 1; byte < 128; byte++) {
		char two[] = { 'Z', (char)byte };
		char three[] = { 'Z', 'm', (char)byte };

		accepted += !is_refused((struct str){ two, sizeof two });
		accepted += !is_refused((struct str){ three, sizeof three });
	}
	assert_int_equal(accepted, 4 + 16);
	assert_true(is_refused(STR("Zh")));
	assert_true(is_refused(STR("Zm9")));
}

static void
base64_of_others_is_read_in_its_one_form(void **state)
{
	static const struct {
		const char *text;
		bool is_unpadded;
		bool is_plain;
	} cases[] = {
		{ "", true, true },
		{ "+/+/", true, true },
		{ "-_-_", false, false },
		{ "Zg", true, false },
		{ "Zg==", false, true },
		{ "Zg=", false, false },
		{ "Zm8=", false, true },
		{ "Zm8", true, false },
		{ "Zm9v", true, true },
		{ "Zm9v=", false, false },
		{ "Zm9v====", false, false },
		{ "Z===", false, false },
		{ "Zh==", false, false },
		{ "Zg==Zg==", false, false },
		{ "=", false, false },
		{ "Zm9v\n", false, false },
	};
	unsigned char bytes[16];
	size_t len;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct str text = str_from(cases[i].text);

		ASSERT_CASE(cases[i].text,
		    (b64_decode_unpadded(text, bytes, &len) == 1) ==
		        cases[i].is_unpadded);
		ASSERT_CASE(cases[i].text,
		    (b64_decode_plain(text, bytes, &len) == 1) ==
		        cases[i].is_plain);
	}
	assert_int_equal(b64_decode_plain(STR("+/8="), bytes, &len), 1);
	assert_int_equal(len, 2);
	assert_memory_equal(bytes, "\xfb\xff", 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    the_examples_of_rfc_4648_work_both_ways, arena_setup,
		    arena_teardown),
		cmocka_unit_test_setup_teardown(
		    every_length_comes_back_and_is_as_long_as_said, arena_setup,
		    arena_teardown),
		cmocka_unit_test(every_byte_outside_of_the_alphabet_is_refused),
		cmocka_unit_test(
		    the_standard_alphabet_padding_and_line_breaks_are_refused),
		cmocka_unit_test(a_length_of_one_over_four_is_refused),
		cmocka_unit_test(unused_bits_that_are_set_are_refused),
		cmocka_unit_test(base64_of_others_is_read_in_its_one_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
