/* One line for people: what went wrong and how to mend it. */
#ifndef LATCHKEY_BASE_WHY_H
#define LATCHKEY_BASE_WHY_H

#include "base/attrs.h"

struct why {
	char text[512];
};

/* Set the line, cut to what fits.  Always returns -1, to be returned on. */
NONNULL PRINTF_LIKE(2, 3) int why_say(struct why *why_r, const char *format,
    ...);

#endif
