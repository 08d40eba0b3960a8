/* The keys a process has in memory. */
#include "auth/keys.h"

#include "auth/keys_internal.h"

static int
load_public(struct keys *keys, const char *dir, struct why *why_r)
{
	for (size_t i = 0; i < keys->list.count; i++) {
		const struct key_entry *entry = &keys->list.entries[i];
		struct jws_key *key;

		if (entry->kind != KEY_TOKEN || entry->state == KEY_RETIRED)
			continue;
		if (keystore_load_public(dir, entry, &key, why_r) < 0)
			return -1;
		keys->published[keys->published_count++] = key;
		if (entry->state != KEY_NEXT)
			keys->accepted[keys->accepted_list.count++] = key;
	}
	return 1;
}

int
keys_load(const struct config *config, struct keys **keys_r, struct why *why_r)
{
	const char *dir = config->path_keys;
	struct keys *keys = calloc(1, sizeof *keys);
	int rc;

	if (keys == NULL || (keys->arena = arena_new(LIMIT_ARENA)) == NULL) {
		free(keys);
		return why_say(why_r, "out of memory");
	}
	keys->accepted_list.list = keys->accepted;
	rc = keystore_check_dir(dir, why_r);
	if (rc == 1)
		rc = keystore_read(keys->arena, dir, &keys->list, why_r);
	if (rc == 0)
		rc = why_say(why_r,
		    "%s holds no keys; "
		    "run: latchkeyctl key init",
		    dir);
	if (rc == 1)
		rc = load_public(keys, dir, why_r);
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
