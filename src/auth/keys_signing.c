/* The private key of the processes that mint tokens, and of no others. */
#include "auth/keys_internal.h"
#include "wrap/jwtcheck.h"

const struct jws_key *
keys_signing(const struct keys *keys)
{
	return keys->signing;
}

static int
load_signing(struct keys *keys, const struct config *config, struct why *why_r)
{
	const struct key_entry *entry =
	    key_list_current(&keys->list, KEY_TOKEN);

	if (keystore_load_private(config->path_keys, entry, &keys->signing,
	        why_r) < 0)
		return -1;
	if (jwtcheck_key(keys->signing) != 1)
		return why_say(why_r,
		    "token key %s fails the cross-check with libjwt",
		    entry->id);
	return 1;
}

const struct app_need need_signing = { .name = "signing",
	.load = load_signing };
