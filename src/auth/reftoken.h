/*
 * Refresh tokens: "lkr_" and base64url of version, MAC key id, session id,
 * generation, session secret and an HMAC-SHA256 over all of it.  Nothing in
 * one depends on time, so the server can rebuild a successor byte for byte.
 */
#ifndef LATCHKEY_AUTH_REFTOKEN_H
#define LATCHKEY_AUTH_REFTOKEN_H

#include "auth/keys.h"
#include "base/attrs.h"
#include "base/str.h"
#include "base/uuid.h"
#include "model/session.h"

struct reftoken {
	uint32_t mac_key;
	struct uuid session_id;
	/* Counts from 1 at login. */
	int64_t generation;
	unsigned char secret[SESSION_SECRET_SIZE];
};

/* Returns 1 with the text in the arena, or -1 (logged). */
MUST_CHECK NONNULL int reftoken_encode(const struct keys *keys,
    struct arena *arena, const struct reftoken *token, struct str *text_r);

/*
 * Returns 1 for a text this service made, 0 for any other, -1 where the MAC
 * can't be computed.
 */
MUST_CHECK NONNULL int reftoken_decode(const struct keys *keys, struct str text,
    struct reftoken *token_r);

/* What the database knows of the secret.  Returns 1 or -1. */
MUST_CHECK NONNULL int reftoken_hash(const struct reftoken *token,
    unsigned char hash_r[SESSION_HASH_SIZE]);

#endif
