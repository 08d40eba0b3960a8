/* The keys in force. */
#include "auth/keyring.h"

#include "auth/keystore.h"
#include "base/epoch.h"
#include "base/log.h"

#include <pthread.h>
#include <sys/stat.h>

enum { LOOK_EVERY_MS = 1000 };

/* What tells one keys.list from the next: every change is a new file. */
struct stamp {
	ino_t inode;
	struct timespec changed;
};

struct keyring {
	pthread_mutex_t mutex;
	const struct config *config;
	const struct app_need *const *needs;
	const char *path;
	struct keys *keys;
	struct stamp stamp;
	uint64_t epoch;
	int64_t looked_ms;
	/* The last try to load failed: the keys are older than the list. */
	bool has_failed;
};

static struct stamp
read_stamp(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return (struct stamp){ .inode = 0 };
	return (struct stamp){ st.st_ino, st.st_ctim };
}

static bool
is_same(const struct stamp *a, const struct stamp *b)
{
	return a->inode == b->inode && a->changed.tv_sec == b->changed.tv_sec &&
	    a->changed.tv_nsec == b->changed.tv_nsec;
}

/* The stamp first: a change in between is found at the next look. */
static int
load(struct keyring *ring, struct why *why_r)
{
	const struct stamp stamp = read_stamp(ring->path);
	struct keys *keys;

	if (keys_load(ring->config, ring->needs, &keys, why_r) < 0)
		return -1;
	keys_unref(&ring->keys);
	ring->keys = keys;
	ring->stamp = stamp;
	return 1;
}

int
keyring_open(const struct config *config, const struct app_need *const *needs,
    struct keyring **ring_r, struct why *why_r)
{
	struct keyring *ring = calloc(1, sizeof *ring);

	if (ring == NULL)
		return why_say(why_r, "out of memory");
	pthread_mutex_init(&ring->mutex, NULL);
	ring->config = config;
	ring->needs = needs;
	ring->path = keystore_list_path(config);
	if (ring->path == NULL || load(ring, why_r) < 0) {
		keyring_close(&ring);
		return -1;
	}
	*ring_r = ring;
	return 1;
}

void
keyring_close(struct keyring **ring)
{
	if (*ring == NULL)
		return;
	keys_unref(&(*ring)->keys);
	pthread_mutex_destroy(&(*ring)->mutex);
	free(*ring);
	*ring = NULL;
}

/* With the mutex held. */
static void
look(struct keyring *ring, const struct clock_reading *now)
{
	const uint64_t epoch = epoch_load();
	/* What failed is not tried again by every request. */
	const bool is_due =
	    !ring->has_failed && now->unix_s >= keys_change_s(ring->keys);
	struct stamp stamp;
	struct why why;

	if (!is_due && epoch == ring->epoch &&
	    now->mono_ms - ring->looked_ms < LOOK_EVERY_MS)
		return;
	ring->epoch = epoch;
	ring->looked_ms = now->mono_ms;
	stamp = read_stamp(ring->path);
	if (!is_due && !ring->has_failed && is_same(&stamp, &ring->stamp))
		return;
	ring->has_failed = load(ring, &why) < 0;
	if (ring->has_failed)
		log_error("keys", "%s; the keys in force stay", why.text);
	else
		log_info("keys", "keys were read again");
}

struct keys *
keyring_acquire(struct keyring *ring, const struct clock_reading *now)
{
	struct keys *keys;

	pthread_mutex_lock(&ring->mutex);
	look(ring, now);
	keys = keys_ref(ring->keys);
	pthread_mutex_unlock(&ring->mutex);
	return keys;
}
