/* Keeping the tables as small as what lives in them. */
#include "auth/housekeeping.h"

#include "base/log.h"
#include "base/rnd.h"
#include "model/purge.h"

enum {
	/* One request in so many tidies up. */
	CHANCE = 64,
	SMALL_BATCH = 100,
	BATCH = 1000,
	/* Until then a session's own end can still be told to its client. */
	KEEP_MS = 3600 * 1000,
};

/* Rows as old as audit.keep_s, at most `most`. */
static int
remove_audit(struct context *context, struct db_conn *conn, int64_t most,
    int64_t *removed_r)
{
	const int64_t keep_s = context->app->config->audit_keep_s;

	*removed_r = 0;
	return keep_s == 0
	    ? 1
	    : purge_audit(conn, context->arena, keep_s * 1000, most, removed_r);
}

static int
small_batch(struct context *context, struct db_conn *conn)
{
	struct arena *arena = context->arena;
	int64_t removed;
	int rc = purge_lock(conn, arena);

	if (rc != 1)
		return rc;
	if (purge_revocations(conn, arena, SMALL_BATCH, &removed) < 0 ||
	    purge_ended(conn, arena, KEEP_MS, SMALL_BATCH, &removed) < 0 ||
	    remove_audit(context, conn, SMALL_BATCH, &removed) < 0)
		rc = -1;
	return purge_unlock(conn, arena) < 0 ? -1 : rc;
}

void
housekeeping_now_and_then(struct context *context)
{
	struct db *db = context->app->db;
	struct db_conn *conn;
	unsigned char chance;

	if (rnd_bytes(&chance, sizeof chance) < 0 || chance % CHANCE != 0)
		return;
	conn = db_acquire(db, context->deadline_ms);
	if (conn == NULL)
		return;
	if (small_batch(context, conn) < 0)
		log_warn("housekeeping", "a batch could not be removed");
	db_release(db, &conn);
}

static int
purge_indexed(struct context *context, struct db_conn *conn,
    void (*told)(const struct purged *so_far), struct purged *purged)
{
	int64_t revocations = BATCH;
	int64_t sessions = BATCH;
	int64_t audit_rows = BATCH;

	while (
	    revocations >= BATCH || sessions >= BATCH || audit_rows >= BATCH) {
		struct arena *arena = context->arena;

		if (purge_revocations(conn, arena, BATCH, &revocations) < 0 ||
		    purge_ended(conn, arena, 0, BATCH, &sessions) < 0 ||
		    remove_audit(context, conn, BATCH, &audit_rows) < 0)
			return -1;
		purged->revocations += revocations;
		purged->sessions += sessions;
		purged->audit_rows += audit_rows;
		told(purged);
	}
	return 1;
}

static int
purge_idle(struct context *context, struct db_conn *conn,
    void (*told)(const struct purged *so_far), struct purged *purged)
{
	struct uuid after = { { 0 } };
	int64_t removed;
	int rc;

	while ((rc = purge_walk(conn, context->arena, &after, &removed)) == 1) {
		purged->sessions += removed;
		told(purged);
		/* A walk over millions must not gather their ids. */
		arena_reset(context->arena);
	}
	return rc < 0 ? -1 : 1;
}

int
housekeeping_all(struct context *context,
    void (*told)(const struct purged *so_far), struct purged *purged_r)
{
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	struct purged purged = { 0 };
	int rc;

	if (conn == NULL)
		return -1;
	rc = purge_lock(conn, context->arena);
	if (rc == 1 &&
	    (purge_indexed(context, conn, told, &purged) < 0 ||
	        purge_idle(context, conn, told, &purged) < 0 ||
	        purge_unlock(conn, context->arena) < 0))
		rc = -1;
	db_release(db, &conn);
	*purged_r = purged;
	return rc;
}
