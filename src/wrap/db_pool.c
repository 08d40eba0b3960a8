/* The pool: connections opened on demand, checked when leased. */
#include "base/clock.h"
#include "base/cond.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "wrap/db_internal.h"

#include <errmsg.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

enum {
	CONNECT_TIMEOUT_S = 2,
	/* After a failed connect others fail at once for this long, so that
	 * a frozen server can't hold every thread. */
	DOWN_MS = 200,
	/* Used a moment ago, a connection is not looked at again. */
	FRESH_MS = 50,
};

struct db {
	const struct db_options *options;
	struct db_conn *conns;
	struct db_conn *free;
	pthread_mutex_t mutex;
	pthread_cond_t released;
	_Atomic int64_t down_until_ms;
	atomic_bool is_checked;
};

/*
 * The same for every connection, whatever the server's defaults are.  A SET
 * that fails fails the connection.
 */
static const char session_setup[] =
    "SET NAMES utf8mb4, SESSION sql_mode = 'STRICT_ALL_TABLES,"
    "ERROR_FOR_DIVISION_BY_ZERO,NO_ZERO_DATE,NO_ZERO_IN_DATE,"
    "NO_ENGINE_SUBSTITUTION',"
    " time_zone = '+00:00', tx_isolation = 'READ-COMMITTED',"
    " autocommit = 1, foreign_key_checks = 1,"
    " innodb_lock_wait_timeout = 2, lock_wait_timeout = 3,"
    " max_statement_time = 4, idle_transaction_timeout = 10";

int
db_open(const struct db_options *options, struct db **db_r)
{
	struct db *db = calloc(1, sizeof *db);

	if (db == NULL || mysql_library_init(0, NULL, NULL) != 0) {
		free(db);
		return -1;
	}
	db->options = options;
	db->conns = calloc(options->pool, sizeof *db->conns);
	if (db->conns == NULL) {
		free(db);
		return -1;
	}
	for (size_t i = 0; i < options->pool; i++) {
		db->conns[i].next = db->free;
		db->free = &db->conns[i];
	}
	pthread_mutex_init(&db->mutex, NULL);
	cond_init(&db->released);
	*db_r = db;
	return 1;
}

void
db_disconnect(struct db_conn *conn)
{
	if (conn->mysql == NULL)
		return;
	for (size_t i = 0; i < db_statement_count(); i++)
		if (conn->prepared[i] != NULL)
			mysql_stmt_close(conn->prepared[i]);
	free(conn->prepared);
	conn->prepared = NULL;
	mysql_close(conn->mysql);
	conn->mysql = NULL;
}

static void
give_back(struct db *db, struct db_conn *conn)
{
	pthread_mutex_lock(&db->mutex);
	conn->next = db->free;
	db->free = conn;
	pthread_cond_signal(&db->released);
	pthread_mutex_unlock(&db->mutex);
}

void
db_rest(struct db *db)
{
	struct db_conn *unused;

	pthread_mutex_lock(&db->mutex);
	unused = db->free;
	db->free = NULL;
	pthread_mutex_unlock(&db->mutex);
	while (unused != NULL) {
		struct db_conn *conn = unused;

		unused = conn->next;
		db_disconnect(conn);
		give_back(db, conn);
	}
}

void
db_close(struct db **db)
{
	if (*db == NULL)
		return;
	for (size_t i = 0; i < (*db)->options->pool; i++)
		db_disconnect(&(*db)->conns[i]);
	pthread_cond_destroy(&(*db)->released);
	pthread_mutex_destroy(&(*db)->mutex);
	free((*db)->conns);
	free(*db);
	*db = NULL;
}

static void
set_options(MYSQL *mysql, const struct db_options *options)
{
	const unsigned int connect_timeout = CONNECT_TIMEOUT_S;
	const unsigned int no = 0;
	const my_bool yes = 1;
	const bool is_verified = strcmp(options->tls, "verify") == 0;
	const my_bool verify = is_verified;

	mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &connect_timeout);
	mysql_options(mysql, MYSQL_OPT_READ_TIMEOUT, &options->timeout_s);
	mysql_options(mysql, MYSQL_OPT_WRITE_TIMEOUT, &options->timeout_s);
	mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	mysql_options(mysql, MYSQL_OPT_LOCAL_INFILE, &no);
	if (strcmp(options->tls, "off") == 0)
		return;
	mysql_options(mysql, MYSQL_OPT_SSL_ENFORCE, &yes);
	mysql_options(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
	if (is_verified)
		mysql_options(mysql, MYSQL_OPT_SSL_CA, options->tls_ca);
}

/* The password without the line end an editor leaves behind. */
static int
read_password(struct arena *arena, const struct db_options *options,
    char **password_r)
{
	struct str bytes = STR("");
	const char *why = "does not exist";

	if (options->password_file[0] != '\0' &&
	    file_read(arena, options->password_file, FILE_SECRET, &bytes,
	        &why) != 1) {
		log_error("db", "password file %s %s", options->password_file,
		    why);
		return -1;
	}
	while (bytes.len > 0 &&
	    (bytes.ptr[bytes.len - 1] == '\n' ||
	        bytes.ptr[bytes.len - 1] == '\r'))
		bytes.len--;
	*password_r = str_to_c(arena, bytes);
	return *password_r == NULL ? -1 : 1;
}

