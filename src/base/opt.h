/* A number that may be absent. */
#ifndef LATCHKEY_BASE_OPT_H
#define LATCHKEY_BASE_OPT_H

#include <stdbool.h>
#include <stdint.h>

struct opt_int {
	bool is_set;
	int64_t value;
};

#endif
