/* Where those came from whose doings are in the audit trail. */
#include "model/visitors.h"

DB_STATEMENT(visitors_recent,
    "SELECT COUNT(*),"
    " COUNT(CASE WHEN ip = '::1' OR ip LIKE '127.%' THEN 1 END)"
    " FROM (SELECT ip FROM audit WHERE ip <> ''"
    " ORDER BY id DESC LIMIT 200) last");

int
visitors_count(struct db_conn *conn, struct arena *arena,
    struct visitors *visitors_r)
{
	const struct db_out out[] = {
		DB_OUT_INT(&visitors_r->recent),
		DB_OUT_INT(&visitors_r->local),
	};
	const struct db_call call = { &visitors_recent, arena, NULL, 0, out,
		ARRAY_LEN(out) };

	return db_one(conn, &call) == 1 ? 1 : -1;
}
