/*
 * Requests that move sessions on, by a database that does what it is told; the
 * whole of it is part of the test that includes it.
 */
#ifndef LATCHKEY_TESTS_UNIT_AUTH_ROTATIONS_SCENE_H
#define LATCHKEY_TESTS_UNIT_AUTH_ROTATIONS_SCENE_H

#include "../unit.h"

#include "auth/rotations.h"
#include "base/clock.h"
#include "base/limits.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <time.h>

enum { SINGLES = 2, STEPS_MAX = 16 };

/* The database: each statement waits until it is let go, one after another. */
static struct {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	size_t let_go;
	size_t begun;
	size_t counts[STEPS_MAX * 2];
	/* How statements of several steps fail. */
	enum db_error together;
	/* Somebody holds the rows of sessions from this one on. */
	unsigned char held;
	/* Nobody has this session. */
	unsigned char missing;
	/* The token of this session is not the current one. */
	unsigned char refused;
	bool has_connections;
	bool is_sorted;
} database = {
	.mutex = PTHREAD_MUTEX_INITIALIZER,
	.changed = PTHREAD_COND_INITIALIZER,
};

static _Thread_local enum db_error last_error;

struct db_conn *
db_acquire(struct db *db, int64_t deadline_ms)
{
	(void)db;
	(void)deadline_ms;
	return database.has_connections ? (struct db_conn *)&database : NULL;
}

void
db_release(struct db *db, struct db_conn **conn)
{
	(void)db;
	*conn = NULL;
}

enum db_error
db_last_error(const struct db_conn *conn)
{
	(void)conn;
	return last_error;
}

static int
fail_by(enum db_error error)
{
	last_error = error;
	return -1;
}

static int
carry_out(struct session_rotation *rotations, size_t count)
{
	size_t number;

	pthread_mutex_lock(&database.mutex);
	number = database.begun++;
	database.counts[number] = count;
	pthread_cond_broadcast(&database.changed);
	while (number >= database.let_go)
		pthread_cond_wait(&database.changed, &database.mutex);
	pthread_mutex_unlock(&database.mutex);
	for (size_t i = 0; i < count; i++) {
		const unsigned char id = rotations[i].step->id->bytes[0];

		if (id == database.missing)
			return fail_by(DB_ERROR_MISSING);
		if (i > 0 && id < rotations[i - 1].step->id->bytes[0])
			database.is_sorted = false;
		rotations[i].state_r->generation = id;
		rotations[i].state_r->has_moved = id != database.refused;
		rotations[i].rc = 1;
	}
	return 1;
}

int
session_rotate_all(struct db_conn *conn, struct arena *arena,
    struct session_rotation *rotations, size_t count)
{
	(void)conn;
	(void)arena;
	if (rotations[count - 1].step->id->bytes[0] >= database.held)
		return fail_by(DB_ERROR_CONFLICT);
	if (carry_out(rotations, count) < 0)
		return -1;
	return count > 1 && database.together != DB_ERROR_NONE
	    ? fail_by(database.together)
	    : 1;
}

int
session_rotate(struct db_conn *conn, struct arena *arena,
    struct session_rotation *rotation)
{
	(void)conn;
	(void)arena;
	return carry_out(rotation, 1);
}

/* --- Requests ----------------------------------------------------------- */

struct asker {
	pthread_t thread;
	struct app app;
	struct context context;
	struct uuid id;
	struct session_step step;
	struct session_state state;
	int rc;
	/* The thread that went on with it, and whether its own has ended. */
	pthread_t finisher;
	bool is_joined;
	/* How many were gone on with before. */
	int place;
	sem_t done;
};

static struct asker askers[STEPS_MAX];
static atomic_int gone_on;

static void
resume(struct context *context)
{
	struct asker *asker = context->owner;

	asker->finisher = pthread_self();
	asker->place = gone_on++;
	sem_post(&asker->done);
}

