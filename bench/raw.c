/*
 * The ceiling of refresh: the bare durable conditional UPDATE, by libmariadb
 * alone, from as many connections as are asked for, a thread each.
 *
 * usage: raw SOCKET PASSWORD-FILE CONNECTIONS MILLISECONDS
 *
 * Each connection moves a session of its own on, as rotation does.  Prints one
 * JSON object (latency.h).
 */
#include "latency.h"
#include "tool.h"

#include "base/clock.h"
#include "base/uuid.h"

#include <inttypes.h>
#include <mysql.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	CONNECTIONS_MAX = 256,
	HASH_SIZE = 32,
	PASSWORD_MAX = 256,
	SQL_MAX = 1024,
	WARM_UP_US = 300000,
};

#define NOW_MS "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)"

static const char update[] =
    "UPDATE session SET generation = generation + 1, rotated_ms = " NOW_MS
    " WHERE id = ? AND generation = ? AND secret_hash = ?"
    " AND ended_ms IS NULL AND idle_expires_ms > " NOW_MS
    " AND expires_ms > " NOW_MS;

struct session {
	char id[UUID_SIZE];
	char text[UUID_TEXT_LEN + 1];
	char hash[HASH_SIZE];
	int64_t generation;
};

struct worker {
	pthread_t thread;
	struct latency latency;
};

static const char *socket_path;
static char password[PASSWORD_MAX];
static int64_t counts_from_us;
static int64_t until_us;

static void
read_password(const char *path)
{
	FILE *file = fopen(path, "re");

	if (file == NULL || fgets(password, sizeof password, file) == NULL)
		tool_fail(path, "can't be read");
	password[strcspn(password, "\n")] = '\0';
	fclose(file);
}

static MYSQL *
log_in(void)
{
	MYSQL *mysql = mysql_init(NULL);

	if (mysql == NULL ||
	    mysql_real_connect(mysql, NULL, "latchkey", password, "latchkey", 0,
	        socket_path, 0) == NULL)
		tool_fail("connect",
		    mysql == NULL ? "memory" : mysql_error(mysql));
	return mysql;
}

static void
ask(MYSQL *mysql, const char *sql)
{
	if (mysql_query(mysql, sql) != 0)
		tool_fail(sql, mysql_error(mysql));
}

/* A session of anybody's, which nobody else has. */
static struct session
make_session(MYSQL *mysql)
{
	struct session session = { .generation = 1 };
	char sql[SQL_MAX];
	struct uuid id;

	if (uuid_new(clock_read().unix_ms, &id) < 0)
		tool_fail("session", "no randomness to be had");
	uuid_format(&id, session.text);
	memcpy(session.id, id.bytes, sizeof session.id);
	snprintf(sql, sizeof sql,
	    "INSERT INTO session (id, user_id, secret_hash, generation,"
	    " mac_key, created_ms, rotated_ms, idle_expires_ms, expires_ms,"
	    " created_ip, last_ip, user_agent) SELECT"
	    " UNHEX(REPLACE('%s', '-', '')), id, REPEAT('x', 32), 1, 0,"
	    " " NOW_MS ", " NOW_MS ", " NOW_MS " + 86400000, " NOW_MS
	    " + 86400000, '127.0.0.1', '127.0.0.1', 'raw' FROM user LIMIT 1",
	    session.text);
	ask(mysql, sql);
	memset(session.hash, 'x', sizeof session.hash);
	return session;
}

static void
remove_session(MYSQL *mysql, const struct session *session)
{
	char sql[SQL_MAX];

	snprintf(sql, sizeof sql,
	    "DELETE FROM session WHERE id = UNHEX(REPLACE('%s', '-', ''))",
	    session->text);
	ask(mysql, sql);
}

static MYSQL_STMT *
prepare(MYSQL *mysql, struct session *session)
{
	MYSQL_STMT *stmt = mysql_stmt_init(mysql);
	MYSQL_BIND binds[] = {
		{ .buffer_type = MYSQL_TYPE_BLOB,
		    .buffer = session->id,
		    .buffer_length = UUID_SIZE },
		{ .buffer_type = MYSQL_TYPE_LONGLONG,
		    .buffer = &session->generation },
		{ .buffer_type = MYSQL_TYPE_BLOB,
		    .buffer = session->hash,
		    .buffer_length = HASH_SIZE },
	};

	if (stmt == NULL ||
	    mysql_stmt_prepare(stmt, update, sizeof update - 1) != 0 ||
	    mysql_stmt_bind_param(stmt, binds) != 0)
		tool_fail("prepare", mysql_error(mysql));
	return stmt;
}

static void *
run(void *worker_v)
{
	struct worker *worker = worker_v;
	MYSQL *mysql = log_in();
	struct session session = make_session(mysql);
	MYSQL_STMT *stmt = prepare(mysql, &session);
	int64_t began_us = tool_now_us();

	while (began_us < until_us) {
		int64_t now_us;

		if (mysql_stmt_execute(stmt) != 0 ||
		    mysql_stmt_affected_rows(stmt) != 1)
			tool_fail("update", mysql_stmt_error(stmt));
		session.generation++;
		now_us = tool_now_us();
		if (now_us >= counts_from_us && now_us < until_us)
			latency_add(&worker->latency, now_us - began_us);
		else
			latency_skip(&worker->latency);
		began_us = now_us;
	}
	mysql_stmt_close(stmt);
	remove_session(mysql, &session);
	mysql_close(mysql);
	mysql_thread_end();
	return NULL;
}

int
main(int argc, char **argv)
{
	static struct worker workers[CONNECTIONS_MAX];
	struct latency all = { .list = NULL };
	int64_t us;
	size_t count;

	if (argc != 5)
		tool_fail("usage",
		    "raw SOCKET PASSWORD-FILE CONNECTIONS MILLISECONDS");
	socket_path = argv[1];
	read_password(argv[2]);
	count = (size_t)tool_number(argv[3], 1, CONNECTIONS_MAX);
	us = tool_number(argv[4], 1, INT32_MAX) * US_PER_MS;
	mysql_library_init(0, NULL, NULL);
	counts_from_us = tool_now_us() + WARM_UP_US;
	until_us = counts_from_us + us;
	for (size_t i = 0; i < count; i++) {
		if (pthread_create(&workers[i].thread, NULL, run,
		        &workers[i]) != 0)
			tool_fail("thread", "can't be started");
	}
	for (size_t i = 0; i < count; i++) {
		pthread_join(workers[i].thread, NULL);
		latency_take(&all, &workers[i].latency);
	}
	latency_print(&all, us);
	return EXIT_SUCCESS;
}
