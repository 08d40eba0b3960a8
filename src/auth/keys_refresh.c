/* The MAC keys of the processes that read or write refresh tokens. */
#include "auth/keys_internal.h"

enum { MAC_ID_DIGITS = 8 };

const struct mac_key *
keys_mac_current(const struct keys *keys)
{
	return keys->mac_current;
}

const struct mac_key *
keys_mac_find(const struct keys *keys, uint32_t id)
{
	for (size_t i = 0; i < keys->mac_count; i++)
		if (keys->macs[i].id == id)
			return &keys->macs[i];
	return NULL;
}

/* Returns 1, or 0 for anything but 8 lower-case hexadecimal digits. */
static int
mac_id_parse(const char *text, uint32_t *id_r)
{
	static const char digits[] = "0123456789abcdef";
	uint32_t id = 0;

	if (strlen(text) != MAC_ID_DIGITS)
		return 0;
	for (; *text != '\0'; text++) {
		const char *digit = strchr(digits, *text);

		if (digit == NULL)
			return 0;
		id = id << 4 | (uint32_t)(digit - digits);
	}
	*id_r = id;
	return 1;
}

static int
load_mac_key(struct keys *keys, const char *dir, const struct key_entry *entry,
    struct why *why_r)
{
	struct mac_key *mac = &keys->macs[keys->mac_count];

	if (mac_id_parse(entry->id, &mac->id) != 1)
		return why_say(why_r,
		    "refresh key %s: the id must have 8 hexadecimal digits",
		    entry->id);
	if (keystore_load_mac(keys->arena, dir, entry, &mac->bytes, why_r) < 0)
		return -1;
	if (entry->state == KEY_CURRENT)
		keys->mac_current = mac;
	keys->mac_count++;
	return 1;
}

static int
load_refresh(struct keys *keys, const struct config *config, struct why *why_r)
{
	const char *dir = config->path_keys;

	for (size_t i = 0; i < keys->list.count; i++) {
		const struct key_entry *entry = &keys->list.entries[i];

		if (entry->kind == KEY_REFRESH && entry->state != KEY_RETIRED &&
		    load_mac_key(keys, dir, entry, why_r) < 0)
			return -1;
	}
	if (keys->mac_current == NULL)
		return why_say(why_r,
		    "%s: no current refresh key; run: latchkeyctl key init",
		    dir);
	return 1;
}

const struct app_need need_refresh_keys = {
	.name = "refresh-keys",
	.load = load_refresh,
};
