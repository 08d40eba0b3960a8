/* Transactions, and scripts of statements without values. */
#include "base/fault.h"
#include "base/log.h"
#include "base/rnd.h"
#include "wrap/db_internal.h"

#include <unistd.h>

enum {
	TRANSACTION_TRIES = 3,
	/* Longest pause before a retry, in microseconds. */
	JITTER_US = 20000,
};

static int
query(struct db_conn *conn, struct str sql)
{
	conn->error = DB_ERROR_NONE;
	if (mysql_real_query(conn->mysql, sql.ptr, sql.len) == 0)
		return 1;
	return db_note(conn, mysql_errno(conn->mysql), "query",
	    mysql_error(conn->mysql));
}

static void
pause_before_retry(void)
{
	unsigned int jitter = 0;

	if (rnd_bytes(&jitter, sizeof jitter) == 1)
		usleep(jitter % JITTER_US);
}

int
db_transaction(struct db_conn *conn,
    int (*body)(struct db_conn *conn, void *context), void *context)
{
	for (int tries = 1;; tries++) {
		int rc = query(conn, STR("START TRANSACTION"));
		enum db_error error;

		fault_point("transaction-begun");
		if (rc == 1)
			rc = body(conn, context);
		if (rc == 1) {
			fault_point("transaction-before-commit");
			rc = query(conn, STR("COMMIT"));
			fault_point("transaction-after-commit");
			if (rc < 0 && conn->error == DB_ERROR_LOST)
				return DB_UNCERTAIN;
		}
		if (rc == 1)
			return 1;
		error = rc == 0 ? DB_ERROR_NONE : conn->error;
		/* Also after a lock wait, which keeps earlier changes. */
		if (error != DB_ERROR_LOST && query(conn, STR("ROLLBACK")) < 0)
			conn->error = DB_ERROR_LOST;
		else
			conn->error = error;
		if (conn->error != DB_ERROR_CONFLICT)
			return rc;
		if (tries == TRANSACTION_TRIES) {
			log_warn("db", "a transaction gave way each time");
			return -1;
		}
		pause_before_retry();
	}
}

int
db_script(struct db_conn *conn, struct str script)
{
	struct str statement = { script.ptr, 0 };

	while (script.len > 0) {
		struct str line;

		(void)str_cut(&script, '\n', &line);
		statement.len = (size_t)(line.ptr + line.len - statement.ptr);
		if (!str_ends(str_trim(line), STR(";")))
			continue;
		statement.len--;
		if (query(conn, statement) < 0)
			return -1;
		statement = (struct str){ script.ptr, 0 };
	}
	return 1;
}
