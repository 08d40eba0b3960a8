/* What is wrong with the values of a request, field by field. */
#include "base/issue.h"

void
issues_add(struct issues *issues, const char *field, const char *code,
    const char *message)
{
	if (issues->count < ISSUES_MAX)
		issues->list[issues->count++] =
		    (struct issue){ field, code, message };
}
