/* Prepared statements with typed values. */
#include "wrap/db.h"

#include "base/log.h"
#include "wrap/db_internal.h"

#include <errmsg.h>
#include <mysqld_error.h>

enum {
	VALUES_MAX = 48,
	/* Galera's answers while a node is no part of its cluster. */
	ER_CLUSTER_NOT_READY = 1047,
	ER_CLUSTER_COMMIT = 1180,
};

/* The C side of one result column while it is fetched. */
struct slot {
	int64_t number;
	unsigned long len;
	my_bool is_null;
	my_bool is_cut;
};

size_t
db_statement_count(void)
{
	/* The linker makes one array of the two. */
	/* cppcheck-suppress comparePointers */
	return (size_t)(db_statements_end - db_statements_first);
}

static enum db_error
classify(unsigned int code)
{
	switch (code) {
	case ER_DUP_ENTRY:
		return DB_ERROR_DUPLICATE;
	case ER_NO_REFERENCED_ROW_2:
		return DB_ERROR_MISSING;
	case ER_LOCK_DEADLOCK:
	case ER_LOCK_WAIT_TIMEOUT:
	case ER_CLUSTER_COMMIT:
	case ER_CLUSTER_NOT_READY:
		return DB_ERROR_CONFLICT;
	case CR_SERVER_GONE_ERROR:
	case CR_SERVER_LOST:
	case CR_SERVER_LOST_EXTENDED:
	case CR_CONNECTION_ERROR:
	case CR_CONN_HOST_ERROR:
	case CR_COMMANDS_OUT_OF_SYNC:
	case CR_MALFORMED_PACKET:
	case ER_SERVER_SHUTDOWN:
	case ER_CONNECTION_KILLED:
	case ER_UNKNOWN_STMT_HANDLER:
		return DB_ERROR_LOST;
	default:
		return DB_ERROR_OTHER;
	}
}

int
db_note(struct db_conn *conn, unsigned int code, const char *what,
    const char *message)
{
	conn->error = classify(code);
	/* What is taken or missing is an answer; a conflict is tried again. */
	if (conn->error == DB_ERROR_LOST || conn->error == DB_ERROR_OTHER)
		log_error("db", "%s: %u %s", what, code, message);
	else
		log_debug("db", "%s: %u", what, code);
	return -1;
}

static int
fail_conn(struct db_conn *conn, const char *what)
{
	return db_note(conn, mysql_errno(conn->mysql), what,
	    mysql_error(conn->mysql));
}

/*
 * An INSERT with RETURNING may fail when its row is fetched; libmariadb then
 * writes down the reason on the connection alone.
 */
static int
fail_stmt(struct db_conn *conn, const struct db_stmt *stmt, MYSQL_STMT *handle)
{
	if (mysql_stmt_errno(handle) == 0)
		return fail_conn(conn, stmt->name);
	return db_note(conn, mysql_stmt_errno(handle), stmt->name,
	    mysql_stmt_error(handle));
}

static size_t
place_of(const struct db_stmt *stmt)
{
	const size_t count = db_statement_count();
	size_t place = 0;

	while (place < count && db_statements_first[place] != stmt)
		place++;
	return place;
}

static MYSQL_STMT *
prepare_new(struct db_conn *conn, const struct db_stmt *stmt)
{
	MYSQL_STMT *handle = mysql_stmt_init(conn->mysql);

	if (handle == NULL) {
		(void)fail_conn(conn, stmt->name);
		return NULL;
	}
	if (mysql_stmt_prepare(handle, stmt->sql, strlen(stmt->sql)) != 0) {
		(void)fail_stmt(conn, stmt, handle);
		mysql_stmt_close(handle);
		return NULL;
	}
	return handle;
}

static MYSQL_STMT *
prepare(struct db_conn *conn, const struct db_stmt *stmt)
{
	const size_t place = place_of(stmt);

	conn->error = DB_ERROR_NONE;
	if (conn->prepared[place] == NULL)
		conn->prepared[place] = prepare_new(conn, stmt);
	return conn->prepared[place];
}

int
db_check_all(struct db_conn *conn)
{
	for (size_t i = 0; i < db_statement_count(); i++) {
		MYSQL_STMT *handle = prepare_new(conn, db_statements_first[i]);

		if (handle == NULL)
			return -1;
		mysql_stmt_close(handle);
	}
	return 1;
}

static void
bind_value(const struct db_in *in, MYSQL_BIND *bind)
{
	if (in->is_null) {
		bind->buffer_type = MYSQL_TYPE_NULL;
		return;
	}
	switch (in->type) {
	case DB_TYPE_INT:
		bind->buffer_type = MYSQL_TYPE_LONGLONG;
		bind->buffer = (void *)(uintptr_t)&in->number;
		break;
	case DB_TYPE_TEXT:
		bind->buffer_type = MYSQL_TYPE_STRING;
		bind->buffer = (void *)(uintptr_t)in->bytes.ptr;
		bind->buffer_length = in->bytes.len;
		break;
	case DB_TYPE_BYTES:
		bind->buffer_type = MYSQL_TYPE_BLOB;
		bind->buffer = (void *)(uintptr_t)in->bytes.ptr;
		bind->buffer_length = in->bytes.len;
		break;
	}
}

