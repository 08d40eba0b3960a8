/* Which settings differ between two writings of a config. */
#include "base/config.h"

static bool
has_line(struct str text, struct str line)
{
	struct str candidate;

	while (text.len > 0) {
		(void)str_cut(&text, '\n', &candidate);
		if (str_equal(candidate, line))
			return true;
	}
	return false;
}

void
config_changes(struct str before, struct str after, struct buf *names)
{
	struct str line;
	struct str name;

	while (after.len > 0) {
		(void)str_cut(&after, '\n', &line);
		if (has_line(before, line))
			continue;
		(void)str_cut(&line, '=', &name);
		if (names->len > 0)
			buf_add(names, STR(", "));
		buf_add(names, str_trim(name));
	}
}
