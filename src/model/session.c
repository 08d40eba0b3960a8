/* Rows of the table session: one a session, however often it is refreshed. */
#include "model/session.h"

#include "model/sql.h"

DB_STATEMENT(session_add,
    "INSERT INTO session (id, user_id, secret_hash, generation, mac_key,"
    " created_ms, rotated_ms, idle_expires_ms, expires_ms, created_ip,"
    " last_ip, user_agent) VALUES (?, ?, ?, 1, ?, " SQL_NOW_MS ", " SQL_NOW_MS
    ", " SQL_NOW_MS " + LEAST(?, ?), " SQL_NOW_MS
    " + ?, ?, ?, ?) RETURNING idle_expires_ms");

int
session_insert(struct db_conn *conn, struct arena *arena,
    const struct session_new *session, int64_t *expires_ms_r)
{
	const struct db_in in[] = {
		DB_UUID(&session->id),
		DB_UUID(&session->user_id),
		DB_BYTES(session->secret_hash, SESSION_HASH_SIZE),
		DB_INT(session->mac_key),
		DB_INT(session->idle_ms),
		DB_INT(session->max_age_ms),
		DB_INT(session->max_age_ms),
		DB_TEXT(session->ip),
		DB_TEXT(session->ip),
		DB_TEXT(session->user_agent),
	};
	const struct db_out out[] = { DB_OUT_INT(expires_ms_r) };

	return db_one(conn, DB_CALL(session_add, arena, in, out)) == 1 ? 1 : -1;
}

DB_STATEMENT(session_with_user,
    "SELECT s.secret_hash, s.generation, s.mac_key, s.rotated_ms,"
    " s.idle_expires_ms, s.expires_ms, s.ended_ms, " SQL_NOW_MS ", " USER_SELECT
    " FROM session s JOIN user u ON u.id = s.user_id WHERE s.id = ?");

int
session_read(struct db_conn *conn, struct arena *arena, const struct uuid *id,
    struct session_state *state_r)
{
	const struct db_in in[] = { DB_UUID(id) };
	const struct db_out out[] = {
		DB_OUT_FIXED(state_r->secret_hash, SESSION_HASH_SIZE),
		DB_OUT_INT(&state_r->generation),
		DB_OUT_INT(&state_r->mac_key),
		DB_OUT_INT(&state_r->rotated_ms),
		DB_OUT_INT(&state_r->idle_expires_ms),
		DB_OUT_INT(&state_r->expires_ms),
		DB_OUT_OPT_INT(&state_r->ended_ms),
		DB_OUT_INT(&state_r->now_ms),
		USER_OUT(&state_r->user),
	};

	state_r->id = *id;
	state_r->has_moved = false;
	return db_one(conn, DB_CALL(session_with_user, arena, in, out));
}

/*
 * MariaDB returns rows from INSERT but not from UPDATE, and a second statement
 * would cost a refresh as much as its own work does.  So this is an UPDATE in
 * the clothes of an INSERT.  The row is there, and then only the part behind
 * ON DUPLICATE KEY counts; where it is not, no row can come of it, because
 * nobody is the user of sixteen zero bytes, and the foreign key refuses.
 *
 * The row is locked when the condition is looked at, so of several requests
 * with one token the first moves it on and the others see that.  @moves is
 * what the condition was: each assignment sees those to its left.
 */
#define IF_MOVES(column, value) column " = IF(@moves, " value ", " column ")"

DB_STATEMENT(session_step_on,
    "INSERT INTO session (id, user_id, secret_hash, generation, mac_key,"
    " created_ms, rotated_ms, idle_expires_ms, expires_ms, created_ip,"
    " last_ip, user_agent) VALUES (?, REPEAT(CHAR(0), 16), '', 0, 0, 0, 0, 0,"
    " 0, '', '', '') ON DUPLICATE KEY UPDATE generation = generation +"
    " (@moves := generation = ? AND secret_hash = ? AND " SQL_ALIVE "), "
    IF_MOVES("mac_key", "?") ", "
    IF_MOVES("rotated_ms", SQL_NOW_MS) ", "
    IF_MOVES("idle_expires_ms", "LEAST(" SQL_NOW_MS " + ?, expires_ms)") ", "
    IF_MOVES("last_ip", "?")
    " RETURNING @moves = 1, secret_hash, generation, mac_key, rotated_ms,"
    " idle_expires_ms, expires_ms, ended_ms, " SQL_NOW_MS ", user_id,"
    " (SELECT " USER_JSON " FROM user u WHERE u.id = session.user_id)");

