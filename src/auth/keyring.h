/*
 * The keys in force.  Running processes notice a change of keys.list, and the
 * moments at which keys change their state, without a restart.
 */
#ifndef LATCHKEY_AUTH_KEYRING_H
#define LATCHKEY_AUTH_KEYRING_H

#include "auth/keys.h"
#include "base/attrs.h"
#include "base/clock.h"

struct keyring;

/*
 * Load the keys for the first time; config and needs must outlive the ring.
 * Returns 1, or -1 with a line.  Closed by keyring_close.
 */
MUST_CHECK NONNULL int
keyring_open(const struct config *config, const struct app_need *const *needs,
    struct keyring **ring_r, struct why *why_r);
void keyring_close(struct keyring **ring);

/*
 * The keys to use for one request; give them back by keys_unref.  Looks for
 * changes first, at most once a second or when another process of this host
 * says so (base/epoch.h).  Keys that can't be loaded leave the old ones in
 * force, which is logged.
 */
MUST_CHECK NONNULL struct keys *
keyring_acquire(struct keyring *ring, const struct clock_reading *now);

#endif