static void *
ask(void *asker_v)
{
	struct asker *asker = asker_v;

	if (rotations_step(&asker->context, &asker->step, &asker->state,
	        &asker->rc))
		resume(&asker->context);
	return NULL;
}

/* Whether threads leave what others are to go on with. */
static bool are_left;
/* See struct app. */
static int (*start_thread)(void (*run)(void *work), void *work);

/* Ids fall, so that an order of arrival is no order of ids. */
static void
begin(size_t number)
{
	struct asker *asker = &askers[number];

	memset(asker, 0, sizeof *asker);
	asker->id.bytes[0] = (unsigned char)(STEPS_MAX - number);
	asker->step.id = &asker->id;
	sem_init(&asker->done, 0, 0);
	asker->app.db = (struct db *)&database;
	asker->app.start_thread = start_thread;
	asker->context.app = &asker->app;
	asker->context.resume = are_left ? resume : NULL;
	asker->context.owner = asker;
	asker->context.arena = arena_new(LIMIT_ARENA);
	assert_non_null(asker->context.arena);
	asker->context.deadline_ms = clock_mono_ms() + 10000;
	assert_int_equal(pthread_create(&asker->thread, NULL, ask, asker), 0);
}

static void
await_begun(size_t count)
{
	pthread_mutex_lock(&database.mutex);
	while (database.begun < count)
		pthread_cond_wait(&database.changed, &database.mutex);
	pthread_mutex_unlock(&database.mutex);
}

/* So many of them, from the first on. */
static void
let_go(size_t count)
{
	pthread_mutex_lock(&database.mutex);
	database.let_go = count;
	pthread_cond_broadcast(&database.changed);
	pthread_mutex_unlock(&database.mutex);
}

/* Behind so many others. */
static inline void
begin_waiting(size_t number, size_t others)
{
	begin(number);
	while (rotations_waiting() <= others)
		sched_yield();
}

/* Two statements of one step are under way, and the rest has to wait. */
static inline void
begin_all(size_t count)
{
	for (size_t i = 0; i < SINGLES; i++) {
		begin(i);
		await_begun(i + 1);
	}
	for (size_t i = SINGLES; i < count; i++)
		begin_waiting(i, i - SINGLES);
}

/*
 * Those that waited for the two, up to the one before first, are
 * under way by one statement, and so many more wait for it.
 */
static inline void
begin_behind(size_t first, size_t count)
{
	begin_all(first);
	let_go(SINGLES);
	await_begun(SINGLES + 1);
	for (size_t i = first; i < first + count; i++)
		begin_waiting(i, i - first);
}

static inline void
end_all(size_t count)
{
	let_go(SIZE_MAX);
	for (size_t i = 0; i < count; i++) {
		sem_wait(&askers[i].done);
		if (!askers[i].is_joined)
			pthread_join(askers[i].thread, NULL);
	}
	for (size_t i = 0; i < count; i++)
		arena_free(&askers[i].context.arena);
	assert_int_equal(rotations_waiting(), 0);
}

static inline void
assert_all(size_t count, int rc)
{
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(askers[i].rc, rc);
		if (rc == 1)
			assert_int_equal(askers[i].state.generation,
			    askers[i].id.bytes[0]);
	}
}

/* How often a statement of so many steps was asked for. */
static inline size_t
statements_of(size_t count)
{
	size_t found = 0;

	for (size_t i = 0; i < database.begun; i++)
		found += database.counts[i] == count;
	return found;
}

/* Whose clock is a minute ahead waits for so much longer. */
static struct clock_reading
patient_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (struct clock_reading){ .mono_ms = now.tv_sec * 1000 + 60000 };
}

static inline int
setup(void **state)
{
	(void)state;
	clock_use(patient_clock);
	database.let_go = 0;
	database.begun = 0;
	database.together = DB_ERROR_NONE;
	database.held = UINT8_MAX;
	database.missing = UINT8_MAX;
	database.refused = UINT8_MAX;
	database.has_connections = true;
	database.is_sorted = true;
	are_left = false;
	return 0;
}

#endif
