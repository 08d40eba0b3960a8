/* The keys a process has in memory. */
#include "auth/keys.h"

#include "auth/keys_internal.h"
#include "base/clock.h"

static atomic_uint_least64_t loads;

static int
load_public(struct keys *keys, const char *dir, int64_t now_s,
    struct why *why_r)
{
	for (size_t i = 0; i < keys->list.count; i++) {
		const struct key_entry *entry = &keys->list.entries[i];
		struct jws_key *key;

		if (entry->kind != KEY_TOKEN || entry->state == KEY_RETIRED)
			continue;
		if (keystore_load_public(dir, entry, &key, why_r) < 0)
			return -1;
		keys->published[keys->published_count++] = key;
		if (entry->signs_from_s <= now_s + KEY_EARLY_S)
			keys->accepted[keys->accepted_list.count++] = key;
	}
	return 1;
}

static int
load_all(struct keys *keys, const struct config *config,
    const struct app_need *const *needs, struct why *why_r)
{
	const char *dir = config->path_keys;
	const int64_t now_s = clock_read().unix_s;
	int rc = keystore_check_dir(dir, why_r);

	if (rc == 1)
		rc = keystore_read(keys->arena, dir, &keys->list, why_r);
	if (rc == 0)
		return why_say(why_r,
		    "%s holds no keys; run: latchkeyctl key init", dir);
	if (rc < 0)
		return -1;
	key_list_judge(&keys->list, config, now_s);
	/* A list that was emptied is no list. */
	if (key_list_current(&keys->list, KEY_TOKEN) == NULL)
		return why_say(why_r,
		    "%s: no current token key; run: latchkeyctl key init", dir);
	if (load_public(keys, dir, now_s, why_r) < 0)
		return -1;
	for (; *needs != NULL; needs++)
		if ((*needs)->load != NULL &&
		    (*needs)->load(keys, config, why_r) < 0)
			return -1;
	return 1;
}

int
keys_load(const struct config *config, const struct app_need *const *needs,
    struct keys **keys_r, struct why *why_r)
{
	struct keys *keys = calloc(1, sizeof *keys);

	if (keys == NULL || (keys->arena = arena_new(LIMIT_ARENA)) == NULL) {
		free(keys);
		return why_say(why_r, "out of memory");
	}
	atomic_init(&keys->references, 1);
	keys->serial = atomic_fetch_add(&loads, 1) + 1;
	keys->accepted_list.list = keys->accepted;
	if (load_all(keys, config, needs, why_r) < 0) {
		keys_unref(&keys);
		return -1;
	}
	*keys_r = keys;
	return 1;
}

struct keys *
keys_ref(struct keys *keys)
{
	atomic_fetch_add(&keys->references, 1);
	return keys;
}

uint64_t
keys_serial(const struct keys *keys)
{
	return keys->serial;
}

int64_t
keys_change_s(const struct keys *keys)
{
	return keys->list.changes_s;
}

static void
release(struct keys **keys)
{
	for (size_t i = 0; i < (*keys)->published_count; i++)
		jws_key_free(&(*keys)->published[i]);
	jws_key_free(&(*keys)->signing);
	arena_free(&(*keys)->arena);
	free(*keys);
}

void
keys_unref(struct keys **keys)
{
	if (*keys != NULL && atomic_fetch_sub(&(*keys)->references, 1) == 1)
		release(keys);
	*keys = NULL;
}

const struct jws_keys *
keys_accepted(const struct keys *keys)
{
	return &keys->accepted_list;
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
