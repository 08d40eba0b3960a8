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

static int
grant_one(struct db_conn *conn, struct arena *arena, const struct uuid *user_id,
    struct str name)
{
	const struct db_in in[] = { DB_UUID(user_id), DB_TEXT(name) };
	int64_t affected;

	return db_exec(conn, DB_EXEC(role_grant_one, arena, in), &affected);
}

DB_STATEMENT(role_sum_up,
    "UPDATE user SET roles = COALESCE((SELECT GROUP_CONCAT(role_name"
    " ORDER BY role_name) FROM user_role WHERE user_id = ?), '')"
    " WHERE id = ?");

static int
sum_up(struct db_conn *conn, struct arena *arena, const struct uuid *user_id)
{
	const struct db_in in[] = { DB_UUID(user_id), DB_UUID(user_id) };
	int64_t affected;

	return db_exec(conn, DB_EXEC(role_sum_up, arena, in), &affected);
}

int
role_grant_all(struct db_conn *conn, struct arena *arena,
    const struct uuid *user_id, struct str names)
{
	struct str name;

	while (names.len > 0) {
		(void)str_cut(&names, ',', &name);
		if (grant_one(conn, arena, user_id, name) < 0)
			return -1;
	}
	return sum_up(conn, arena, user_id);
}

DB_STATEMENT(role_held,
    "SELECT COUNT(*) FROM user_role r JOIN user u ON u.id = r.user_id"
    " WHERE r.user_id = ? AND r.role_name = ? AND u.status = 1");

int
role_is_held(struct db_conn *conn, struct arena *arena,
    const struct uuid *user_id, struct str name)
{
	int64_t count = 0;
	const struct db_in in[] = { DB_UUID(user_id), DB_TEXT(name) };
	const struct db_out out[] = { DB_OUT_INT(&count) };

	if (db_one(conn, DB_CALL(role_held, arena, in, out)) != 1)
		return -1;
	return count > 0;
}
