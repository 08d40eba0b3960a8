/* What is wrong with the values of a request, field by field. */
#ifndef LATCHKEY_BASE_ISSUE_H
#define LATCHKEY_BASE_ISSUE_H

#include "base/attrs.h"

#include <stddef.h>

/* Constant texts: the field's JSON name, a stable code, a sentence. */
struct issue {
	const char *field;
	const char *code;
	const char *message;
};

enum { ISSUES_MAX = 16 };

/* What does not fit is dropped: the first ones help enough. */
struct issues {
	struct issue list[ISSUES_MAX];
	size_t count;
};

NONNULL void issues_add(struct issues *issues, const char *field,
    const char *code, const char *message);

#endif
