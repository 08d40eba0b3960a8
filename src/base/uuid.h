/* UUIDs (RFC 9562): version 7 when made here, so that ids sort by time. */
#ifndef LATCHKEY_BASE_UUID_H
#define LATCHKEY_BASE_UUID_H

#include "base/attrs.h"
#include "base/str.h"

#include <stdint.h>

enum { UUID_SIZE = 16, UUID_TEXT_LEN = 36 };

struct uuid {
	unsigned char bytes[UUID_SIZE];
};

struct opt_uuid {
	bool is_set;
	struct uuid value;
};

/* A new version 7 UUID at unix_ms.  Returns 1, or -1 without randomness. */
MUST_CHECK NONNULL int uuid_new(int64_t unix_ms, struct uuid *uuid_r);

/* Lower-case canonical form, terminated. */
NONNULL void
uuid_format(const struct uuid *uuid, char text_r[UUID_TEXT_LEN + 1]);

/* Only the lower-case canonical form (8-4-4-4-12) passes.  Returns 1 or 0. */
MUST_CHECK NONNULL int uuid_parse(struct str text, struct uuid *uuid_r);

MUST_CHECK bool uuid_is_text(struct str text);

MUST_CHECK NONNULL bool uuid_equal(const struct uuid *a, const struct uuid *b);

#endif
