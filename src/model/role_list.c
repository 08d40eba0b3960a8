/* Rows of the table role, as administrators see and change them. */
#include "model/role.h"
#include "model/sql.h"

DB_STATEMENT(role_row,
    "SELECT name, description, is_builtin, created_ms FROM role"
    " WHERE name = ?");

#define ROLE_OUT(r) \
	DB_OUT_STR(&(r)->name, LIMIT_ROLE_NAME), \
	    DB_OUT_STR(&(r)->description, LIMIT_DESCRIPTION * 4), \
	    DB_OUT_INT(&(r)->is_builtin), DB_OUT_INT(&(r)->created_ms)

int
role_find(struct db_conn *conn, struct arena *arena, struct str name,
    struct role *role_r)
{
	const struct db_in in[] = { DB_TEXT(name) };
	const struct db_out out[] = { ROLE_OUT(role_r) };

	return db_one(conn, DB_CALL(role_row, arena, in, out));
}

DB_STATEMENT(role_rows,
    "SELECT name, description, is_builtin, created_ms FROM role"
    " ORDER BY name LIMIT ?");

int
role_each(struct db_conn *conn, struct arena *arena,
    const struct role_listing *listing)
{
	const struct db_in in[] = { DB_INT(LIMIT_ROLES_ALL) };
	const struct db_out out[] = { ROLE_OUT(listing->row) };

	return db_each(conn, DB_CALL(role_rows, arena, in, out), listing->each,
	    listing->context);
}

DB_STATEMENT(role_count_all, "SELECT COUNT(*) FROM role");

int
role_count(struct db_conn *conn, struct arena *arena, int64_t *count_r)
{
	const struct db_out out[] = { DB_OUT_INT(count_r) };
	const struct db_call call = {
		&role_count_all,
		arena,
		NULL,
		0,
		out,
		ARRAY_LEN(out),
	};

	return db_one(conn, &call) == 1 ? 1 : -1;
}

DB_STATEMENT(role_new,
    "INSERT INTO role (name, description, created_ms) VALUES (?, ?, ?)");

int
role_insert(struct db_conn *conn, struct arena *arena, const struct role *role)
{
	const struct db_in in[] = {
		DB_TEXT(role->name),
		DB_TEXT(role->description),
		DB_INT(role->created_ms),
	};
	int64_t affected;

	if (db_exec(conn, DB_EXEC(role_new, arena, in), &affected) < 0)
		return db_last_error(conn) == DB_ERROR_DUPLICATE ? 0 : -1;
	return 1;
}

DB_STATEMENT(role_lock_row,
    "SELECT is_builtin FROM role WHERE name = ? FOR UPDATE");

int
role_lock(struct db_conn *conn, struct arena *arena, struct str name,
    int64_t *is_builtin_r)
{
	const struct db_in in[] = { DB_TEXT(name) };
	const struct db_out out[] = { DB_OUT_INT(is_builtin_r) };

	return db_one(conn, DB_CALL(role_lock_row, arena, in, out));
}

DB_STATEMENT(role_holder,
    "SELECT 1 FROM user_role WHERE role_name = ? LIMIT 1");

int
role_is_used(struct db_conn *conn, struct arena *arena, struct str name)
{
	int64_t one = 0;
	const struct db_in in[] = { DB_TEXT(name) };
	const struct db_out out[] = { DB_OUT_INT(&one) };

	return db_one(conn, DB_CALL(role_holder, arena, in, out));
}

DB_STATEMENT(role_remove, "DELETE FROM role WHERE name = ?");

int
role_delete(struct db_conn *conn, struct arena *arena, struct str name)
{
	const struct db_in in[] = { DB_TEXT(name) };
	int64_t affected;

	return db_exec(conn, DB_EXEC(role_remove, arena, in), &affected);
}
