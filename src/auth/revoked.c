/* The revocations in force, in memory. */
#include "auth/revoked.h"

#include "auth/revoked_set.h"
#include "base/epoch.h"
#include "base/limits.h"
#include "base/log.h"
#include "model/revocation.h"
#include "model/session.h"

#include <pthread.h>

struct revoked {
	pthread_rwlock_t lock;
	/* Held by the one thread that reads the database. */
	pthread_mutex_t reading;
	struct revoked_set set;
	/* The shared counter's value that the set answers for. */
	uint64_t epoch;
	/* Monotonic: of the last read, and of the last read of everything. */
	int64_t read_ms;
	int64_t full_ms;
	/* Crowded after a read of everything: another would spare nothing. */
	bool stays_crowded;
	/* The newest row's time, by the database's clock. */
	int64_t newest_ms;
	bool is_read;
	int64_t failed_ms;
};

enum {
	/* After a failed read, others do not try again for this long. */
	RETRY_MS = 200,
	/*
	 * A row may commit after a newer one: each read goes back by more
	 * than the longest transaction (wrap/db_pool.c bounds its statements
	 * and its pauses).
	 */
	OVERLAP_MS = 120 * 1000,
	/* Everything anew, so that what has expired is forgotten. */
	FULL_EVERY_MS = 600 * 1000,
	/* Where that may spare the table of sessions its growth. */
	CROWDED_EVERY_MS = 60 * 1000,
};

int
revoked_new(struct revoked **revoked_r)
{
	struct revoked *revoked = calloc(1, sizeof *revoked);

	if (revoked == NULL)
		return -1;
	pthread_rwlock_init(&revoked->lock, NULL);
	pthread_mutex_init(&revoked->reading, NULL);
	*revoked_r = revoked;
	return 1;
}

void
revoked_free(struct revoked **revoked)
{
	if (*revoked == NULL)
		return;
	pthread_rwlock_destroy(&(*revoked)->lock);
	pthread_mutex_destroy(&(*revoked)->reading);
	revoked_set_free(&(*revoked)->set);
	free(*revoked);
	*revoked = NULL;
}

struct reading {
	/* NULL where everything is read anew. */
	const struct revoked_set *known;
	/* What is not known yet. */
	struct revoked_set set;
	struct revocation row;
	int64_t newest_ms;
};

static int
take_session(struct reading *reading)
{
	const struct uuid *id = &reading->row.subject;

	if (reading->known != NULL &&
	    revoked_set_has_session(reading->known, id))
		return 1;
	return revoked_set_add_session(&reading->set, id);
}

static int
take_user(struct reading *reading, int64_t least_version)
{
	const struct uuid *id = &reading->row.subject;

	if (reading->known != NULL &&
	    revoked_set_least_version(reading->known, id) >= least_version)
		return 1;
	return revoked_set_add_user(&reading->set, id, least_version);
}

static int
take_row(void *context)
{
	struct reading *reading = context;
	const struct revocation *row = &reading->row;

	if (reading->newest_ms < row->created_ms)
		reading->newest_ms = row->created_ms;
	return row->least_version.is_set
	    ? take_user(reading, row->least_version.value)
	    : take_session(reading);
}

static int
read_rows(struct context *context, struct reading *reading, int64_t since_ms)
{
	const struct revocation_listing listing = {
		.row = &reading->row,
		.overlap_ms = OVERLAP_MS,
		.each = take_row,
		.context = reading,
	};
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	int rc;

	if (conn == NULL)
		return -1;
	rc = revocation_each(conn, context->arena, since_ms, &listing);
	db_release(db, &conn);
	return rc;
}

/*
 * Put what was read in place of what was known, or to it.  Returns -1 without
 * memory: then the set may know more than its counter says, never less.
 */
static int
take_over(struct revoked *revoked, const struct reading *reading,
    const struct revoked *times)
{
	struct revoked_set unused = reading->set;
	int rc = 1;

	pthread_rwlock_wrlock(&revoked->lock);
	if (reading->known == NULL) {
		unused = revoked->set;
		revoked->set = reading->set;
		revoked->stays_crowded = revoked_set_is_crowded(&revoked->set);
	} else {
		rc = revoked_set_add_all(&revoked->set, &reading->set);
	}
	if (rc == 1) {
		revoked->newest_ms = reading->newest_ms;
		revoked->epoch = times->epoch;
		revoked->read_ms = times->read_ms;
		revoked->full_ms = times->full_ms;
		revoked->is_read = true;
	}
	pthread_rwlock_unlock(&revoked->lock);
	revoked_set_free(&unused);
	return rc;
}

static int
read_new(struct context *context, struct revoked *revoked, bool is_full,
    const struct revoked *times)
{
	struct reading reading = {
		.known = is_full ? NULL : &revoked->set,
		.newest_ms = is_full ? 0 : revoked->newest_ms,
	};

	if (read_rows(context, &reading, reading.newest_ms) < 0) {
		revoked_set_free(&reading.set);
		return -1;
	}
	return take_over(revoked, &reading, times);
}

