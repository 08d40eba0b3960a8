/* Where words begin in a text, for a search by their beginnings. */
#include "base/words.h"

enum letter_kind {
	KIND_LETTER,
	KIND_DIGIT,
	KIND_MARK,
};

/* Bytes of characters beyond ASCII count as letters. */
static enum letter_kind
kind_of(char c)
{
	const bool is_ascii = (unsigned char)c <= 0x7f;

	if (ascii_is_digit(c))
		return KIND_DIGIT;
	return is_ascii && !ascii_is_alpha(c) ? KIND_MARK : KIND_LETTER;
}

static bool
begins_word(struct str text, size_t at)
{
	const enum letter_kind kind = kind_of(text.ptr[at]);

	return at == 0 || kind == KIND_MARK ||
	    kind != kind_of(text.ptr[at - 1]);
}

int
words_next(struct words *words, struct str *rest_r)
{
	const struct str text = words->text;

	while (words->next < text.len) {
		const size_t at = words->next++;

		if (begins_word(text, at)) {
			*rest_r = str_from_offset(text, at);
			return 1;
		}
	}
	return 0;
}
