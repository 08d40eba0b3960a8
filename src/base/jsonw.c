/* Writing JSON straight into a buffer. */
#include "base/jsonw.h"

#include "base/clock.h"
#include "base/utf8.h"

#include <limits.h>

static void
add_escaped(struct buf *buf, char c)
{
	switch (c) {
	case '"':
	case '\\':
		buf_add_byte(buf, '\\');
		buf_add_byte(buf, c);
		break;
	case '\n':
		buf_add(buf, STR("\\n"));
		break;
	case '\r':
		buf_add(buf, STR("\\r"));
		break;
	case '\t':
		buf_add(buf, STR("\\t"));
		break;
	default:
		buf_printf(buf, "\\u%04x", (unsigned int)(unsigned char)c);
		break;
	}
}

static const bool is_verbatim[UCHAR_MAX + 1] = {
	[' ' ... '!'] = true,
	['#' ... '['] = true,
	[']' ... '~'] = true,
};

size_t
jsonw_verbatim_len(struct str s)
{
	size_t len = 0;

	while (len < s.len && is_verbatim[(unsigned char)s.ptr[len]])
		len++;
	return len;
}

/* Most strings, in one piece. */
static bool
add_verbatim(struct buf *buf, struct str s)
{
	char *start;

	if (jsonw_verbatim_len(s) < s.len)
		return false;
	start = buf_reserve(buf, s.len + 2);
	if (start == NULL)
		return true;
	start[0] = '"';
	if (s.len > 0)
		memcpy(start + 1, s.ptr, s.len);
	start[s.len + 1] = '"';
	return true;
}

static void
add_string(struct buf *buf, struct str s)
{
	if (add_verbatim(buf, s))
		return;
	buf_add_byte(buf, '"');
	while (s.len > 0) {
		const size_t run = jsonw_verbatim_len(s);
		struct str rest;
		uint32_t point;

		buf_add(buf, (struct str){ s.ptr, run });
		s = str_from_offset(s, run);
		if (s.len == 0)
			break;
		rest = s;
		if (utf8_next(&rest, &point) < 0) {
			buf_add(buf, STR("\\ufffd"));
			rest = str_from_offset(s, 1);
		} else if (point < 0x80) {
			add_escaped(buf, s.ptr[0]);
		} else {
			buf_add(buf, (struct str){ s.ptr, s.len - rest.len });
		}
		s = rest;
	}
	buf_add_byte(buf, '"');
}

static void
begin(struct jsonw *w, const char *name)
{
	if (!w->is_first)
		buf_add_byte(w->buf, ',');
	w->is_first = false;
	if (name != NULL) {
		add_string(w->buf, str_from(name));
		buf_add_byte(w->buf, ':');
	}
}

void
jsonw_object(struct jsonw *w, const char *name)
{
	begin(w, name);
	buf_add_byte(w->buf, '{');
	w->is_first = true;
}

void
jsonw_object_end(struct jsonw *w)
{
	buf_add_byte(w->buf, '}');
	w->is_first = false;
}

void
jsonw_array(struct jsonw *w, const char *name)
{
	begin(w, name);
	buf_add_byte(w->buf, '[');
	w->is_first = true;
}

void
jsonw_array_end(struct jsonw *w)
{
	buf_add_byte(w->buf, ']');
	w->is_first = false;
}

void
jsonw_str(struct jsonw *w, const char *name, struct str value)
{
	if (value.ptr == NULL) {
		jsonw_null(w, name);
		return;
	}
	begin(w, name);
	add_string(w->buf, value);
}

void
jsonw_int(struct jsonw *w, const char *name, int64_t value)
{
	begin(w, name);
	buf_add_int(w->buf, value);
}

void
jsonw_bool(struct jsonw *w, const char *name, bool value)
{
	begin(w, name);
	buf_add_c(w->buf, value ? "true" : "false");
}

void
jsonw_null(struct jsonw *w, const char *name)
{
	begin(w, name);
	buf_add_c(w->buf, "null");
}

void
jsonw_time(struct jsonw *w, const char *name, int64_t unix_s)
{
	char text[CLOCK_TEXT_SIZE];

	clock_format(unix_s, text);
	jsonw_str(w, name, str_from(text));
}

void
jsonw_time_ms(struct jsonw *w, const char *name, int64_t unix_ms)
{
	char text[CLOCK_MS_TEXT_SIZE];

	clock_format_ms(unix_ms, text);
	jsonw_str(w, name, str_from(text));
}

void
jsonw_uuid(struct jsonw *w, const char *name, const struct uuid *uuid)
{
	char text[UUID_TEXT_LEN + 1];

	uuid_format(uuid, text);
	jsonw_str(w, name, str_from(text));
}
