/* Rows of the table revocation: what access tokens must no longer pass. */
#include "model/revocation.h"

#include "model/sql.h"

DB_STATEMENT(revocation_session,
    "INSERT INTO revocation (subject_id, expires_ms)"
    " VALUES (?, " SQL_NOW_MS " + ?)");

int
revocation_add_session(struct db_conn *conn, struct arena *arena,
    const struct uuid *session_id, int64_t life_ms)
{
	const struct db_in in[] = { DB_UUID(session_id), DB_INT(life_ms) };
	int64_t affected;

	return db_exec(conn, DB_EXEC(revocation_session, arena, in), &affected);
}

DB_STATEMENT(revocation_user,
    "INSERT INTO revocation (subject_id, user_version, expires_ms)"
    " SELECT id, token_version, " SQL_NOW_MS " + ? FROM user WHERE id = ?");

int
revocation_add_user(struct db_conn *conn, struct arena *arena,
    const struct uuid *user_id, int64_t life_ms)
{
	const struct db_in in[] = { DB_INT(life_ms), DB_UUID(user_id) };
	int64_t affected;

	return db_exec(conn, DB_EXEC(revocation_user, arena, in), &affected);
}

DB_STATEMENT(revocation_all,
    "SELECT subject_id, user_version, expires_ms FROM revocation"
    " WHERE expires_ms > " SQL_NOW_MS);

int
revocation_each(struct db_conn *conn, struct arena *arena,
    struct revocation *row_r, int (*row)(void *context), void *context)
{
	const struct db_out out[] = {
		DB_OUT_UUID(&row_r->subject),
		DB_OUT_OPT_INT(&row_r->least_version),
		DB_OUT_INT(&row_r->expires_ms),
	};
	const struct db_call call = {
		&revocation_all,
		arena,
		NULL,
		0,
		out,
		ARRAY_LEN(out),
	};

	return db_each(conn, &call, row, context);
}
