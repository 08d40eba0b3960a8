/* Reading JSON whose spelling is known. */
#include "base/jsonr.h"

#include "base/jsonw.h"

bool
jsonr_take(struct str *rest, struct str piece)
{
	if (!str_starts(*rest, piece))
		return false;
	*rest = str_from_offset(*rest, piece.len);
	return true;
}

bool
jsonr_take_text(struct str *rest, struct str lead, struct str *text_r)
{
	size_t len;

	if (!jsonr_take(rest, lead) || !jsonr_take(rest, STR("\"")))
		return false;
	len = jsonw_verbatim_len(*rest);
	*text_r = (struct str){ rest->ptr, len };
	*rest = str_from_offset(*rest, len);
	return jsonr_take(rest, STR("\""));
}

bool
jsonr_take_count(struct str *rest, struct str lead, int64_t *count_r)
{
	size_t len = 0;

	if (!jsonr_take(rest, lead))
		return false;
	while (len < rest->len && ascii_is_digit(rest->ptr[len]))
		len++;
	if (str_to_int64((struct str){ rest->ptr, len }, count_r) != 1)
		return false;
	*rest = str_from_offset(*rest, len);
	return true;
}
