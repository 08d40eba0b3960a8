/* The sessions of one user. */
#include "model/session.h"

#include "model/sql.h"

DB_STATEMENT(session_list,
    "SELECT id, created_ms, rotated_ms, idle_expires_ms, expires_ms,"
    " created_ip, last_ip, user_agent FROM session"
    " WHERE user_id = ? AND " SQL_ALIVE " ORDER BY id DESC");

int
session_each(struct db_conn *conn, struct arena *arena,
    const struct uuid *user_id, const struct session_listing *listing)
{
	struct session_row *row = listing->row;
	const struct db_in in[] = { DB_UUID(user_id) };
	const struct db_out out[] = {
		DB_OUT_UUID(&row->id),
		DB_OUT_INT(&row->created_ms),
		DB_OUT_INT(&row->used_ms),
		DB_OUT_INT(&row->idle_expires_ms),
		DB_OUT_INT(&row->expires_ms),
		DB_OUT_STR(&row->created_ip, LIMIT_IP),
		DB_OUT_STR(&row->last_ip, LIMIT_IP),
		DB_OUT_STR(&row->user_agent, LIMIT_USER_AGENT),
	};

	return db_each(conn, DB_CALL(session_list, arena, in, out),
	    listing->each, listing->context);
}

DB_STATEMENT(session_idlest,
    "SELECT id, COUNT(*) OVER () FROM session WHERE user_id = ? AND " SQL_ALIVE
    " ORDER BY rotated_ms, id LIMIT 1");

int
session_find_idlest(struct db_conn *conn, struct arena *arena,
    const struct uuid *user_id, struct uuid *id_r, int64_t *living_r)
{
	const struct db_in in[] = { DB_UUID(user_id) };
	const struct db_out out[] = { DB_OUT_UUID(id_r), DB_OUT_INT(living_r) };

	return db_one(conn, DB_CALL(session_idlest, arena, in, out));
}
