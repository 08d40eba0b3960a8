/* What the tables say, and what the tests change in them. */
#include "facts.h"

DB_STATEMENT(model_facts,
    "SELECT s.generation, COALESCE(s.end_reason, 0), s.concurrent_count,"
    " u.token_version, (SELECT COUNT(*) FROM session o"
    " WHERE o.user_id = u.id AND o.ended_ms IS NULL),"
    " (SELECT COUNT(*) FROM revocation), (SELECT COUNT(*) FROM audit)"
    " FROM session s JOIN user u ON u.id = s.user_id WHERE s.id = ?");

int
facts_read(struct db_conn *conn, struct arena *arena, const struct uuid *id,
    struct facts *facts_r)
{
	const struct db_in in[] = { DB_UUID(id) };
	const struct db_out out[] = {
		DB_OUT_INT(&facts_r->generation),
		DB_OUT_INT(&facts_r->end_reason),
		DB_OUT_INT(&facts_r->concurrent),
		DB_OUT_INT(&facts_r->versions),
		DB_OUT_INT(&facts_r->sessions),
		DB_OUT_INT(&facts_r->revocations),
		DB_OUT_INT(&facts_r->notes),
	};

	return db_one(conn, DB_CALL(model_facts, arena, in, out));
}

DB_STATEMENT(model_forget_sessions, "DELETE FROM session");
DB_STATEMENT(model_forget_revocations, "DELETE FROM revocation");
DB_STATEMENT(model_forget_notes, "DELETE FROM audit");

static int
run(struct db_conn *conn, struct arena *arena, const struct db_stmt *stmt)
{
	const struct db_call call = { .stmt = stmt, .arena = arena };
	int64_t affected;

	return db_exec(conn, &call, &affected);
}

int
facts_forget_sessions(struct db_conn *conn, struct arena *arena)
{
	return run(conn, arena, &model_forget_sessions);
}

int
facts_forget(struct db_conn *conn, struct arena *arena)
{
	if (run(conn, arena, &model_forget_sessions) < 0 ||
	    run(conn, arena, &model_forget_revocations) < 0)
		return -1;
	return run(conn, arena, &model_forget_notes);
}

DB_STATEMENT(model_let_grace_pass,
    "UPDATE session SET rotated_ms = rotated_ms - ? WHERE id = ?");

int
facts_age(struct db_conn *conn, struct arena *arena, const struct uuid *id,
    int64_t by_ms)
{
	const struct db_in in[] = { DB_INT(by_ms), DB_UUID(id) };
	int64_t affected;

	return db_exec(conn, DB_EXEC(model_let_grace_pass, arena, in),
	    &affected);
}
