/* Rows of the table revocation: what access tokens must no longer pass. */
#include "model/revocation.h"

#include "model/sql.h"

DB_STATEMENT(revocation_session,
    "INSERT INTO revocation (subject_id, created_ms, expires_ms)"
    " VALUES (?, " SQL_NOW_MS ", " SQL_NOW_MS " + ?)");

int
revocation_add_session(struct db_conn *conn, struct arena *arena,
    const struct uuid *session_id, int64_t life_ms)
{
	const struct db_in in[] = { DB_UUID(session_id), DB_INT(life_ms) };
	int64_t affected;

	return db_exec(conn, DB_EXEC(revocation_session, arena, in), &affected);
}

DB_STATEMENT(revocation_user,
    "INSERT INTO revocation (subject_id, user_version, created_ms,"
    " expires_ms) SELECT id, token_version, " SQL_NOW_MS ", " SQL_NOW_MS
    " + ? FROM user WHERE id = ?");

int
revocation_add_user(struct db_conn *conn, struct arena *arena,
    const struct uuid *user_id, int64_t life_ms)
{
	const struct db_in in[] = { DB_INT(life_ms), DB_UUID(user_id) };
	int64_t affected;

	return db_exec(conn, DB_EXEC(revocation_user, arena, in), &affected);
}

DB_STATEMENT(revocation_others,
    "INSERT INTO revocation (subject_id, created_ms, expires_ms)"
    " SELECT id, " SQL_NOW_MS ", " SQL_NOW_MS
    " + ? FROM session"
    " WHERE user_id = ? AND id <> ? AND ended_ms IS NULL");

int
revocation_add_others(struct db_conn *conn, struct arena *arena,
    const struct uuid *user_id, const struct uuid *keep_id, int64_t life_ms)
{
	const struct db_in in[] = {
		DB_INT(life_ms),
		DB_UUID(user_id),
		DB_UUID(keep_id),
	};
	int64_t affected;

	return db_exec(conn, DB_EXEC(revocation_others, arena, in), &affected);
}

DB_STATEMENT(revocation_since,
    "SELECT subject_id, user_version, created_ms FROM revocation"
    " WHERE created_ms >= LEAST(?, " SQL_NOW_MS
    ") - ?"
    " AND expires_ms > " SQL_NOW_MS);

int
revocation_each(struct db_conn *conn, struct arena *arena, int64_t since_ms,
    const struct revocation_listing *listing)
{
	struct revocation *row = listing->row;
	const struct db_in in[] = {
		DB_INT(since_ms),
		DB_INT(listing->overlap_ms),
	};
	const struct db_out out[] = {
		DB_OUT_UUID(&row->subject),
		DB_OUT_OPT_INT(&row->least_version),
		DB_OUT_INT(&row->created_ms),
	};

	return db_each(conn, DB_CALL(revocation_since, arena, in, out),
	    listing->each, listing->context);
}
