/* Removing rows that can no longer matter, a few at a time. */
#include "model/purge.h"

#include "model/sql.h"

DB_STATEMENT(purge_get_lock,
    "SELECT COALESCE(GET_LOCK('latchkey_purge', 0), 0)");
DB_STATEMENT(purge_release_lock,
    "SELECT COALESCE(RELEASE_LOCK('latchkey_purge'), 0)");

static int
ask(struct db_conn *conn, struct arena *arena, const struct db_stmt *stmt)
{
	int64_t answer = 0;
	const struct db_out out[] = { DB_OUT_INT(&answer) };
	const struct db_call call = { stmt, arena, NULL, 0, out, 1 };

	return db_one(conn, &call) == 1 ? answer == 1 : -1;
}

int
purge_lock(struct db_conn *conn, struct arena *arena)
{
	return ask(conn, arena, &purge_get_lock);
}

int
purge_unlock(struct db_conn *conn, struct arena *arena)
{
	return ask(conn, arena, &purge_release_lock);
}

DB_STATEMENT(purge_revocation,
    "DELETE FROM revocation WHERE expires_ms <= " SQL_NOW_MS " LIMIT ?");

int
purge_revocations(struct db_conn *conn, struct arena *arena, int64_t most,
    int64_t *removed_r)
{
	const struct db_in in[] = { DB_INT(most) };

	return db_exec(conn, DB_EXEC(purge_revocation, arena, in), removed_r);
}

DB_STATEMENT(purge_ended_sessions,
    "DELETE FROM session WHERE ended_ms <= " SQL_NOW_MS " - ? LIMIT ?");
DB_STATEMENT(purge_old_sessions,
    "DELETE FROM session WHERE expires_ms <= " SQL_NOW_MS " - ? LIMIT ?");

int
purge_ended(struct db_conn *conn, struct arena *arena, int64_t keep_ms,
    int64_t most, int64_t *removed_r)
{
	const struct db_in in[] = { DB_INT(keep_ms), DB_INT(most) };
	int64_t ended;
	int64_t old;

	if (db_exec(conn, DB_EXEC(purge_ended_sessions, arena, in), &ended) <
	        0 ||
	    db_exec(conn, DB_EXEC(purge_old_sessions, arena, in), &old) < 0)
		return -1;
	*removed_r = ended + old;
	return 1;
}

DB_STATEMENT(purge_old_audit,
    "DELETE FROM audit WHERE at_ms <= " SQL_NOW_MS " - ? LIMIT ?");

int
purge_audit(struct db_conn *conn, struct arena *arena, int64_t keep_ms,
    int64_t most, int64_t *removed_r)
{
	const struct db_in in[] = { DB_INT(keep_ms), DB_INT(most) };

	return db_exec(conn, DB_EXEC(purge_old_audit, arena, in), removed_r);
}

/* The last of the next thousand: a part of the walk ends there. */
DB_STATEMENT(purge_part_end,
    "SELECT COALESCE(MAX(id), ''), COUNT(*) FROM (SELECT id FROM session"
    " WHERE id > ? ORDER BY id LIMIT 1000) part");
DB_STATEMENT(purge_part,
    "DELETE FROM session WHERE id > ? AND id <= ?"
    " AND idle_expires_ms <= " SQL_NOW_MS);

int
purge_walk(struct db_conn *conn, struct arena *arena, struct uuid *after,
    int64_t *removed_r)
{
	struct str last = STR_NONE;
	int64_t count = 0;
	const struct db_in from[] = { DB_UUID(after) };
	const struct db_out out[] = {
		DB_OUT_STR(&last, UUID_SIZE),
		DB_OUT_INT(&count),
	};

	if (db_one(conn, DB_CALL(purge_part_end, arena, from, out)) != 1)
		return -1;
	*removed_r = 0;
	if (count == 0 || last.len != UUID_SIZE)
		return 0;
	{
		const struct db_in part[] = {
			DB_UUID(after),
			DB_BYTES(last.ptr, last.len),
		};

		if (db_exec(conn, DB_EXEC(purge_part, arena, part), removed_r) <
		    0)
			return -1;
	}
	memcpy(after->bytes, last.ptr, UUID_SIZE);
	return 1;
}
