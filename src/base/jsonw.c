/* Writing JSON straight into a buffer. */
#include "base/jsonw.h"

#include "base/clock.h"
#include "base/utf8.h"

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

static bool
is_verbatim(char c)
{
	const unsigned char byte = (unsigned char)c;

	return byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\';
}

static void
add_string(struct buf *buf, struct str s)
{
	buf_add_byte(buf, '"');
	while (s.len > 0) {
		size_t run = 0;
		struct str rest;
		uint32_t point;

		while (run < s.len && is_verbatim(s.ptr[run]))
			run++;
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