static bool
is_full_due(const struct revoked *revoked, int64_t now_ms)
{
	const int64_t age_ms = now_ms - revoked->full_ms;

	return !revoked->is_read || age_ms > FULL_EVERY_MS ||
	    (revoked_set_is_crowded(&revoked->set) && !revoked->stays_crowded &&
	        age_ms > CROWDED_EVERY_MS);
}

/* Called with `reading` held, so that only this thread writes the set. */
static int
read_set(struct context *context, struct revoked *revoked)
{
	/* The counter first: what commits later shows as a newer value. */
	struct revoked times = {
		.epoch = epoch_load(),
		.read_ms = clock_mono_ms(),
		.full_ms = revoked->full_ms,
	};
	const bool is_full = is_full_due(revoked, times.read_ms);

	if (is_full)
		times.full_ms = times.read_ms;
	if (read_new(context, revoked, is_full, &times) == 1)
		return 1;
	pthread_rwlock_wrlock(&revoked->lock);
	revoked->failed_ms = clock_mono_ms();
	pthread_rwlock_unlock(&revoked->lock);
	return -1;
}

/* What one request asks of the set. */
struct question {
	const struct identity *identity;
	/* The counter when the request came: what is revoked later is later. */
	uint64_t epoch;
};

/* By what this host has revoked, and by the time since the last reading. */
static bool
is_fresh(const struct revoked *revoked, const struct question *question,
    int64_t staleness_ms)
{
	return revoked->is_read && revoked->epoch >= question->epoch &&
	    clock_mono_ms() - revoked->read_ms < staleness_ms;
}

static int
look_up(const struct revoked_set *set, const struct identity *identity)
{
	return revoked_set_has_session(set, &identity->session_id) ||
	    identity->version <
	    revoked_set_least_version(set, &identity->user_id);
}

/* With the read lock: the answer, or -1 where the set is not good enough. */
static int
answer(struct revoked *revoked, const struct question *question,
    int64_t most_ms)
{
	int rc = -1;

	pthread_rwlock_rdlock(&revoked->lock);
	if (is_fresh(revoked, question, most_ms))
		rc = look_up(&revoked->set, question->identity);
	pthread_rwlock_unlock(&revoked->lock);
	return rc;
}

static bool
failed_just_now(struct revoked *revoked)
{
	bool is_recent;

	pthread_rwlock_rdlock(&revoked->lock);
	is_recent = revoked->failed_ms != 0 &&
	    clock_mono_ms() - revoked->failed_ms < RETRY_MS;
	pthread_rwlock_unlock(&revoked->lock);
	return is_recent;
}

static int
ask_database(struct context *context, const struct identity *identity)
{
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	int rc;

	if (conn == NULL)
		return -1;
	rc = session_is_live(conn, context->arena, &identity->session_id,
	    identity->version);
	db_release(db, &conn);
	return rc < 0 ? -1 : !rc;
}

int
revoked_check(struct context *context, const struct identity *identity)
{
	const struct config *config = context->app->config;
	struct revoked *revoked = context->app->revoked;
	const int64_t staleness_ms = config->revocation_staleness_ms;
	const struct question question = { identity, epoch_load() };
	int rc;

	if (staleness_ms == 0)
		return ask_database(context, identity);
	rc = answer(revoked, &question, staleness_ms);
	if (rc >= 0)
		return rc;
	/* One thread reads; those that waited find the set fresh. */
	pthread_mutex_lock(&revoked->reading);
	rc = answer(revoked, &question, staleness_ms);
	/* However long it took: it was read after the request came. */
	if (rc < 0 && !failed_just_now(revoked) &&
	    read_set(context, revoked) == 1)
		rc = answer(revoked, &question, INT64_MAX);
	pthread_mutex_unlock(&revoked->reading);
	if (rc < 0)
		rc = answer(revoked, &question,
		    config->revocation_max_offline_s * 1000);
	return rc;
}

void
revoked_rest(struct revoked *revoked, const struct config *config)
{
	struct revoked_set old = { 0 };
	int64_t age_ms;

	/* Whoever reads it now wants it. */
	if (pthread_mutex_trylock(&revoked->reading) != 0)
		return;
	pthread_rwlock_wrlock(&revoked->lock);
	age_ms = clock_mono_ms() - revoked->read_ms;
	if (age_ms >= config->revocation_max_offline_s * 1000 &&
	    age_ms >= config->revocation_staleness_ms) {
		old = revoked->set;
		revoked->set = (struct revoked_set){ 0 };
		revoked->is_read = false;
	}
	pthread_rwlock_unlock(&revoked->lock);
	pthread_mutex_unlock(&revoked->reading);
	revoked_set_free(&old);
}
