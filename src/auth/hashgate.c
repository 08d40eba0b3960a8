/* Turns at the password hash: few at once on the host, a bounded queue. */
#include "auth/hashgate.h"

#include "auth/hashplan.h"
#include "base/background.h"
#include "base/cond.h"
#include "base/file.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <unistd.h>

enum {
	LOCK_AGAIN_US = 2000,
};

/* One in the queue; it lives on the stack of the thread that waits. */
struct waiter {
	pthread_cond_t turn;
	struct waiter *next;
};

/*
 * A place to hash.  Its lock file is shared by all processes of the host, so
 * that login and register together do not exceed the cap; the kernel frees
 * the lock of a process that dies.
 */
struct place {
	int lock_fd;
	bool is_taken;
};

static struct {
	pthread_mutex_t mutex;
	struct place places[PWHASH_PARALLEL_MAX];
	size_t place_count;
	struct waiter *first;
	struct waiter **end;
	int64_t waiting;
	int64_t most_waiting;
	struct pwhash_cost cost;
} gate = { .mutex = PTHREAD_MUTEX_INITIALIZER, .end = &gate.first };

static int
open_place(const struct config *config, size_t number, struct why *why_r)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/hash-%zu.lock", config->path_run,
	    number);
	gate.places[number].lock_fd =
	    open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (gate.places[number].lock_fd < 0)
		return why_say(why_r, "%s can't be opened: %s", path,
		    strerror(errno));
	return 1;
}

static void
set_cost(const struct config *config)
{
	gate.cost.memory_kib = config->password_argon2_memory_kib;
	gate.cost.passes = config->password_argon2_passes;
	gate.most_waiting = config->password_hash_queue;
}

int
hashgate_check_config(const struct config *config, struct why *why_r)
{
	const struct pwhash_cost cost = {
		.memory_kib = config->password_argon2_memory_kib,
		.passes = config->password_argon2_passes,
	};

	if (!pwhash_cost_is_strong(&cost))
		return why_say(why_r,
		    "'password.argon2_memory_kib' and "
		    "'password.argon2_passes' are too weak together; "
		    "19456 KiB with 2 passes is the usual choice");
	return 1;
}

static int
open_hashing(struct app *app, struct why *why_r)
{
	const struct config *config = app->config;
	const long processors = sysconf(_SC_NPROCESSORS_ONLN);
	int64_t parallel = config->password_hash_parallel;

	if (hashgate_check_config(config, why_r) < 0)
		return -1;
	if (pwhash_start() < 0)
		return why_say(why_r, "libsodium can't be started");
	if (parallel == 0)
		parallel = processors < 1 ? 1 : processors;
	if (parallel > PWHASH_PARALLEL_MAX)
		parallel = PWHASH_PARALLEL_MAX;
	gate.place_count = (size_t)parallel;
	set_cost(config);
	for (size_t i = 0; i < gate.place_count; i++)
		if (open_place(config, i, why_r) < 0)
			return -1;
	hashplan_start(&gate.cost);
	/* Whoever has a place occupies a thread as well. */
	app->most_waiting = gate.place_count + (size_t)gate.most_waiting;
	return 1;
}

const struct app_need need_hashing = {
	.name = "hashing",
	.open = open_hashing,
};

static struct place *
free_place(void)
{
	for (size_t i = 0; i < gate.place_count; i++)
		if (!gate.places[i].is_taken)
			return &gate.places[i];
	return NULL;
}

/* Wake the longest waiting if there is a place.  With the mutex held. */
static void
call_next(void)
{
	if (gate.first != NULL && free_place() != NULL)
		pthread_cond_signal(&gate.first->turn);
}

static void
leave_queue(struct waiter *self)
{
	struct waiter **link = &gate.first;

	while (*link != self)
		link = &(*link)->next;
	*link = self->next;
	if (self->next == NULL)
		gate.end = link;
	gate.waiting--;
}

/*
 * A place, first come first served, or NULL where the queue is full or the
 * deadline passes.  With the mutex held.
 */
static struct place *
wait_for_place(int64_t deadline_ms)
{
	struct waiter self = { .next = NULL };
	bool is_in_time = true;

	if (gate.waiting >= gate.most_waiting)
		return NULL;
	cond_init(&self.turn);
	*gate.end = &self;
	gate.end = &self.next;
	gate.waiting++;
	while (is_in_time && (gate.first != &self || free_place() == NULL))
		is_in_time = cond_wait(&self.turn, &gate.mutex, deadline_ms);
	leave_queue(&self);
	pthread_cond_destroy(&self.turn);
	return is_in_time ? free_place() : NULL;
}

