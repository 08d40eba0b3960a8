/* Users who were there before they could be searched for. */
#include "model/search.h"

/* Users of one transaction. */
enum { BATCH = 100 };

/* One batch of users, as their ids come. */
struct batch {
	struct arena *arena;
	struct uuid row;
	struct uuid ids[BATCH];
	size_t count;
};

static int
take_id(void *batch_v)
{
	struct batch *batch = batch_v;

	batch->ids[batch->count++] = batch->row;
	return 1;
}

DB_STATEMENT(search_unindexed,
    "SELECT user_id FROM user_unindexed ORDER BY user_id LIMIT ?");
DB_STATEMENT(search_indexed, "DELETE FROM user_unindexed WHERE user_id = ?");

static int
index_one(struct db_conn *conn, struct arena *arena, const struct uuid *id)
{
	const struct db_in in[] = { DB_UUID(id) };
	struct user user;
	int64_t status;
	int64_t version;
	int64_t affected;
	int rc = user_lock(conn, arena, id, &status, &version);

	if (rc == 1)
		rc = user_find(conn, arena, id, &user);
	/* Deleted meanwhile, and its row here with it. */
	if (rc != 1)
		return rc < 0 ? -1 : 1;
	/* Terms may be there of a change in between. */
	if (search_forget(conn, arena, id) < 0 ||
	    search_add(conn, arena, &user) < 0)
		return -1;
	return db_exec(conn, DB_EXEC(search_indexed, arena, in), &affected);
}

static int
index_batch(struct db_conn *conn, void *batch_v)
{
	struct batch *batch = batch_v;
	struct arena *arena = batch->arena;
	const struct db_in in[] = { DB_INT(BATCH) };
	const struct db_out out[] = { DB_OUT_UUID(&batch->row) };

	batch->count = 0;
	if (db_each(conn, DB_CALL(search_unindexed, arena, in, out), take_id,
	        batch) < 0)
		return -1;
	for (size_t i = 0; i < batch->count; i++) {
		arena_reset(arena);
		if (index_one(conn, arena, &batch->ids[i]) < 0)
			return -1;
	}
	return 1;
}

int
search_catch_up(struct db_conn *conn, struct arena *arena, size_t *count_r)
{
	struct batch batch = { .arena = arena };

	if (db_transaction(conn, index_batch, &batch) < 0)
		return -1;
	*count_r = batch.count;
	return 1;
}
