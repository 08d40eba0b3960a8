/* Making the keys a new installation needs. */
#include "auth/keys.h"

#include "auth/keystore.h"
#include "base/clock.h"

#include <errno.h>
#include <sys/stat.h>

static int
ensure_token_key(struct key_list *list, const struct config *config,
    struct why *why_r)
{
	const struct key_entry *current = key_list_current(list, KEY_TOKEN);
	struct key_entry made;
	enum jws_alg alg;

	if (jws_alg_parse(str_from(config->token_alg), &alg) != 1)
		return why_say(why_r, "token.alg is not known");
	if (current != NULL && current->alg == alg)
		return 0;
	if (keystore_make_token_key(config->path_keys, alg, &made, why_r) < 0)
		return -1;
	return key_list_add(list, &made, clock_read().unix_s, why_r);
}

static int
ensure_mac_key(struct key_list *list, const struct config *config,
    struct why *why_r)
{
	struct key_entry made;

	if (key_list_current(list, KEY_REFRESH) != NULL)
		return 0;
	if (keystore_make_mac_key(config->path_keys, &made, why_r) < 0)
		return -1;
	return key_list_add(list, &made, clock_read().unix_s, why_r);
}

static int
init_in(struct arena *arena, const struct config *config, struct why *why_r)
{
	const char *dir = config->path_keys;
	struct key_list list = { .count = 0 };
	int is_token_new;
	int is_mac_new;

	if (keystore_read(arena, dir, &list, why_r) < 0)
		return -1;
	if (keystore_scan(arena, dir, &list, why_r) < 0)
		return -1;
	key_list_judge(&list, config, clock_read().unix_s);
	is_token_new = ensure_token_key(&list, config, why_r);
	if (is_token_new < 0)
		return -1;
	is_mac_new = ensure_mac_key(&list, config, why_r);
	if (is_mac_new < 0)
		return -1;
	return keystore_write(arena, dir, &list, why_r);
}

int
keys_init(const struct config *config, struct why *why_r)
{
	const char *dir = config->path_keys;
	struct arena *arena;
	int rc;

	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return why_say(why_r, "key directory %s can't be made: %s", dir,
		    strerror(errno));
	if (keystore_check_dir(dir, why_r) != 1)
		return -1;
	arena = arena_new(LIMIT_ARENA);
	if (arena == NULL)
		return why_say(why_r, "out of memory");
	rc = init_in(arena, config, why_r);
	arena_free(&arena);
	return rc;
}
