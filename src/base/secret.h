/*
 * Bytes that must not be shown.  The type has no print helper on purpose:
 * what can't be formatted can't reach a log.
 */
#ifndef LATCHKEY_BASE_SECRET_H
#define LATCHKEY_BASE_SECRET_H

#include "base/attrs.h"

#include <stdbool.h>
#include <stddef.h>

/* Borrowed, like struct str; ptr is NULL for an absent secret. */
struct secret {
	const unsigned char *ptr;
	size_t len;
};

/* Equal lengths first, then a comparison whose time tells no position. */
MUST_CHECK bool secret_equal(struct secret a, struct secret b);

/* Overwrite len bytes; the compiler can't leave it out. */
NONNULL void secret_wipe(void *bytes, size_t len);

#endif
