/* One line for people: what went wrong and how to mend it. */
#include "base/why.h"

#include <stdarg.h>

void
why_set(struct why *why_r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why_r->text, sizeof why_r->text, format, args);
	va_end(args);
}
