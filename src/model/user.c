/* Rows of the table user, with their roles. */
#include "model/user.h"

#include "model/audit.h"
#include "model/role.h"
#include "model/search.h"
#include "model/sql.h"

DB_STATEMENT(user_by_id, "SELECT " USER_SELECT " FROM user u WHERE u.id = ?");

int
user_find(struct db_conn *conn, struct arena *arena, const struct uuid *id,
    struct user *user_r)
{
	const struct db_in in[] = { DB_UUID(id) };
	const struct db_out out[] = { USER_OUT(user_r) };

	return db_one(conn, DB_CALL(user_by_id, arena, in, out));
}

/* The key comes back with the row and must be the one asked for. */
static int
find_login(struct db_conn *conn, const struct db_stmt *stmt,
    struct arena *arena, struct str key, struct user_login *login_r)
{
	struct str found = STR_NONE;
	const struct db_in in[] = { DB_BYTES(key.ptr, key.len) };
	const struct db_out out[] = {
		USER_OUT(&login_r->user),
		DB_OUT_STR(&login_r->password_hash, LIMIT_PASSWORD_HASH),
		DB_OUT_STR(&found, LIMIT_EMAIL),
	};
	const int rc = db_one(conn, DB_CALL(*stmt, arena, in, out));

	return rc == 1 && !str_equal(found, key) ? 0 : rc;
}

DB_STATEMENT(user_login_by_email,
    "SELECT " USER_SELECT
    ", u.password_hash, u.email_key"
    " FROM user u WHERE u.email_key = ?");

int
user_find_login_by_email(struct db_conn *conn, struct arena *arena,
    struct str key, struct user_login *login_r)
{
	return find_login(conn, &user_login_by_email, arena, key, login_r);
}

DB_STATEMENT(user_login_by_username,
    "SELECT " USER_SELECT
    ", u.password_hash, u.username_key"
    " FROM user u WHERE u.username_key = ?");

int
user_find_login_by_username(struct db_conn *conn, struct arena *arena,
    struct str key, struct user_login *login_r)
{
	return find_login(conn, &user_login_by_username, arena, key, login_r);
}

DB_STATEMENT(user_login_by_id,
    "SELECT " USER_SELECT ", u.password_hash FROM user u WHERE u.id = ?");

int
user_find_login_by_id(struct db_conn *conn, struct arena *arena,
    const struct uuid *id, struct user_login *login_r)
{
	const struct db_in in[] = { DB_UUID(id) };
	const struct db_out out[] = {
		USER_OUT(&login_r->user),
		DB_OUT_STR(&login_r->password_hash, LIMIT_PASSWORD_HASH),
	};

	return db_one(conn, DB_CALL(user_login_by_id, arena, in, out));
}

DB_STATEMENT(user_taken,
    "SELECT (SELECT COUNT(*) FROM user WHERE email_key = ?)"
    " + (SELECT COUNT(*) FROM user WHERE username_key = ?)");

int
user_is_taken(struct db_conn *conn, struct arena *arena, struct str email_key,
    struct str username_key)
{
	int64_t count = 0;
	const struct db_in in[] = {
		DB_BYTES(email_key.ptr, email_key.len),
		DB_OPT_BYTES(username_key),
	};
	const struct db_out out[] = { DB_OUT_INT(&count) };
	const int rc = db_one(conn, DB_CALL(user_taken, arena, in, out));

	return rc == 1 ? count > 0 : -1;
}

