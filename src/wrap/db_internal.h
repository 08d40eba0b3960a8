/* What db.c and db_pool.c share. */
#ifndef LATCHKEY_WRAP_DB_INTERNAL_H
#define LATCHKEY_WRAP_DB_INTERNAL_H

#include "wrap/db.h"

#include <mysql.h>

struct db_conn {
	MYSQL *mysql;
	/* By the statement's place in the section db_statements. */
	MYSQL_STMT **prepared;
	enum db_error error;
	/* When it was given back (monotonic). */
	int64_t used_ms;
	struct db_conn *next;
};

/* All statements of this executable; the linker collects them. */
extern const struct db_stmt *const db_statements_first[] __asm__(
    "__start_db_statements") __attribute__((weak));
extern const struct db_stmt *const
    db_statements_end[] __asm__("__stop_db_statements") __attribute__((weak));

MUST_CHECK size_t db_statement_count(void);

/*
 * Whether the server understands all statements of this executable.  None of
 * them is kept: each takes 16 KiB here, and most are never used.  Returns 1 or
 * -1 (logged).
 */
MUST_CHECK NONNULL int db_check_all(struct db_conn *conn);

/* Drop the connection with everything prepared on it. */
NONNULL void db_disconnect(struct db_conn *conn);

/* Note and log why a call failed; always returns -1. */
NONNULL int db_note(struct db_conn *conn, unsigned int code, const char *what,
    const char *message);

#endif