int
session_rotate(struct db_conn *conn, struct arena *arena,
    const struct session_step *step, struct session_state *state_r)
{
	const struct db_in in[] = {
		DB_UUID(step->id),
		DB_INT(step->generation),
		DB_BYTES(step->secret_hash, SESSION_HASH_SIZE),
		DB_INT(step->mac_key),
		DB_INT(step->idle_ms),
		DB_TEXT(step->ip),
	};
	int64_t has_moved = 0;
	struct str user = STR_NONE;
	const struct db_out out[] = {
		DB_OUT_INT(&has_moved),
		DB_OUT_FIXED(state_r->secret_hash, SESSION_HASH_SIZE),
		DB_OUT_INT(&state_r->generation),
		DB_OUT_INT(&state_r->mac_key),
		DB_OUT_INT(&state_r->rotated_ms),
		DB_OUT_INT(&state_r->idle_expires_ms),
		DB_OUT_INT(&state_r->expires_ms),
		DB_OUT_OPT_INT(&state_r->ended_ms),
		DB_OUT_INT(&state_r->now_ms),
		DB_OUT_UUID(&state_r->user.id),
		DB_OUT_STR(&user, USER_JSON_MAX),
	};
	const int rc = db_one(conn, DB_CALL(session_step_on, arena, in, out));

	if (rc < 0)
		return db_last_error(conn) == DB_ERROR_MISSING ? 0 : -1;
	state_r->id = *step->id;
	state_r->has_moved = has_moved == 1;
	return user_read_json(arena, user, &state_r->user);
}

DB_STATEMENT(session_end_one,
    "UPDATE session SET ended_ms = " SQL_NOW_MS
    ", end_reason = ?, ended_ip = ? WHERE id = ? AND ended_ms IS NULL");

int
session_finish(struct db_conn *conn, struct arena *arena,
    const struct session_ending *ending)
{
	const struct db_in in[] = {
		DB_INT(ending->reason),
		DB_TEXT(ending->ip),
		DB_UUID(ending->id),
	};
	int64_t affected;

	if (db_exec(conn, DB_EXEC(session_end_one, arena, in), &affected) < 0)
		return -1;
	return affected == 1;
}

DB_STATEMENT(session_end_all,
    "UPDATE session SET ended_ms = " SQL_NOW_MS
    ", end_reason = ?, ended_ip = ? WHERE user_id = ? AND ended_ms IS NULL"
    " AND NOT id <=> ?");

int
session_finish_all(struct db_conn *conn, struct arena *arena,
    const struct session_ending *ending, const struct uuid *keep)
{
	const struct str spared = keep == NULL
	    ? STR_NONE
	    : (struct str){ (const char *)keep->bytes, UUID_SIZE };
	const struct db_in in[] = {
		DB_INT(ending->reason),
		DB_TEXT(ending->ip),
		DB_UUID(ending->id),
		DB_OPT_BYTES(spared),
	};
	int64_t affected;

	if (db_exec(conn, DB_EXEC(session_end_all, arena, in), &affected) < 0)
		return -1;
	return affected > 0;
}

static int
count_is(struct db_conn *conn, const struct db_stmt *stmt, struct arena *arena,
    const struct db_in in[2], int64_t wanted)
{
	int64_t count = 0;
	const struct db_out out[] = { DB_OUT_INT(&count) };
	const struct db_call call = { stmt, arena, in, 2, out, 1 };

	return db_one(conn, &call) == 1 ? count == wanted : -1;
}

DB_STATEMENT(session_live,
    "SELECT COUNT(*) FROM session s JOIN user u ON u.id = s.user_id"
    " WHERE s.id = ? AND s.ended_ms IS NULL AND s.expires_ms > " SQL_NOW_MS
    " AND u.status = 1 AND u.token_version = ?");

int
session_is_live(struct db_conn *conn, struct arena *arena,
    const struct uuid *id, int64_t token_version)
{
	const struct db_in in[] = { DB_UUID(id), DB_INT(token_version) };

	return count_is(conn, &session_live, arena, in, 1);
}

DB_STATEMENT(session_of,
    "SELECT COUNT(*) FROM session WHERE id = ? AND user_id = ? AND " SQL_ALIVE);

int
session_is_of(struct db_conn *conn, struct arena *arena, const struct uuid *id,
    const struct uuid *user_id)
{
	const struct db_in in[] = { DB_UUID(id), DB_UUID(user_id) };

	return count_is(conn, &session_of, arena, in, 1);
}

DB_STATEMENT(session_concurrent,
    "UPDATE session SET concurrent_count = concurrent_count + 1"
    " WHERE id = ?");

int
session_count_concurrent(struct db_conn *conn, struct arena *arena,
    const struct uuid *id)
{
	const struct db_in in[] = { DB_UUID(id) };
	int64_t affected;

	return db_exec(conn, DB_EXEC(session_concurrent, arena, in), &affected);
}