static MYSQL_STMT *
execute(struct db_conn *conn, const struct db_call *call)
{
	MYSQL_BIND binds[VALUES_MAX] = { 0 };
	MYSQL_STMT *handle = prepare(conn, call->stmt);

	if (handle == NULL)
		return NULL;
	if (call->in_count > VALUES_MAX ||
	    mysql_stmt_param_count(handle) != call->in_count) {
		log_error("db", "%s: wrong number of values", call->stmt->name);
		conn->error = DB_ERROR_OTHER;
		return NULL;
	}
	for (size_t i = 0; i < call->in_count; i++)
		bind_value(&call->in[i], &binds[i]);
	if ((call->in_count > 0 && mysql_stmt_bind_param(handle, binds) != 0) ||
	    mysql_stmt_execute(handle) != 0) {
		(void)fail_stmt(conn, call->stmt, handle);
		return NULL;
	}
	return handle;
}

int
db_exec(struct db_conn *conn, const struct db_call *call, int64_t *affected_r)
{
	MYSQL_STMT *handle = execute(conn, call);

	if (handle == NULL)
		return -1;
	*affected_r = (int64_t)mysql_stmt_affected_rows(handle);
	return 1;
}

/* Point the statement's columns at slots and at memory in the arena. */
static int
bind_row(const struct db_call *call, MYSQL_STMT *handle, struct slot *slots,
    MYSQL_BIND *binds)
{
	for (size_t i = 0; i < call->out_count; i++) {
		const struct db_out *out = &call->out[i];

		binds[i].length = &slots[i].len;
		binds[i].is_null = &slots[i].is_null;
		binds[i].error = &slots[i].is_cut;
		if (out->into == DB_INTO_INT || out->into == DB_INTO_OPT_INT) {
			binds[i].buffer_type = MYSQL_TYPE_LONGLONG;
			binds[i].buffer = &slots[i].number;
			continue;
		}
		binds[i].buffer_type = MYSQL_TYPE_BLOB;
		binds[i].buffer_length = out->max;
		binds[i].buffer = arena_alloc(call->arena, out->max + 1);
		if (binds[i].buffer == NULL)
			return -1;
	}
	return mysql_stmt_bind_result(handle, binds) == 0 ? 1 : -1;
}

static int
take_column(const struct db_out *out, const struct slot *slot,
    struct arena *arena, const void *bytes)
{
	switch (out->into) {
	case DB_INTO_INT:
		*(int64_t *)out->to = slot->number;
		return slot->is_null ? -1 : 1;
	case DB_INTO_OPT_INT:
		*(struct opt_int *)out->to = (struct opt_int){ !slot->is_null,
			slot->is_null ? 0 : slot->number };
		return 1;
	case DB_INTO_FIXED:
		if (slot->is_null || slot->len != out->max)
			return -1;
		memcpy(out->to, bytes, out->max);
		return 1;
	case DB_INTO_STR: {
		struct str *to = out->to;

		*to = STR_NONE;
		if (slot->is_null)
			return 1;
		if (slot->len > out->max)
			return -1;
		/* A copy: the next row overwrites the bound bytes. */
		*to = str_copy(arena, (struct str){ bytes, slot->len });
		return to->ptr == NULL ? -1 : 1;
	}
	}
	return -1;
}

/* Returns 1 with a row in its places, 0 after the last, -1. */
static int
fetch(struct db_conn *conn, const struct db_call *call, MYSQL_STMT *handle,
    struct slot *slots, MYSQL_BIND *binds)
{
	const int rc = mysql_stmt_fetch(handle);

	if (rc == MYSQL_NO_DATA)
		return 0;
	if (rc == 1)
		return fail_stmt(conn, call->stmt, handle);
	for (size_t i = 0; i < call->out_count; i++) {
		if (take_column(&call->out[i], &slots[i], call->arena,
		        binds[i].buffer) == 1)
			continue;
		log_error("db", "%s: column %zu does not fit", call->stmt->name,
		    i + 1);
		conn->error = DB_ERROR_OTHER;
		return -1;
	}
	return 1;
}

/*
 * The server sends what an INSERT returns before it commits: only the end of
 * the rows says that it has.  Returns 1 or -1.
 */
static int
fetch_end(struct db_conn *conn, const struct db_call *call, MYSQL_STMT *handle)
{
	int rc;

	do {
		rc = mysql_stmt_fetch(handle);
	} while (rc == 0 || rc == MYSQL_DATA_TRUNCATED);
	return rc == MYSQL_NO_DATA ? 1 : fail_stmt(conn, call->stmt, handle);
}

static int
select_rows(struct db_conn *conn, const struct db_call *call,
    int (*row)(void *context), void *context)
{
	struct slot slots[VALUES_MAX] = { 0 };
	MYSQL_BIND binds[VALUES_MAX] = { 0 };
	MYSQL_STMT *handle = execute(conn, call);
	int rc = -1;

	if (handle == NULL)
		return -1;
	if (call->out_count > VALUES_MAX ||
	    mysql_stmt_field_count(handle) != call->out_count ||
	    bind_row(call, handle, slots, binds) < 0)
		log_error("db", "%s: can't bind its columns", call->stmt->name);
	else
		do {
			rc = fetch(conn, call, handle, slots, binds);
		} while (rc == 1 && row != NULL && (rc = row(context)) == 1);
	if (rc == 1)
		rc = fetch_end(conn, call, handle);
	/* Reads what the server still sends, so that the next call may ask. */
	(void)mysql_stmt_free_result(handle);
	return rc;
}

int
db_one(struct db_conn *conn, const struct db_call *call)
{
	return select_rows(conn, call, NULL, NULL);
}

int
db_each(struct db_conn *conn, const struct db_call *call,
    int (*row)(void *context), void *context)
{
	return select_rows(conn, call, row, context) < 0 ? -1 : 1;
}

enum db_error
db_last_error(const struct db_conn *conn)
{
	return conn->error;
}
