/*
 * What has been revoked: sessions, and users below a version.
 *
 * Of an id its last eight bytes stand for it, 62 of which bits are random: that
 * one is refused for another's sake is as likely as that somebody guesses it.
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
	/* Beside them, where it is of users. */
	int64_t *least_versions;
	size_t size;
	size_t used;
};

/* All zero is an empty one.  Freed by revoked_set_free. */
struct revoked_set {
	/* Most of what is revoked, so that it has no versions beside it. */
	struct revoked_table sessions;
	struct revoked_table users;
};

MUST_CHECK NONNULL bool revoked_set_has_session(const struct revoked_set *set,
    const struct uuid *session_id);
/* The user's tokens of lower versions are dead; 0 where nothing is known. */
MUST_CHECK NONNULL int64_t
revoked_set_least_version(const struct revoked_set *set,
    const struct uuid *user_id);

/*
 * Return 1, or -1 without memory: then the set may know some of it, and what it
 * knew.
 */
MUST_CHECK NONNULL int
revoked_set_add_session(struct revoked_set *set, const struct uuid *session_id);
MUST_CHECK NONNULL int revoked_set_add_user(struct revoked_set *set,
    const struct uuid *user_id, int64_t least_version);
MUST_CHECK NONNULL int
revoked_set_add_all(struct revoked_set *set, const struct revoked_set *from);

/* It is soon to grow: at three quarters, and this is seven tenths. */
MUST_CHECK NONNULL bool revoked_set_is_crowded(const struct revoked_set *set);

NONNULL void revoked_set_free(struct revoked_set *set);

#endif
