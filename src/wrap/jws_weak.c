/*
 * Secrets that nobody should rely on (RFC 8725, 3.5), told by how they are
 * made rather than by a list of them.  Random bytes, and random hexadecimal,
 * base64 or base64url text of at least 32 characters, pass but for less than
 * one in 10,000.
 */
#include "wrap/jws_internal.h"

enum {
	/*
	 * Bytes that neither repeat nor continue what stands before them.  Of
	 * 32 random hexadecimal digits fewer are left once in 10^6.
	 */
	NOVEL_MIN = 22,
	/* A repetition counts from this length: shorter ones are chance. */
	REPEAT_MIN = 4,
	/*
	 * Per cent of neighbours that are usual pairs of English letters.
	 * Random base64 has 6 on average and more than this once in 30,000
	 * keys of 32 characters; prose and names have 35 and more.
	 */
	PAIRS_MAX = 30,
	PER_CENT = 100,
};

/* Five letters at least: shorter ones turn up in random text. */
static const char *const sample_words[] = {
	"-----begin",
	"admin",
	"asdfg",
	"change",
	"default",
	"example",
	"jwt-key",
	"jwtkey",
	"latchkey",
	"letmein",
	"passphrase",
	"passwd",
	"password",
	"private",
	"qwert",
	"sample",
	"secret",
	"testing",
	"token",
	"your-",
	"zxcvb",
};

/* Two letters each, the most frequent first. */
static const char usual_pairs[] =
    "thheineranreonatenndtiesorteofedisitalar"
    "sttontngsehaasouiolevecomedehiriroicneea"
    "racelichllbemasiomurkeeyeccretutemprigus";

static bool
is_printable(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < ' ' || s.ptr[i] > '~')
			return false;
	return true;
}

static bool
has_word(struct str text, struct str word)
{
	for (size_t i = 0; i + word.len <= text.len; i++)
		if (str_equal_nocase((struct str){ text.ptr + i, word.len },
		        word))
			return true;
	return false;
}

static bool
has_sample_word(struct str text)
{
	for (size_t i = 0; i < ARRAY_LEN(sample_words); i++)
		if (has_word(text, str_from(sample_words[i])))
			return true;
	return false;
}

static bool
is_usual_pair(char a, char b)
{
	a = ascii_lower(a);
	b = ascii_lower(b);
	for (const char *pair = usual_pairs; pair[0] != '\0'; pair += 2)
		if (pair[0] == a && pair[1] == b)
			return true;
	return false;
}

static bool
reads_like_words(struct str text)
{
	size_t pairs = 0;

	if (str_has_byte(text, ' '))
		return true;
	for (size_t i = 1; i < text.len; i++)
		pairs += is_usual_pair(text.ptr[i - 1], text.ptr[i]);
	return pairs * PER_CENT > text.len * PAIRS_MAX;
}

/* The third of three bytes in even steps: aaa, abc, 864. */
static bool
continues_run(struct str s, size_t at)
{
	return at >= 2 &&
	    s.ptr[at] - s.ptr[at - 1] == s.ptr[at - 1] - s.ptr[at - 2];
}

/* How far the bytes from at on occur before, overlaps included. */
static size_t
repeat_len(struct str s, size_t at)
{
	size_t longest = 0;

	for (size_t from = 0; from < at && at + longest < s.len; from++) {
		size_t len = 0;

		while (at + len < s.len && s.ptr[from + len] == s.ptr[at + len])
			len++;
		if (len > longest)
			longest = len;
	}
	return longest;
}

static bool
is_predictable(struct str s)
{
	size_t novel = 0;
	size_t at = 0;

	while (at < s.len && novel < NOVEL_MIN) {
		const size_t repeat = repeat_len(s, at);

		if (!continues_run(s, at))
			novel++;
		at += repeat >= REPEAT_MIN ? repeat : 1;
	}
	return novel < NOVEL_MIN;
}

static struct str
without_line_end(struct str s)
{
	while (
	    s.len > 0 && (s.ptr[s.len - 1] == '\n' || s.ptr[s.len - 1] == '\r'))
		s.len--;
	return s;
}

const char *
jws_weakness_of(struct secret bytes)
{
	const struct str all = { (const char *)bytes.ptr, bytes.len };
	const struct str line = without_line_end(all);

	if (line.len < all.len && is_printable(line))
		return "ends with a newline: the file holds the raw bytes of "
		       "the key";
	if (str_starts(all, STR("\xef\xbb\xbf")))
		return "begins with a byte order mark: the file holds the raw "
		       "bytes of the key";
	if (str_starts(all, STR("-----BEGIN ")))
		return "is a PEM file: a secret is raw bytes of its own";
	if (all.len < JWS_SECRET_MIN)
		return "is shorter than 32 bytes";
	if (all.len > JWS_SECRET_MAX)
		return "is longer than 1024 bytes; 32 random ones are enough";
	if (is_predictable(all))
		return "repeats itself or counts up: use random bytes";
	if (!is_printable(all))
		return NULL;
	if (has_sample_word(all))
		return "holds a word of sample secrets: use random bytes";
	if (reads_like_words(all))
		return "reads like words: use random bytes";
	return NULL;
}