static size_t
count_waiting(void)
{
	size_t waiting;

	pthread_mutex_lock(&gate.mutex);
	waiting = (size_t)gate.waiting;
	pthread_mutex_unlock(&gate.mutex);
	return waiting;
}

/*
 * The memory of a hash passes to those who wait for a place, a piece to each,
 * and the rest is given back before the place is.
 */
static void
give_back(struct place *place)
{
	pwhash_release(count_waiting());
	flock(place->lock_fd, LOCK_UN);
	pthread_mutex_lock(&gate.mutex);
	place->is_taken = false;
	call_next();
	pthread_mutex_unlock(&gate.mutex);
}

/* Another process may hold this place's lock, but not the next one's. */
static void
change_place(struct place **place)
{
	pthread_mutex_lock(&gate.mutex);
	for (size_t i = 0; i < gate.place_count; i++) {
		struct place *other = &gate.places[i];

		if (other->is_taken ||
		    flock(other->lock_fd, LOCK_EX | LOCK_NB) != 0)
			continue;
		flock(other->lock_fd, LOCK_UN);
		other->is_taken = true;
		(*place)->is_taken = false;
		*place = other;
		break;
	}
	pthread_mutex_unlock(&gate.mutex);
}

/*
 * The host's share of the place, until the deadline: whoever holds the lock
 * may have been stopped for good.
 */
static bool
lock_host(struct place **place, int64_t deadline_ms)
{
	while (flock((*place)->lock_fd, LOCK_EX | LOCK_NB) != 0) {
		if (clock_mono_ms() >= deadline_ms) {
			log_warn("hash", "other processes hash all the time");
			return false;
		}
		/* Whoever has the place has memory, too. */
		pwhash_release(0);
		usleep(LOCK_AGAIN_US);
		change_place(place);
	}
	return true;
}

/* Returns NULL where there is no place in time. */
static struct place *
find_place(int64_t deadline_ms)
{
	struct place *place;

	pthread_mutex_lock(&gate.mutex);
	place = gate.first == NULL ? free_place() : NULL;
	if (place == NULL)
		place = wait_for_place(deadline_ms);
	if (place != NULL)
		place->is_taken = true;
	call_next();
	pthread_mutex_unlock(&gate.mutex);
	if (place == NULL) {
		/* Some may have been kept for this one. */
		pwhash_release(count_waiting());
		log_warn("hash", "too many requests wait for a password hash");
		return NULL;
	}
	if (lock_host(&place, deadline_ms))
		return place;
	give_back(place);
	return NULL;
}

/* The same; others may take requests until leave. */
static struct place *
enter(const struct context *context)
{
	struct place *place;

	app_tell_waiting(context->app, true);
	place = find_place(context->deadline_ms);
	if (place == NULL)
		app_tell_waiting(context->app, false);
	return place;
}

static void
leave(const struct context *context, struct place *place)
{
	give_back(place);
	app_tell_waiting(context->app, false);
}

/* One hash to make or, where made is NULL, to check. */
struct hashing {
	struct secret password;
	struct str stored;
	char *made;
};

static int
hash(void *hashing_v)
{
	const struct hashing *hashing = hashing_v;

	if (hashing->made == NULL)
		return hashplan_run(hashing->password, hashing->stored);
	return pwhash_make(hashing->password, &gate.cost, hashing->made);
}

/* In turn; *rc_r as pwhash_make or pwhash_check. */
static enum api_error
hash_in_turn(struct context *context, struct hashing *hashing, int *rc_r)
{
	struct place *place = enter(context);

	if (place == NULL)
		return API_OVERLOADED;
	*rc_r = background_run(hash, hashing);
	leave(context, place);
	return *rc_r < 0 ? API_UNAVAILABLE : API_OK;
}

enum api_error
hashgate_make(struct context *context, struct secret password,
    struct str *hash_r)
{
	struct hashing hashing = {
		.password = password,
		.made = arena_alloc(context->arena, PWHASH_SIZE),
	};
	enum api_error error;
	int rc;

	if (hashing.made == NULL)
		return API_UNAVAILABLE;
	error = hash_in_turn(context, &hashing, &rc);
	if (error == API_OK)
		*hash_r = str_from(hashing.made);
	return error;
}

enum api_error
hashgate_check(struct context *context, struct secret password,
    struct str stored, bool *is_right_r)
{
	struct hashing hashing = { .password = password, .stored = stored };
	int rc;
	const enum api_error error = hash_in_turn(context, &hashing, &rc);

	if (error == API_OK)
		*is_right_r = rc == 1;
	return error;
}
