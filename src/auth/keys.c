/* The keys a process has in memory. */
#include "auth/keys.h"

#include "auth/keystore.h"
#include "wrap/jwtcheck.h"

enum { MAC_ID_DIGITS = 8 };

struct keys {
	/* Holds the MAC keys' bytes; wiped when freed. */
	struct arena *arena;
	struct jws_key *published[LIMIT_KEYS];
	size_t published_count;
	const struct jws_key *accepted[LIMIT_KEYS];
	struct jws_keys accepted_list;
	struct jws_key *signing;
	struct mac_key macs[LIMIT_KEYS];
	size_t mac_count;
	const struct mac_key *mac_current;
};

static int
load_token_key(struct keys *keys, const char *dir, unsigned int powers,
    const struct key_entry *entry, struct why *why_r)
{
	struct jws_key *key;

	if (entry->state == KEY_CURRENT && (powers & APP_SIGNS) != 0) {
		if (keystore_load_private(dir, entry, &keys->signing, why_r) <
		    0)
			return -1;
		if (jwtcheck_key(keys->signing) != 1)
			return why_say(why_r,
			    "token key %s fails the cross-check with libjwt",
			    entry->id);
	}
	if (keystore_load_public(dir, entry, &key, why_r) < 0)
		return -1;
	keys->published[keys->published_count++] = key;
	if (entry->state != KEY_NEXT)
		keys->accepted[keys->accepted_list.count++] = key;
	return 1;
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
load_all(struct keys *keys, const char *dir, unsigned int powers,
    const struct key_list *list, struct why *why_r)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct key_entry *entry = &list->entries[i];

		if (entry->state == KEY_RETIRED)
			continue;
		if (entry->kind == KEY_TOKEN &&
		    load_token_key(keys, dir, powers, entry, why_r) < 0)
			return -1;
		if (entry->kind == KEY_REFRESH &&
		    (powers & APP_READS_REFRESH) != 0 &&
		    load_mac_key(keys, dir, entry, why_r) < 0)
			return -1;
	}
	if ((powers & APP_SIGNS) != 0 && keys->signing == NULL)
		return why_say(why_r,
		    "%s: no current token key; "
		    "run: latchkeyctl key init",
		    dir);
	if ((powers & APP_READS_REFRESH) != 0 && keys->mac_current == NULL)
		return why_say(why_r,
		    "%s: no current refresh key; "
		    "run: latchkeyctl key init",
		    dir);
	return 1;
}

int
keys_load(const struct config *config, unsigned int powers,
    struct keys **keys_r, struct why *why_r)
{
	const char *dir = config->path_keys;
	struct keys *keys = calloc(1, sizeof *keys);
	struct key_list list;
	int rc;

	if (keys == NULL || (keys->arena = arena_new(LIMIT_ARENA)) == NULL) {
		free(keys);
		return why_say(why_r, "out of memory");
	}
	keys->accepted_list.list = keys->accepted;
	rc = keystore_check_dir(dir, why_r);
	if (rc == 1)
		rc = keystore_read(keys->arena, dir, &list, why_r);
	if (rc == 0)
		rc = why_say(why_r,
		    "%s holds no keys; "
		    "run: latchkeyctl key init",
		    dir);
	if (rc == 1)
		rc = load_all(keys, dir, powers, &list, why_r);
	if (rc < 0) {
		keys_free(&keys);
		return -1;
	}
	*keys_r = keys;
	return 1;
}

void
keys_free(struct keys **keys)
{
	if (*keys == NULL)
		return;
	for (size_t i = 0; i < (*keys)->published_count; i++)
		jws_key_free(&(*keys)->published[i]);
	jws_key_free(&(*keys)->signing);
	arena_free(&(*keys)->arena);
	free(*keys);
	*keys = NULL;
}

const struct jws_keys *
keys_accepted(const struct keys *keys)
{
	return &keys->accepted_list;
}

const struct jws_key *
keys_signing(const struct keys *keys)
{
	return keys->signing;
}

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

int
keys_write_jwks(const struct keys *keys, struct jsonw *w)
{
	jsonw_object(w, NULL);
	jsonw_array(w, "keys");
	for (size_t i = 0; i < keys->published_count; i++)
		if (jws_key_write_jwk(keys->published[i], w) < 0)
			return -1;
	jsonw_array_end(w);
	jsonw_object_end(w);
	return 1;
}
