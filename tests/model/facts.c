/* What the tables say, and what the tests change in them. */
#include "facts.h"

DB_STATEMENT(model_marks,
    "SELECT (SELECT COALESCE(MAX(id), 0) FROM revocation),"
    " (SELECT COALESCE(MAX(id), 0) FROM audit)");

int
facts_mark(struct db_conn *conn, struct arena *arena,
    struct facts_marks *marks_r)
{
	const struct db_out out[] = {
		DB_OUT_INT(&marks_r->revocation),
		DB_OUT_INT(&marks_r->note),
	};
	const struct db_call call = { &model_marks, arena, NULL, 0, out,
		ARRAY_LEN(out) };

	return db_one(conn, &call);
}

DB_STATEMENT(model_facts,
    "SELECT s.generation, COALESCE(s.end_reason, 0), s.concurrent_count,"
    " u.token_version, (SELECT COUNT(*) FROM session o"
    " WHERE o.user_id = u.id AND o.ended_ms IS NULL),"
    " (SELECT COUNT(*) FROM revocation WHERE id > ?),"
    " (SELECT COUNT(*) FROM audit WHERE id > ?)"
    " FROM session s JOIN user u ON u.id = s.user_id WHERE s.id = ?");

int
facts_read(struct db_conn *conn, struct arena *arena, const struct uuid *id,
    const struct facts_marks *since, struct facts *facts_r)
{
	const struct db_in in[] = { DB_INT(since->revocation),
		DB_INT(since->note), DB_UUID(id) };
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

DB_STATEMENT(model_forget, "DELETE FROM session");

int
facts_forget(struct db_conn *conn, struct arena *arena)
{
	const struct db_call call = { .stmt = &model_forget, .arena = arena };
	int64_t affected;

	return db_exec(conn, &call, &affected);
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
