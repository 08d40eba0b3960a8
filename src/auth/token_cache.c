/* A fixed table: a few ways a set, the one used longest ago makes room. */
#include "auth/token_cache.h"

#include "auth/keys.h"
#include "auth/token_internal.h"
#include "base/limits.h"

#include <pthread.h>

enum {
	WAYS = 4,
	SETS = LIMIT_TOKENS_CACHED / WAYS,
	/* The texts of nearly everybody's; others are verified each time. */
	TEXT_MAX = 128,
};

_Static_assert((SETS & (SETS - 1)) == 0, "sets are chosen by a mask");

/* Holds no token: the key can't be turned back into one. */
struct entry {
	unsigned char key[TOKEN_CACHE_KEY_SIZE];
	/* Of the keys that it was verified with; 0 marks a free entry. */
	uint64_t keys_serial;
	uint64_t used;
	/* Its texts have their lengths here and their bytes below. */
	struct identity identity;
	char text[TEXT_MAX];
};

struct token_cache {
	pthread_mutex_t mutex;
	/* Rises with every use: what is lower was used before. */
	uint64_t clock;
	/* SETS of them; NULL while nothing is remembered. */
	struct entry (*sets)[WAYS];
};

int
token_cache_new(struct token_cache **cache_r)
{
	struct token_cache *cache = calloc(1, sizeof *cache);

	if (cache == NULL)
		return -1;
	pthread_mutex_init(&cache->mutex, NULL);
	*cache_r = cache;
	return 1;
}

void
token_cache_free(struct token_cache **cache)
{
	if (*cache == NULL)
		return;
	pthread_mutex_destroy(&(*cache)->mutex);
	free((*cache)->sets);
	free(*cache);
	*cache = NULL;
}

void
token_cache_rest(struct token_cache *cache)
{
	pthread_mutex_lock(&cache->mutex);
	free(cache->sets);
	cache->sets = NULL;
	pthread_mutex_unlock(&cache->mutex);
}

/*
 * NULL while there is no table.  A hash is as good as random: any of its bits
 * will do.
 */
static struct entry *
set_of(struct token_cache *cache, const unsigned char *key)
{
	size_t number;

	memcpy(&number, key, sizeof number);
	return cache->sets == NULL ? NULL : cache->sets[number & (SETS - 1)];
}

static struct entry *
find(struct entry *set, const unsigned char *key)
{
	for (size_t i = 0; set != NULL && i < WAYS; i++)
		if (set[i].keys_serial != 0 &&
		    memcmp(set[i].key, key, TOKEN_CACHE_KEY_SIZE) == 0)
			return &set[i];
	return NULL;
}

static size_t
text_len(const struct identity *identity)
{
	return identity->jti.len + identity->email.len + identity->roles.len;
}

/* With the mutex held.  Returns 1 or 0. */
static int
take(struct context *context, const struct entry *entry,
    struct identity *identity_r)
{
	struct identity identity = entry->identity;
	const struct str text = str_copy(context->arena,
	    (struct str){ entry->text, text_len(&identity) });

	if (text.ptr == NULL)
		return 0;

	identity.jti.ptr = text.ptr;
	identity.email.ptr = identity.jti.ptr + identity.jti.len;
	identity.roles.ptr = identity.email.ptr + identity.email.len;
	*identity_r = identity;
	return 1;
}

int
token_cache_find(struct context *context,
    const unsigned char key[TOKEN_CACHE_KEY_SIZE], struct identity *identity_r)
{
	struct token_cache *cache = context->app->token_cache;
	struct entry *entry;
	int rc = 0;

	pthread_mutex_lock(&cache->mutex);
	entry = find(set_of(cache, key), key);
	/* Other keys, or a time that is over or to come: judged anew. */
	if (entry != NULL &&
	    (entry->keys_serial != keys_serial(context->keys) ||
	        token_judge_times(context, &entry->identity) != TOKEN_GOOD))
		entry->keys_serial = 0;
	else if (entry != NULL)
		rc = take(context, entry, identity_r);
	if (rc == 1)
		entry->used = ++cache->clock;
	pthread_mutex_unlock(&cache->mutex);
	return rc;
}

/* With the mutex held: the same token's, a free one, or the oldest. */
static struct entry *
choose(struct entry *set, const unsigned char *key)
{
	struct entry *chosen = find(set, key);

	if (chosen != NULL)
		return chosen;
	chosen = &set[0];
	for (size_t i = 1; i < WAYS && chosen->keys_serial != 0; i++)
		if (set[i].keys_serial == 0 || set[i].used < chosen->used)
			chosen = &set[i];
	return chosen;
}

static void
put_texts(char *at, const struct identity *identity)
{
	const struct str texts[] = { identity->jti, identity->email,
		identity->roles };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		if (texts[i].len > 0)
			memcpy(at, texts[i].ptr, texts[i].len);
		at += texts[i].len;
	}
}

/* With the mutex held, and a table. */
static void
put(struct token_cache *cache, const unsigned char *key, uint64_t keys_serial,
    const struct identity *identity)
{
	struct entry *entry = choose(set_of(cache, key), key);

	memcpy(entry->key, key, TOKEN_CACHE_KEY_SIZE);
	entry->keys_serial = keys_serial;
	entry->used = ++cache->clock;
	entry->identity = *identity;
	put_texts(entry->text, identity);
}

void
token_cache_put(struct context *context,
    const unsigned char key[TOKEN_CACHE_KEY_SIZE],
    const struct identity *identity)
{
	struct token_cache *cache = context->app->token_cache;

	if (text_len(identity) > TEXT_MAX)
		return;
	pthread_mutex_lock(&cache->mutex);
	if (cache->sets == NULL)
		cache->sets = calloc(SETS, sizeof *cache->sets);
	if (cache->sets != NULL)
		put(cache, key, keys_serial(context->keys), identity);
	pthread_mutex_unlock(&cache->mutex);
}
