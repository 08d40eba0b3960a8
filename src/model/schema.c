/* The schema's versions, and the way from one to the next. */
#include "model/schema.h"

#include "base/log.h"
#include "model/sql.h"

#include "schema_files.h"

int64_t
schema_version_wanted(void)
{
	return schema_files[ARRAY_LEN(schema_files) - 1].version;
}

DB_STATEMENT(schema_newest,
    "SELECT COALESCE(MAX(version), 0) FROM schema_migration");

int
schema_version_read(struct db_conn *conn, struct arena *arena,
    int64_t *version_r)
{
	const struct db_out out[] = { DB_OUT_INT(version_r) };
	const struct db_call call = {
		&schema_newest,
		arena,
		NULL,
		0,
		out,
		ARRAY_LEN(out),
	};

	return db_one(conn, &call) == 1 ? 1 : -1;
}

DB_STATEMENT(schema_clock, "SELECT " SQL_NOW_MS);

int
schema_clock_read(struct db_conn *conn, struct arena *arena, int64_t *now_ms_r)
{
	const struct db_out out[] = { DB_OUT_INT(now_ms_r) };
	const struct db_call call = {
		&schema_clock,
		arena,
		NULL,
		0,
		out,
		ARRAY_LEN(out),
	};

	return db_one(conn, &call) == 1 ? 1 : -1;
}

/* The lock dies with the connection, so that a killed run leaves none. */
DB_STATEMENT(schema_lock,
    "SELECT COALESCE(GET_LOCK('latchkey_migrate', 60), 0)");
DB_STATEMENT(schema_unlock,
    "SELECT COALESCE(RELEASE_LOCK('latchkey_migrate'), 0)");

static int
ask(struct db_conn *conn, struct arena *arena, const struct db_stmt *stmt)
{
	int64_t answer = 0;
	const struct db_out out[] = { DB_OUT_INT(&answer) };
	const struct db_call call = {
		stmt,
		arena,
		NULL,
		0,
		out,
		ARRAY_LEN(out),
	};

	return db_one(conn, &call) == 1 && answer == 1 ? 1 : -1;
}

static const char history[] =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    " version INT UNSIGNED NOT NULL PRIMARY KEY,"
    " name VARCHAR(100) NOT NULL,"
    " applied_ms BIGINT NOT NULL"
    ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;";

DB_STATEMENT(schema_note,
    "INSERT INTO schema_migration (version, name, applied_ms)"
    " VALUES (?, ?, " SQL_NOW_MS ")");

static int
apply(struct db_conn *conn, struct arena *arena, const struct schema_file *file)
{
	const struct db_in in[] = {
		DB_INT(file->version),
		DB_TEXT(str_from(file->name)),
	};
	int64_t affected;

	if (db_script(conn, str_from(file->sql)) < 0 ||
	    db_exec(conn, DB_EXEC(schema_note, arena, in), &affected) < 0) {
		log_error("schema", "%s failed", file->name);
		return -1;
	}
	return 1;
}

static int
apply_missing(struct db_conn *conn, struct arena *arena,
    void (*applied)(const char *name))
{
	int64_t version;

	if (db_script(conn, str_from(history)) < 0 ||
	    schema_version_read(conn, arena, &version) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(schema_files); i++) {
		if (schema_files[i].version <= version)
			continue;
		if (apply(conn, arena, &schema_files[i]) < 0)
			return -1;
		applied(schema_files[i].name);
	}
	return 1;
}

int
schema_migrate(struct db_conn *conn, struct arena *arena,
    void (*applied)(const char *name))
{
	int rc;

	if (ask(conn, arena, &schema_lock) < 0) {
		log_error("schema", "another migration is running");
		return -1;
	}
	rc = apply_missing(conn, arena, applied);
	if (ask(conn, arena, &schema_unlock) < 0)
		rc = -1;
	return rc;
}
