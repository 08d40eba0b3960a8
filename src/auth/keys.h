/* The keys a process has in memory. */
#ifndef LATCHKEY_AUTH_KEYS_H
#define LATCHKEY_AUTH_KEYS_H

#include "auth/app.h"
#include "base/attrs.h"
#include "base/jsonw.h"
#include "base/secret.h"
#include "wrap/jws.h"

struct mac_key {
	uint32_t id;
	struct secret bytes;
};

/*
 * Load the public keys, and what the needs ask for (auth/app.h), as they
 * stand now.  Returns 1, or -1 with a line.  The caller has one reference.
 */
MUST_CHECK NONNULL int
keys_load(const struct config *config, const struct app_need *const *needs,
    struct keys **keys_r, struct why *why_r);
/* The last reference that goes wipes and frees them. */
MUST_CHECK NONNULL struct keys *keys_ref(struct keys *keys);
void keys_unref(struct keys **keys);
/* A number that no other load in this process has; never 0. */
MUST_CHECK NONNULL uint64_t keys_serial(const struct keys *keys);
/* When one of them changes its state (Unix seconds). */
MUST_CHECK NONNULL int64_t keys_change_s(const struct keys *keys);

/* Keys that access tokens may be signed with: current and retiring ones. */
MUST_CHECK NONNULL const struct jws_keys *
keys_accepted(const struct keys *keys);
/*
 * The private key that signs, cross-checked against the second implementation
 * when it is loaded.  Only for processes that declare the need.
 */
extern const struct app_need need_signing;
MUST_CHECK NONNULL const struct jws_key *keys_signing(const struct keys *keys);
/*
 * The MAC key of new refresh tokens.  Only for processes that declare the
 * need.
 */
extern const struct app_need need_refresh_keys;
MUST_CHECK NONNULL const struct mac_key *
keys_mac_current(const struct keys *keys);
/* A MAC key that is not retired, by id; NULL where there is none. */
MUST_CHECK NONNULL const struct mac_key *
keys_mac_find(const struct keys *keys, uint32_t id);

/* {"keys":[...]} (RFC 7517, 5): all public keys but the retired. 1 or -1. */
MUST_CHECK NONNULL int
keys_write_jwks(const struct keys *keys, struct jsonw *w);

/*
 * Make what is missing: the directory, a current token key of token.alg, a
 * current MAC key, keys.list.  A key of another algorithm that was current
 * retires, and key files that the list does not know are taken in.
 * Returns 1, or -1 with a line.
 */
MUST_CHECK NONNULL int
keys_init(const struct config *config, struct why *why_r);

#endif
