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
    " WHERE user_id = ? AND id > ? AND id <= ? AND actor_id IS NULL"
    " AND ip <> ''");
DB_STATEMENT(audit_forget_by,
    "UPDATE audit SET ip = '', user_agent = ''"
    " WHERE actor_id = ? AND id > ? AND id <= ?");

/* Rows from one id on, without it, to another. */
struct span {
	int64_t after;
	int64_t upto;
};

static int
forget_span(struct db_conn *conn, const struct db_stmt *stmt,
    struct arena *arena, const struct uuid *user_id, const struct span *span)
{
	const struct db_in in[] = {
		DB_UUID(user_id),
		DB_INT(span->after),
		DB_INT(span->upto),
	};
	int64_t affected;

	return db_exec(conn, DB_EXEC(*stmt, arena, in), &affected);
}

int
audit_forget(struct db_conn *conn, struct arena *arena,
    const struct uuid *user_id, const struct audit_forgotten *forgotten)
{
	const struct span about = { forgotten->about_id, INT64_MAX };
	const struct span by = { forgotten->by_id, INT64_MAX };

	if (forget_span(conn, &audit_forget_about, arena, user_id, &about) < 0)
		return -1;
	return forget_span(conn, &audit_forget_by, arena, user_id, &by);
}

/* Where a part of so many rows ends. */
#define PART_END(key) \
	"SELECT id FROM audit FORCE INDEX (" key ") WHERE " key \
	" = ? AND id > ? ORDER BY id LIMIT 1 OFFSET 4999"

DB_STATEMENT(audit_part_about, PART_END("user_id"));
DB_STATEMENT(audit_part_by, PART_END("actor_id"));

/* Returns 1, 0 where there are not as many. */
static int
find_part(struct db_conn *conn, const struct db_stmt *stmt, struct arena *arena,
    const struct uuid *user_id, struct span *span)
{
	const struct db_in in[] = { DB_UUID(user_id), DB_INT(span->after) };
	const struct db_out out[] = { DB_OUT_INT(&span->upto) };

	return db_one(conn, DB_CALL(*stmt, arena, in, out));
}

int
audit_forget_part(struct db_conn *conn, struct arena *arena,
    const struct uuid *user_id, struct audit_forgotten *forgotten)
{
	struct span about = { .after = forgotten->about_id };
	struct span by = { .after = forgotten->by_id };
	int rc = find_part(conn, &audit_part_about, arena, user_id, &about);

	if (rc == 1) {
		forgotten->about_id = about.upto;
		rc = forget_span(conn, &audit_forget_about, arena, user_id,
		    &about);
		return rc == 1 ? 0 : rc;
	}
	if (rc == 0)
		rc = find_part(conn, &audit_part_by, arena, user_id, &by);
	if (rc != 1)
		return rc == 0 ? 1 : rc;
	forgotten->by_id = by.upto;
	rc = forget_span(conn, &audit_forget_by, arena, user_id, &by);
	return rc == 1 ? 0 : rc;
}
