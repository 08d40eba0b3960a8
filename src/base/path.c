/* Paths that a browser may be sent to. */
#include "base/path.h"

#include "base/limits.h"

bool
path_has_plain_bytes(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!ascii_is_alnum(text.ptr[i]) &&
		    !str_has_byte(STR("/?-._~%!$&'()*+,;=:@"), text.ptr[i]))
			return false;
	return true;
}

/* What servers decode, and some decode twice. */
static bool
hides_separator(struct str path)
{
	static const struct str hidden[] = {
		STR_INIT("%2f"),
		STR_INIT("%5c"),
		STR_INIT("%2e"),
		STR_INIT("%25"),
		STR_INIT("%0"),
		STR_INIT("%1"),
	};

	for (size_t i = 0; i < path.len; i++)
		for (size_t j = 0; j < ARRAY_LEN(hidden); j++) {
			struct str part = str_from_offset(path, i);

			if (part.len > hidden[j].len)
				part.len = hidden[j].len;
			if (str_equal_nocase(part, hidden[j]))
				return true;
		}
	return false;
}

/* The last segment may be empty: the path of a directory. */
static bool
has_plain_segments(struct str path)
{
	struct str segment;
	bool has_more = true;

	while (has_more) {
		has_more = str_cut(&path, '/', &segment);
		if (segment.len == 0 ? has_more : segment.ptr[0] == '.')
			return false;
	}
	return true;
}

bool
path_is_own(struct str text)
{
	struct str path;

	if (text.len == 0 || text.len > LIMIT_RETURN || text.ptr[0] != '/' ||
	    !path_has_plain_bytes(text))
		return false;
	text = str_from_offset(text, 1);
	(void)str_cut(&text, '?', &path);
	if (path.len == 0)
		return true;
	return ascii_is_alnum(path.ptr[0]) && !hides_separator(path) &&
	    has_plain_segments(path);
}
