/* Values that may be absent, and changes that may not be wished. */
#ifndef LATCHKEY_BASE_OPT_H
#define LATCHKEY_BASE_OPT_H

#include "base/limits.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct opt_int {
	bool is_set;
	int64_t value;
};

struct opt_bool {
	bool is_set;
	bool value;
};

/* Several texts, in the order they came. */
struct texts {
	bool is_set;
	size_t count;
	struct str list[LIMIT_TEXTS];
};

/* Where is_given, the new text; absent to have none. */
struct change_text {
	bool is_given;
	struct str text;
};

struct change_int {
	bool is_given;
	struct opt_int number;
};

#endif
