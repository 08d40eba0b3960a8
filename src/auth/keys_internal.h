/* What keys.c, keys_signing.c and keys_refresh.c share. */
#ifndef LATCHKEY_AUTH_KEYS_INTERNAL_H
#define LATCHKEY_AUTH_KEYS_INTERNAL_H

#include "auth/keys.h"
#include "auth/keystore.h"

#include <stdatomic.h>

struct keys {
	atomic_uint references;
	/* Each load has another. */
	uint64_t serial;
	/* Holds the MAC keys' bytes; wiped when freed. */
	struct arena *arena;
	struct key_list list;
	struct jws_key *published[LIMIT_KEYS];
	size_t published_count;
	const struct jws_key *accepted[LIMIT_KEYS];
	struct jws_keys accepted_list;
	struct jws_key *signing;
	struct mac_key macs[LIMIT_KEYS];
	size_t mac_count;
	const struct mac_key *mac_current;
};

#endif
