/* Lists of users in the order of their ids, the newest first. */
#include "model/user_internal.h"

/* The lowest id stands for an end that is not asked for. */
static const struct uuid no_id;

static const struct uuid *
upto_id(const struct user_listing *listing)
{
	return listing->has_upto ? &listing->upto.id : &no_id;
}

DB_STATEMENT(user_page_all,
    SELECT_USERS " FROM user u WHERE u.id < ? ORDER BY u.id DESC LIMIT ?");

int
user_list_all(struct db_conn *conn, struct arena *arena,
    const struct user_listing *listing)
{
	const struct db_in in[] = {
		DB_UUID(&listing->after.id),
		DB_INT(listing->limit),
	};
	const struct db_out out[] = { USER_OUT(listing->row) };

	return db_each(conn, DB_CALL(user_page_all, arena, in, out),
	    listing->each, listing->context);
}

DB_STATEMENT(user_page_by_role,
    SELECT_USERS
    " FROM user_role r FORCE INDEX (role_name)"
    " JOIN user u ON u.id = r.user_id"
    " WHERE r.role_name = ? AND r.user_id < ?"
    " AND r.user_id >= ?" HAS_STATUS HAS_TEXT
    " ORDER BY r.user_id DESC LIMIT ?");

int
user_list_by_role(struct db_conn *conn, struct arena *arena,
    const struct user_listing *listing)
{
	const struct user_filter *filter = listing->filter;
	const struct db_in in[] = {
		DB_TEXT(filter->role),
		DB_UUID(&listing->after.id),
		DB_UUID(upto_id(listing)),
		IN_STATUS(filter),
		IN_TEXT(filter),
		DB_INT(listing->limit),
	};
	const struct db_out out[] = { USER_OUT(listing->row) };

	return db_each(conn, DB_CALL(user_page_by_role, arena, in, out),
	    listing->each, listing->context);
}

DB_STATEMENT(user_reach_role,
    "SELECT r.user_id FROM user_role r FORCE INDEX (role_name)"
    " WHERE r.role_name = ? AND r.user_id < ?"
    " ORDER BY r.user_id DESC LIMIT 1 OFFSET ?");

int
user_list_reach_role(struct db_conn *conn, struct arena *arena,
    const struct user_listing *listing, int64_t rows,
    struct user_place *place_r)
{
	const struct db_in in[] = {
		DB_TEXT(listing->filter->role),
		DB_UUID(&listing->after.id),
		DB_INT(rows),
	};
	const struct db_out out[] = { DB_OUT_UUID(&place_r->id) };

	return db_one(conn, DB_CALL(user_reach_role, arena, in, out));
}

DB_STATEMENT(user_page_by_status,
    SELECT_USERS
    " FROM user u FORCE INDEX (status)"
    " WHERE u.status = ? AND u.id < ? AND u.id >= ?" HAS_ROLE HAS_TEXT
    " ORDER BY u.id DESC LIMIT ?");

int
user_list_by_status(struct db_conn *conn, struct arena *arena,
    const struct user_listing *listing)
{
	const struct user_filter *filter = listing->filter;
	const struct db_in in[] = {
		IN_STATUS(filter),
		DB_UUID(&listing->after.id),
		DB_UUID(upto_id(listing)),
		IN_ROLE(filter),
		IN_TEXT(filter),
		DB_INT(listing->limit),
	};
	const struct db_out out[] = { USER_OUT(listing->row) };

	return db_each(conn, DB_CALL(user_page_by_status, arena, in, out),
	    listing->each, listing->context);
}

DB_STATEMENT(user_reach_status,
    "SELECT u.id FROM user u FORCE INDEX (status)"
    " WHERE u.status = ? AND u.id < ? ORDER BY u.id DESC LIMIT 1 OFFSET ?");

int
user_list_reach_status(struct db_conn *conn, struct arena *arena,
    const struct user_listing *listing, int64_t rows,
    struct user_place *place_r)
{
	const struct db_in in[] = {
		IN_STATUS(listing->filter),
		DB_UUID(&listing->after.id),
		DB_INT(rows),
	};
	const struct db_out out[] = { DB_OUT_UUID(&place_r->id) };

	return db_one(conn, DB_CALL(user_reach_status, arena, in, out));
}
