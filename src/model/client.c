/* Rows of the table client: programs that may ask about tokens. */
#include "model/client.h"

#include "base/limits.h"
#include "model/sql.h"

#define CLIENT_SELECT "SELECT id, name, created_ms, last_used_ms FROM client"
#define CLIENT_OUT(row) \
	DB_OUT_UUID(&(row)->id), \
	    DB_OUT_STR(&(row)->name, LIMIT_NAME *UTF8_MAX), \
	    DB_OUT_INT(&(row)->created_ms), \
	    DB_OUT_OPT_INT(&(row)->last_used_ms)

/* How often a use is written down. */
#define USE_NOTED_MS "3600000"

/* Bytes of one code point; the name's column counts code points. */
enum { UTF8_MAX = 4 };

DB_STATEMENT(client_add,
    "INSERT INTO client (id, name, secret_hash, created_ms)"
    " VALUES (?, ?, ?, " SQL_NOW_MS ")");

int
client_insert(struct db_conn *conn, struct arena *arena,
    const struct client_row *row,
    const unsigned char secret_hash[CLIENT_HASH_SIZE])
{
	const struct db_in in[] = {
		DB_UUID(&row->id),
		DB_TEXT(row->name),
		DB_BYTES(secret_hash, CLIENT_HASH_SIZE),
	};
	int64_t affected;

	if (db_exec(conn, DB_EXEC(client_add, arena, in), &affected) < 0)
		return db_last_error(conn) == DB_ERROR_DUPLICATE ? 0 : -1;
	return 1;
}

DB_STATEMENT(client_secret,
    "SELECT secret_hash, COALESCE(last_used_ms, 0) < " SQL_NOW_MS
    " - " USE_NOTED_MS " FROM client WHERE id = ?");

int
client_find_secret(struct db_conn *conn, struct arena *arena,
    const struct uuid *id, unsigned char secret_hash_r[CLIENT_HASH_SIZE],
    bool *is_idle_r)
{
	int64_t is_idle = 0;
	const struct db_in in[] = { DB_UUID(id) };
	const struct db_out out[] = {
		DB_OUT_FIXED(secret_hash_r, CLIENT_HASH_SIZE),
		DB_OUT_INT(&is_idle),
	};
	const int rc = db_one(conn, DB_CALL(client_secret, arena, in, out));

	*is_idle_r = is_idle != 0;
	return rc;
}

DB_STATEMENT(client_used,
    "UPDATE client SET last_used_ms = " SQL_NOW_MS " WHERE id = ?");

int
client_note_use(struct db_conn *conn, struct arena *arena,
    const struct uuid *id)
{
	const struct db_in in[] = { DB_UUID(id) };
	int64_t affected;

	return db_exec(conn, DB_EXEC(client_used, arena, in), &affected);
}

DB_STATEMENT(client_by_id, CLIENT_SELECT " WHERE id = ?");

int
client_find(struct db_conn *conn, struct arena *arena, const struct uuid *id,
    struct client_row *row_r)
{
	const struct db_in in[] = { DB_UUID(id) };
	const struct db_out out[] = { CLIENT_OUT(row_r) };

	return db_one(conn, DB_CALL(client_by_id, arena, in, out));
}

DB_STATEMENT(client_by_name, CLIENT_SELECT " WHERE name = ?");

int
client_find_by_name(struct db_conn *conn, struct arena *arena, struct str name,
    struct client_row *row_r)
{
	const struct db_in in[] = { DB_TEXT(name) };
	const struct db_out out[] = { CLIENT_OUT(row_r) };

	return db_one(conn, DB_CALL(client_by_name, arena, in, out));
}

DB_STATEMENT(client_remove, "DELETE FROM client WHERE id = ?");

int
client_delete(struct db_conn *conn, struct arena *arena, const struct uuid *id)
{
	const struct db_in in[] = { DB_UUID(id) };
	int64_t affected;

	if (db_exec(conn, DB_EXEC(client_remove, arena, in), &affected) < 0)
		return -1;
	return affected == 1;
}

DB_STATEMENT(client_list, CLIENT_SELECT " ORDER BY id");

int
client_each(struct db_conn *conn, struct arena *arena,
    const struct client_listing *listing)
{
	const struct db_out out[] = { CLIENT_OUT(listing->row) };
	const struct db_call call = {
		&client_list,
		arena,
		NULL,
		0,
		out,
		ARRAY_LEN(out),
	};

	return db_each(conn, &call, listing->each, listing->context);
}
