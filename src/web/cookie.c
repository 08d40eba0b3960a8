/* The two cookies of cookie mode. */
#include "web/cookie.h"

#include <inttypes.h>

int
cookie_find(struct str header, const char *name, struct str *value_r)
{
	const struct str wanted = str_from(name);
	struct str found = STR_NONE;
	struct str pair;
	struct str key;

	while (header.len > 0) {
		(void)str_cut(&header, ';', &pair);
		pair = str_trim(pair);
		if (!str_cut(&pair, '=', &key) || !str_equal(key, wanted))
			continue;
		if (found.ptr != NULL)
			return -1;
		found = pair;
	}
	if (found.ptr == NULL || found.len == 0)
		return 0;
	*value_r = found;
	return 1;
}

void
cookie_set(struct reply *reply, const char *name, struct str value,
    int64_t max_age_s)
{
	buf_printf(&reply->headers,
	    "Set-Cookie: %s=%.*s; Path=/; Secure; HttpOnly; SameSite=Strict; "
	    "Max-Age=%" PRId64 "\r\n",
	    name, STR_ARG(value), max_age_s < 0 ? 0 : max_age_s);
}
