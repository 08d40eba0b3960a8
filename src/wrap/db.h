/*
 * MariaDB: a small pool of connections and prepared statements with typed
 * values.  Results below auth are 1 / 0 / -1: yes, no, failed (logged).
 */
#ifndef LATCHKEY_WRAP_DB_H
#define LATCHKEY_WRAP_DB_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/opt.h"
#include "base/str.h"
#include "base/uuid.h"

struct db;
struct db_conn;

struct db_stmt {
	const char *name;
	const char *sql;
};

/*
 * Declare a statement.  Every statement that an executable links is prepared
 * when its process first connects, so that a drifted schema fails at once and
 * not at the first unlucky request.
 */
#define DB_STATEMENT(ident, text) \
	static const struct db_stmt ident = { #ident, text }; \
	static const struct db_stmt *const ident##_entry \
	    __attribute__((section("db_statements"), used)) = &ident

enum db_type {
	DB_TYPE_INT,
	/* UTF-8 text; an absent str is NULL. */
	DB_TYPE_TEXT,
	DB_TYPE_BYTES,
};

struct db_in {
	enum db_type type;
	bool is_null;
	int64_t number;
	struct str bytes;
};

#define DB_INT(v) \
	{ \
		.type = DB_TYPE_INT, .number = (v) \
	}
#define DB_OPT_INT(v) \
	{ \
		.type = DB_TYPE_INT, .is_null = !(v).is_set, \
		.number = (v).value \
	}
#define DB_TEXT(v) \
	{ \
		.type = DB_TYPE_TEXT, .is_null = (v).ptr == NULL, .bytes = (v) \
	}
#define DB_BYTES(p, n) \
	{ \
		.type = DB_TYPE_BYTES, .bytes = {(const char *)(p), (n) } \
	}
/* An absent str is NULL. */
#define DB_OPT_BYTES(v) \
	{ \
		.type = DB_TYPE_BYTES, .is_null = (v).ptr == NULL, \
		.bytes = (v) \
	}
#define DB_UUID(u) DB_BYTES((u)->bytes, UUID_SIZE)

enum db_into {
	DB_INTO_INT,
	DB_INTO_OPT_INT,
	/* A struct str in the arena; absent for NULL. */
	DB_INTO_STR,
	/* Exactly max bytes; NULL or another length fails the call. */
	DB_INTO_FIXED,
};

struct db_out {
	enum db_into into;
	void *to;
	size_t max;
};

#define DB_OUT_INT(p) \
	{ \
		DB_INTO_INT, (int64_t *){ (p) }, sizeof(int64_t) \
	}
#define DB_OUT_OPT_INT(p) \
	{ \
		DB_INTO_OPT_INT, (struct opt_int *){ (p) }, sizeof(int64_t) \
	}
#define DB_OUT_STR(p, most) \
	{ \
		DB_INTO_STR, (struct str *){ (p) }, (most) \
	}
#define DB_OUT_FIXED(p, n) \
	{ \
		DB_INTO_FIXED, (unsigned char *){ (p) }, (n) \
	}
#define DB_OUT_UUID(u) DB_OUT_FIXED((u)->bytes, UUID_SIZE)

/* One execution: statement, values in, places for a row, memory for it. */
struct db_call {
	const struct db_stmt *stmt;
	struct arena *arena;
	const struct db_in *in;
	size_t in_count;
	const struct db_out *out;
	size_t out_count;
};

#define DB_CALL(stmt, arena, in, out) \
	(&(const struct db_call){ &(stmt), arena, in, ARRAY_LEN(in), out, \
	    ARRAY_LEN(out) })
#define DB_EXEC(stmt, arena, in) \
	(&(const struct db_call){ &(stmt), arena, in, ARRAY_LEN(in), NULL, 0 })

/* Why the last call on a connection failed. */
enum db_error {
	DB_ERROR_NONE,
	/* A UNIQUE key has the value already. */
	DB_ERROR_DUPLICATE,
	/* What a foreign key refers to is not there. */
	DB_ERROR_MISSING,
	/* Deadlock, lock wait, cluster conflict: the transaction may be tried
	 * again as a whole. */
	DB_ERROR_CONFLICT,
	/* The connection is gone; what was under way is uncertain. */
	DB_ERROR_LOST,
	DB_ERROR_OTHER,
};

struct db_options {
	/* Either a socket, or a host and a port. */
	const char *socket;
	const char *host;
	unsigned int port;
	const char *name;
	const char *user;
	/* File with the password, "" for none; read at every connect. */
	const char *password_file;
	/* "off", "on" or "verify" (with ca). */
	const char *tls;
	const char *tls_ca;
	/* Most connections. */
	size_t pool;
	/* Bound of one network wait. */
	unsigned int timeout_s;
	/* Do not prepare all statements first: the schema is yet to come. */
	bool is_for_migration;
};

/*
 * A pool without connections; they are opened on demand.  options and its
 * texts must outlive it.  Returns 1 or -1.  Closed by db_close.
 */
MUST_CHECK NONNULL int
db_open(const struct db_options *options, struct db **db_r);
void db_close(struct db **db);
/*
 * Nothing was asked for a while: close the connections that nobody holds, whose
 * memory is most of what a process keeps.  They are opened again on demand.
 */
NONNULL void db_rest(struct db *db);

/*
 * Lease a connection that works as far as can be told without asking the
 * server, waiting for one until deadline_ms (monotonic).  NULL if there is
 * none.  Give it back by db_release, outside of a transaction.
 */
MUST_CHECK NONNULL struct db_conn *
db_acquire(struct db *db, int64_t deadline_ms);
NONNULL void db_release(struct db *db, struct db_conn **conn);

/* Run a statement without a result.  affected_r: rows really changed. */
MUST_CHECK NONNULL int
db_exec(struct db_conn *conn, const struct db_call *call, int64_t *affected_r);

/*
 * Fetch the first row into call->out.  Returns 1, 0 where there is none, -1.
 * Places may be half written on -1.
 */
MUST_CHECK NONNULL int db_one(struct db_conn *conn, const struct db_call *call);

/*
 * Fetch every row into the same places and call row after each; row returns 1
 * to go on, -1 to fail.  Returns 1 or -1.
 */
MUST_CHECK NONNULL int db_each(struct db_conn *conn, const struct db_call *call,
    int (*row)(void *context), void *context);

MUST_CHECK NONNULL enum db_error db_last_error(const struct db_conn *conn);

/*
 * Run body in a transaction.  body returns 1 to commit, 0 to roll back and
 * return 0, -1 to roll back.  After a conflict the whole of it is run again,
 * at most 3 times in all, with jitter; a connection lost in COMMIT is
 * uncertain and returns DB_UNCERTAIN, which is below 0 as well.
 */
enum { DB_UNCERTAIN = -2 };
MUST_CHECK int db_transaction(struct db_conn *conn,
    int (*body)(struct db_conn *conn, void *context), void *context);

/*
 * Run a script: statements that each end in ";" at the end of a line.  For
 * migrations only.  Returns 1 or -1 (logged).
 */
MUST_CHECK NONNULL int db_script(struct db_conn *conn, struct str script);

#endif
