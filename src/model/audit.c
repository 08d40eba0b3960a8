/* Rows of the table audit. */
#include "model/audit.h"

#include "model/sql.h"

static struct str
bytes_of(const struct uuid *id)
{
	if (id == NULL)
		return STR_NONE;
	return (struct str){ (const char *)id->bytes, UUID_SIZE };
}

DB_STATEMENT(audit_add,
    "INSERT INTO audit (at_ms, event, actor_id, user_id, session_id, ip,"
    " user_agent, request_id, detail) VALUES (" SQL_NOW_MS
    ", ?, ?, COALESCE(?, (SELECT s.user_id FROM session s WHERE s.id = ?)),"
    " ?, ?, ?, ?, ?)");

int
audit_insert(struct db_conn *conn, struct arena *arena,
    const struct audit_row *row)
{
	const struct db_in in[] = {
		DB_TEXT(str_from(row->event)),
		DB_OPT_BYTES(bytes_of(row->actor_id)),
		DB_OPT_BYTES(bytes_of(row->user_id)),
		DB_OPT_BYTES(bytes_of(row->session_id)),
		DB_OPT_BYTES(bytes_of(row->session_id)),
		DB_TEXT(row->ip),
		DB_TEXT(row->user_agent),
		DB_TEXT(row->request_id),
		DB_TEXT(row->detail),
	};
	int64_t affected;

	return db_exec(conn, DB_EXEC(audit_add, arena, in), &affected);
}

DB_STATEMENT(audit_known,
    "SELECT COUNT(*) FROM audit WHERE session_id = ? AND event = ?");

int
audit_has(struct db_conn *conn, struct arena *arena,
    const struct uuid *session_id, const char *event)
{
	int64_t count = 0;
	const struct db_in in[] = {
		DB_UUID(session_id),
		DB_TEXT(str_from(event)),
	};
	const struct db_out out[] = { DB_OUT_INT(&count) };

	if (db_one(conn, DB_CALL(audit_known, arena, in, out)) != 1)
		return -1;
	return count > 0;
}

/* Of an account's rows, where nobody else is known to have acted. */
DB_STATEMENT(audit_forget_about,
    "UPDATE audit SET ip = '', user_agent = ''"
    " WHERE user_id = ? AND actor_id IS NULL AND ip <> ''");
DB_STATEMENT(audit_forget_by,
    "UPDATE audit SET ip = '', user_agent = '' WHERE actor_id = ?");

int
audit_forget(struct db_conn *conn, struct arena *arena,
    const struct uuid *user_id)
{
	const struct db_in in[] = { DB_UUID(user_id) };
	int64_t affected;

	if (db_exec(conn, DB_EXEC(audit_forget_about, arena, in), &affected) <
	    0)
		return -1;
	return db_exec(conn, DB_EXEC(audit_forget_by, arena, in), &affected);
}