static int
log_in(MYSQL *mysql, const struct db_options *options)
{
	struct arena *arena = arena_new(LIMIT_ARENA);
	char *password;
	int rc = -1;

	if (arena == NULL)
		return -1;
	if (read_password(arena, options, &password) == 1 &&
	    mysql_real_connect(mysql, options->host, options->user, password,
	        options->name, options->port, options->socket, 0) != NULL)
		rc = 1;
	arena_free(&arena);
	return rc;
}

/* Where nothing is verified, libmariadb goes on without TLS if it must. */
static int
check_tls(struct db_conn *conn, const struct db_options *options)
{
	if (strcmp(options->tls, "off") == 0 ||
	    mysql_get_ssl_cipher(conn->mysql) != NULL)
		return 1;
	return db_note(conn, CR_SSL_CONNECTION_ERROR, "connect",
	    "the server has no TLS, which db.tls asks for");
}

/* Changing a large table takes its time. */
static int
lift_limits(struct db_conn *conn)
{
	static const char sql[] = "SET SESSION max_statement_time = 0";

	if (mysql_real_query(conn->mysql, sql, sizeof sql - 1) == 0)
		return 1;
	return db_note(conn, mysql_errno(conn->mysql), "session",
	    mysql_error(conn->mysql));
}

static int
set_up(struct db *db, struct db_conn *conn)
{
	if (check_tls(conn, db->options) < 0)
		return -1;
	if (mysql_real_query(conn->mysql, session_setup,
	        sizeof session_setup - 1) != 0)
		return db_note(conn, mysql_errno(conn->mysql), "session",
		    mysql_error(conn->mysql));
	conn->prepared = calloc(db_statement_count() + 1, sizeof(MYSQL_STMT *));
	if (conn->prepared == NULL)
		return -1;
	if (db->options->is_for_migration)
		return lift_limits(conn);
	if (db->is_checked)
		return 1;
	if (db_check_all(conn) < 0) {
		log_error("db",
		    "the schema is not the one expected here; "
		    "run: latchkeyctl migrate");
		return -1;
	}
	db->is_checked = true;
	return 1;
}

static int
connect_to_server(struct db *db, struct db_conn *conn)
{
	conn->mysql = mysql_init(NULL);
	if (conn->mysql == NULL)
		return -1;
	set_options(conn->mysql, db->options);
	if (log_in(conn->mysql, db->options) < 0) {
		(void)db_note(conn, mysql_errno(conn->mysql), "connect",
		    mysql_error(conn->mysql));
		mysql_close(conn->mysql);
		conn->mysql = NULL;
		return -1;
	}
	if (set_up(db, conn) < 0) {
		if (conn->prepared == NULL) {
			mysql_close(conn->mysql);
			conn->mysql = NULL;
		}
		db_disconnect(conn);
		return -1;
	}
	return 1;
}

/*
 * Between requests the server has nothing to say: a readable socket means
 * that it closed the connection.  Costs no round trip.
 */
static bool
is_stale(const struct db_conn *conn)
{
	const bool is_fresh = clock_mono_ms() - conn->used_ms < FRESH_MS;
	struct pollfd fd = {
		.fd = (int)mysql_get_socket(conn->mysql),
		.events = POLLIN,
	};

	return !is_fresh && poll(&fd, 1, 0) != 0;
}

static struct db_conn *
take_free(struct db *db, int64_t deadline_ms)
{
	struct db_conn *conn;

	pthread_mutex_lock(&db->mutex);
	while (db->free == NULL)
		if (!cond_wait(&db->released, &db->mutex, deadline_ms))
			break;
	conn = db->free;
	if (conn != NULL)
		db->free = conn->next;
	pthread_mutex_unlock(&db->mutex);
	return conn;
}

struct db_conn *
db_acquire(struct db *db, int64_t deadline_ms)
{
	struct db_conn *conn = take_free(db, deadline_ms);
	bool is_down;

	if (conn == NULL) {
		log_warn("db", "no connection became free in time");
		return NULL;
	}
	conn->error = DB_ERROR_NONE;
	if (conn->mysql != NULL && is_stale(conn))
		db_disconnect(conn);
	if (conn->mysql != NULL)
		return conn;
	is_down = clock_mono_ms() < db->down_until_ms;
	if (!is_down && connect_to_server(db, conn) == 1)
		return conn;
	if (!is_down)
		db->down_until_ms = clock_mono_ms() + DOWN_MS;
	db_release(db, &conn);
	return NULL;
}

void
db_release(struct db *db, struct db_conn **conn)
{
	if ((*conn)->mysql != NULL && (*conn)->error == DB_ERROR_LOST)
		db_disconnect(*conn);
	(*conn)->used_ms = clock_mono_ms();
	give_back(db, *conn);
	*conn = NULL;
}
