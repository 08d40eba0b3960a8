/*
 * Reading JSON whose spelling is known, piece by piece, without a tree.  What
 * is spelled otherwise is not misread but left to whoever reads any JSON.
 *
 * Each takes its piece from the start of rest.  Returns false where something
 * else is there; then what is left in rest does not matter any more.
 */
#ifndef LATCHKEY_BASE_JSONR_H
#define LATCHKEY_BASE_JSONR_H

#include "base/attrs.h"
#include "base/str.h"

MUST_CHECK NONNULL bool jsonr_take(struct str *rest, struct str piece);

/*
 * Behind lead a string of printable ASCII without an escape.  text_r is a part
 * of rest.
 */
MUST_CHECK NONNULL bool
jsonr_take_text(struct str *rest, struct str lead, struct str *text_r);

/* Behind lead a number that is whole and not negative. */
MUST_CHECK NONNULL bool
jsonr_take_count(struct str *rest, struct str lead, int64_t *count_r);

#endif
