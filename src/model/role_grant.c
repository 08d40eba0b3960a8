/* Rows of the table user_role, as a change of roles needs them. */
#include "model/role.h"

DB_STATEMENT(role_share_row,
    "SELECT 1 FROM role WHERE name = ? LOCK IN SHARE MODE");

int
role_share(struct db_conn *conn, struct arena *arena, struct str name)
{
	int64_t one = 0;
	const struct db_in in[] = { DB_TEXT(name) };
	const struct db_out out[] = { DB_OUT_INT(&one) };

	return db_one(conn, DB_CALL(role_share_row, arena, in, out));
}

DB_STATEMENT(role_hold_row,
    "SELECT 1 FROM user_role r JOIN user u ON u.id = r.user_id"
    " WHERE r.user_id = ? AND r.role_name = ? AND u.status = 1"
    " LOCK IN SHARE MODE");

int
role_hold(struct db_conn *conn, struct arena *arena, const struct uuid *user_id,
    struct str name)
{
	int64_t one = 0;
	const struct db_in in[] = { DB_UUID(user_id), DB_TEXT(name) };
	const struct db_out out[] = { DB_OUT_INT(&one) };

	return db_one(conn, DB_CALL(role_hold_row, arena, in, out));
}

DB_STATEMENT(role_take, "DELETE FROM user_role WHERE user_id = ?");

int
role_replace_all(struct db_conn *conn, struct arena *arena,
    const struct uuid *user_id, struct str names)
{
	const struct db_in in[] = { DB_UUID(user_id) };
	int64_t affected;

	if (db_exec(conn, DB_EXEC(role_take, arena, in), &affected) < 0)
		return -1;
	return role_grant_all(conn, arena, user_id, names);
}
