/* Rows of the tables role and user_role. */
#include "model/role.h"

#include "model/sql.h"

DB_STATEMENT(role_add_missing,
    "INSERT IGNORE INTO role (name, created_ms) VALUES (?, " SQL_NOW_MS ")");

int
role_ensure(struct db_conn *conn, struct arena *arena, struct str name)
{
	const struct db_in in[] = { DB_TEXT(name) };
	int64_t affected;

	return db_exec(conn, DB_EXEC(role_add_missing, arena, in), &affected);
}

DB_STATEMENT(role_grant_one,
    "INSERT INTO user_role (user_id, role_name) VALUES (?, ?)");

int
role_grant(struct db_conn *conn, struct arena *arena,
    const struct uuid *user_id, struct str name)
{
	const struct db_in in[] = { DB_UUID(user_id), DB_TEXT(name) };
	int64_t affected;

	return db_exec(conn, DB_EXEC(role_grant_one, arena, in), &affected);
}
