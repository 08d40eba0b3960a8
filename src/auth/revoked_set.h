/*
 * What has been revoked: sessions, and users below a version.
 *
 * Only the last eight bytes of an id are kept, 62 random bits: with n in force
 * another is refused by mistake with a chance of n / 2^62.
 */
#ifndef LATCHKEY_AUTH_REVOKED_SET_H
#define LATCHKEY_AUTH_REVOKED_SET_H

#include "base/attrs.h"
#include "base/uuid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Open addressing; a power of two, at most three quarters of it used. */
struct revoked_table {
	/* 0 is free. */
	uint64_t *ids;
	/* Parallel to ids; NULL in a table of sessions. */
	int64_t *least_versions;
	size_t size;
	size_t used;
};

/* All zero is an empty one.  Freed by revoked_set_free. */
struct revoked_set {
	/* Most rows are of sessions, which have no version: that halves it. */
	struct revoked_table sessions;
	struct revoked_table users;
};

/* Whether the session is revoked. */
MUST_CHECK NONNULL bool revoked_set_has_session(const struct revoked_set *set,
    const struct uuid *session_id);
/* The user's tokens of lower versions are dead; 0 where nothing is known. */
MUST_CHECK NONNULL int64_t
revoked_set_least_version(const struct revoked_set *set,
    const struct uuid *user_id);

/*
 * Return 1, or -1 without memory: nothing that was known is lost, and of
 * another set a part may have been taken.
 */
MUST_CHECK NONNULL int
revoked_set_add_session(struct revoked_set *set, const struct uuid *session_id);
MUST_CHECK NONNULL int revoked_set_add_user(struct revoked_set *set,
    const struct uuid *user_id, int64_t least_version);
MUST_CHECK NONNULL int
revoked_set_add_all(struct revoked_set *set, const struct revoked_set *from);

/*
 * The table of sessions is soon to grow: at three quarters, and this is seven
 * tenths.
 */
MUST_CHECK NONNULL bool revoked_set_is_crowded(const struct revoked_set *set);

/* Afterwards it is empty and may be used again. */
NONNULL void revoked_set_free(struct revoked_set *set);

#endif