DB_STATEMENT(user_add,
    "INSERT INTO user (id, email, email_key, username, username_key,"
    " password_hash, first_name, last_name, phone_number, age, created_ms)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

int
user_insert(struct db_conn *conn, struct arena *arena,
    const struct user_new *new_user)
{
	const struct user *user = new_user->user;
	int64_t affected;
	const struct db_in in[] = {
		DB_UUID(&user->id),
		DB_TEXT(user->email),
		DB_OPT_BYTES(new_user->email_key),
		DB_TEXT(user->username),
		DB_OPT_BYTES(new_user->username_key),
		DB_OPT_BYTES(new_user->password_hash),
		DB_TEXT(user->first_name),
		DB_TEXT(user->last_name),
		DB_TEXT(user->phone_number),
		DB_OPT_INT(user->age),
		DB_INT(user->created_ms),
	};

	if (db_exec(conn, DB_EXEC(user_add, arena, in), &affected) < 0)
		return db_last_error(conn) == DB_ERROR_DUPLICATE ? 0 : -1;
	if (role_grant_all(conn, arena, &user->id, user->roles) < 0)
		return -1;
	return search_add(conn, arena, user);
}

DB_STATEMENT(user_change,
    "UPDATE user SET username = ?, username_key = ?, first_name = ?,"
    " last_name = ?, phone_number = ?, age = ? WHERE id = ?");

int
user_update(struct db_conn *conn, struct arena *arena, const struct user *user,
    struct str username_key)
{
	const struct db_in in[] = {
		DB_TEXT(user->username),
		DB_OPT_BYTES(username_key),
		DB_TEXT(user->first_name),
		DB_TEXT(user->last_name),
		DB_TEXT(user->phone_number),
		DB_OPT_INT(user->age),
		DB_UUID(&user->id),
	};
	int64_t affected;

	if (db_exec(conn, DB_EXEC(user_change, arena, in), &affected) < 0)
		return db_last_error(conn) == DB_ERROR_DUPLICATE ? 0 : -1;
	return search_replace(conn, arena, user);
}

DB_STATEMENT(user_lock_row,
    "SELECT status, token_version FROM user WHERE id = ? FOR UPDATE");

int
user_lock(struct db_conn *conn, struct arena *arena, const struct uuid *id,
    int64_t *status_r, int64_t *token_version_r)
{
	const struct db_in in[] = { DB_UUID(id) };
	const struct db_out out[] = {
		DB_OUT_INT(status_r),
		DB_OUT_INT(token_version_r),
	};

	return db_one(conn, DB_CALL(user_lock_row, arena, in, out));
}

DB_STATEMENT(user_logged_in,
    "UPDATE user SET last_login_ms = ?,"
    " password_hash = COALESCE(?, password_hash) WHERE id = ?");

int
user_note_login(struct db_conn *conn, struct arena *arena,
    const struct uuid *id, int64_t now_ms, struct str password_hash)
{
	const struct db_in in[] = {
		DB_INT(now_ms),
		DB_OPT_BYTES(password_hash),
		DB_UUID(id),
	};
	int64_t affected;

	return db_exec(conn, DB_EXEC(user_logged_in, arena, in), &affected);
}

DB_STATEMENT(user_password, "UPDATE user SET password_hash = ? WHERE id = ?");

int
user_set_password(struct db_conn *conn, struct arena *arena,
    const struct uuid *id, struct str password_hash)
{
	const struct db_in in[] = { DB_OPT_BYTES(password_hash), DB_UUID(id) };
	int64_t affected;

	return db_exec(conn, DB_EXEC(user_password, arena, in), &affected);
}

DB_STATEMENT(user_status_set, "UPDATE user SET status = ? WHERE id = ?");

int
user_set_status(struct db_conn *conn, struct arena *arena,
    const struct uuid *id, enum user_status status)
{
	const struct db_in in[] = { DB_INT(status), DB_UUID(id) };
	int64_t affected;

	return db_exec(conn, DB_EXEC(user_status_set, arena, in), &affected);
}

DB_STATEMENT(user_remove, "DELETE FROM user WHERE id = ?");

int
user_delete(struct db_conn *conn, struct arena *arena, const struct uuid *id,
    const struct audit_forgotten *forgotten)
{
	const struct db_in in[] = { DB_UUID(id) };
	int64_t affected;

	if (audit_forget(conn, arena, id, forgotten) < 0)
		return -1;
	return db_exec(conn, DB_EXEC(user_remove, arena, in), &affected);
}

DB_STATEMENT(user_version_up,
    "UPDATE user SET token_version = token_version + 1 WHERE id = ?");

int
user_raise_version(struct db_conn *conn, struct arena *arena,
    const struct uuid *id)
{
	const struct db_in in[] = { DB_UUID(id) };
	int64_t affected;

	return db_exec(conn, DB_EXEC(user_version_up, arena, in), &affected);
}

DB_STATEMENT(user_count_role,
    "SELECT COUNT(*) FROM user_role r JOIN user u ON u.id = r.user_id"
    " WHERE r.role_name = ? AND u.status = 1");

int
user_count_with_role(struct db_conn *conn, struct arena *arena, struct str role,
    int64_t *count_r)
{
	const struct db_in in[] = { DB_TEXT(role) };
	const struct db_out out[] = { DB_OUT_INT(count_r) };

	return db_one(conn, DB_CALL(user_count_role, arena, in, out)) == 1 ? 1
	                                                                   : -1;
}

static int
count_admin(void *census_v)
{
	struct admin_census *census = census_v;
	const struct uuid *actor_id = census->actor_id;

	if (uuid_equal(&census->row, census->id))
		census->is_admin = true;
	else
		census->others++;
	if (actor_id != NULL && uuid_equal(&census->row, actor_id))
		census->is_actor_admin = true;
	return 1;
}

/* From the roles on, so that administrators alone are locked. */
DB_STATEMENT(user_admins_locked,
    "SELECT STRAIGHT_JOIN u.id FROM user_role r FORCE INDEX (role_name)"
    " JOIN user u ON u.id = r.user_id"
    " WHERE r.role_name = 'ADMIN' AND u.status = 1"
    " ORDER BY r.user_id FOR UPDATE");

int
user_lock_admins(struct db_conn *conn, struct arena *arena,
    struct admin_census *census)
{
	const struct db_out out[] = { DB_OUT_UUID(&census->row) };
	const struct db_call call = {
		&user_admins_locked,
		arena,
		NULL,
		0,
		out,
		ARRAY_LEN(out),
	};

	census->others = 0;
	census->is_admin = false;
	census->is_actor_admin = false;
	return db_each(conn, &call, count_admin, census);
}
