/* Rows of the table session: one a session, however often it is refreshed. */
#include "model/session.h"

#include "base/log.h"
#include "model/sql.h"

DB_STATEMENT(session_add,
    "INSERT INTO session (id, user_id, secret_hash, generation, mac_key,"
    " created_ms, rotated_ms, idle_expires_ms, expires_ms, created_ip,"
    " last_ip, user_agent) VALUES (?, ?, ?, 1, ?, " SQL_NOW_MS ", " SQL_NOW_MS
    ", " SQL_NOW_MS " + LEAST(?, ?), " SQL_NOW_MS
    " + ?, ?, ?, ?) RETURNING idle_expires_ms");

int
session_insert(struct db_conn *conn, struct arena *arena,
    const struct session_new *session, int64_t *expires_ms_r)
{
	const struct db_in in[] = {
		DB_UUID(&session->id),
		DB_UUID(&session->user_id),
		DB_BYTES(session->secret_hash, SESSION_HASH_SIZE),
		DB_INT(session->mac_key),
		DB_INT(session->idle_ms),
		DB_INT(session->max_age_ms),
		DB_INT(session->max_age_ms),
		DB_TEXT(session->ip),
		DB_TEXT(session->ip),
		DB_TEXT(session->user_agent),
	};
	const struct db_out out[] = { DB_OUT_INT(expires_ms_r) };

	return db_one(conn, DB_CALL(session_add, arena, in, out)) == 1 ? 1 : -1;
}

DB_STATEMENT(session_with_user,
    "SELECT s.secret_hash, s.generation, s.mac_key, s.rotated_ms,"
    " s.idle_expires_ms, s.expires_ms, s.ended_ms, " SQL_NOW_MS ", " USER_SELECT
    " FROM session s JOIN user u ON u.id = s.user_id WHERE s.id = ?");

int
session_read(struct db_conn *conn, struct arena *arena, const struct uuid *id,
    struct session_state *state_r)
{
	const struct db_in in[] = { DB_UUID(id) };
	const struct db_out out[] = {
		DB_OUT_FIXED(state_r->secret_hash, SESSION_HASH_SIZE),
		DB_OUT_INT(&state_r->generation),
		DB_OUT_INT(&state_r->mac_key),
		DB_OUT_INT(&state_r->rotated_ms),
		DB_OUT_INT(&state_r->idle_expires_ms),
		DB_OUT_INT(&state_r->expires_ms),
		DB_OUT_OPT_INT(&state_r->ended_ms),
		DB_OUT_INT(&state_r->now_ms),
		USER_OUT(&state_r->user),
	};

	state_r->id = *id;
	state_r->has_moved = false;
	return db_one(conn, DB_CALL(session_with_user, arena, in, out));
}

/*
 * MariaDB returns rows from INSERT but not from UPDATE, and a second statement
 * would cost a refresh as much as its own work does.  So this is an UPDATE in
 * the clothes of an INSERT.  The row is there, and then only the part behind
 * ON DUPLICATE KEY counts, to which the values of the row that is not inserted
 * are the presented generation and secret, and the new key, idle time and
 * address; where it is not there, no row can come of it, because nobody is the
 * user of sixteen zero bytes, and the foreign key refuses.
 *
 * The row is locked when the condition is looked at, so of several requests
 * with one token the first moves it on and the others see that.  @moves is
 * what the condition was: each assignment sees those to its left.
 */
#define IF_MOVES(column, value) column " = IF(@moves, " value ", " column ")"
#define STEP_ROW "(?, REPEAT(CHAR(0), 16), ?, ?, ?, 0, 0, ?, 0, '', ?, '')"
#define STEP_ON(rows) \
	"INSERT INTO session (id, user_id, secret_hash, generation, mac_key," \
	" created_ms, rotated_ms, idle_expires_ms, expires_ms, created_ip," \
	" last_ip, user_agent) VALUES " rows " ON DUPLICATE KEY UPDATE" \
	" generation = generation + (@moves := generation = VALUE(generation)" \
	" AND secret_hash = VALUE(secret_hash) AND " SQL_ALIVE \
	"), " IF_MOVES("mac_key", "VALUE(mac_key)") ", " IF_MOVES( \
	    "rotated_ms", \
	    SQL_NOW_MS) ", " IF_MOVES("idle_expires_ms", \
	    "LEAST(" SQL_NOW_MS \
	    " + VALUE(idle_expires_ms), expires_ms)") ", " IF_MOVES("last_ip", \
	    "VALUE(last_ip)") \
	" RETURNING id, @moves = 1, secret_hash, generation, mac_key," \
	" rotated_ms, idle_expires_ms, expires_ms, ended_ms, " SQL_NOW_MS \
	", user_id, (SELECT " USER_JSON " FROM user u" \
	" WHERE u.id = session.user_id)"
/* Of those that share a connection none waits for a lock. */
#define STEPS_ON(rows) \
	"SET STATEMENT innodb_lock_wait_timeout = 0 FOR " STEP_ON(rows)
#define STEP_ROWS_2 STEP_ROW ", " STEP_ROW
#define STEP_ROWS_3 STEP_ROWS_2 ", " STEP_ROW
#define STEP_ROWS_4 STEP_ROWS_3 ", " STEP_ROW
#define STEP_ROWS_5 STEP_ROWS_4 ", " STEP_ROW
#define STEP_ROWS_6 STEP_ROWS_5 ", " STEP_ROW
#define STEP_ROWS_7 STEP_ROWS_6 ", " STEP_ROW
#define STEP_ROWS_8 STEP_ROWS_7 ", " STEP_ROW

DB_STATEMENT(session_step_on, STEP_ON(STEP_ROW));
DB_STATEMENT(session_1_step_on, STEPS_ON(STEP_ROW));
DB_STATEMENT(session_2_steps_on, STEPS_ON(STEP_ROWS_2));
DB_STATEMENT(session_3_steps_on, STEPS_ON(STEP_ROWS_3));
DB_STATEMENT(session_4_steps_on, STEPS_ON(STEP_ROWS_4));
DB_STATEMENT(session_5_steps_on, STEPS_ON(STEP_ROWS_5));
DB_STATEMENT(session_6_steps_on, STEPS_ON(STEP_ROWS_6));
DB_STATEMENT(session_7_steps_on, STEPS_ON(STEP_ROWS_7));
DB_STATEMENT(session_8_steps_on, STEPS_ON(STEP_ROWS_8));

enum { STEP_VALUES = 6 };

/* Rows come in the order of the steps. */
struct stepping {
	struct session_rotation *next;
	struct uuid id;
	int64_t has_moved;
	struct session_state state;
	struct str user;
};

static int
take_step(void *context)
{
	struct stepping *stepping = context;
	struct session_rotation *rotation = stepping->next++;
	struct session_state *state = rotation->state_r;

	if (!uuid_equal(&stepping->id, rotation->step->id)) {
		log_error("db", "a rotation returned another session's row");
		return -1;
	}
	*state = stepping->state;
	state->id = stepping->id;
	state->has_moved = stepping->has_moved == 1;
	rotation->rc =
	    user_read_json(rotation->arena, stepping->user, &state->user);
	return 1;
}

/* steps_on[n - 1] carries n steps. */
static const struct db_stmt *const steps_on[SESSION_ROTATIONS_MAX] = {
	&session_1_step_on,
	&session_2_steps_on,
	&session_3_steps_on,
	&session_4_steps_on,
	&session_5_steps_on,
	&session_6_steps_on,
	&session_7_steps_on,
	&session_8_steps_on,
};

static int
step_on(struct db_conn *conn, struct arena *arena, const struct db_stmt *stmt,
    struct session_rotation *rotations, size_t count)
{
	struct stepping stepping = { .next = rotations };
	struct session_state *state = &stepping.state;
	struct db_in in[SESSION_ROTATIONS_MAX * STEP_VALUES];
	const struct db_out out[] = {
		DB_OUT_UUID(&stepping.id),
		DB_OUT_INT(&stepping.has_moved),
		DB_OUT_FIXED(state->secret_hash, SESSION_HASH_SIZE),
		DB_OUT_INT(&state->generation),
		DB_OUT_INT(&state->mac_key),
		DB_OUT_INT(&state->rotated_ms),
		DB_OUT_INT(&state->idle_expires_ms),
		DB_OUT_INT(&state->expires_ms),
		DB_OUT_OPT_INT(&state->ended_ms),
		DB_OUT_INT(&state->now_ms),
		DB_OUT_UUID(&state->user.id),
		DB_OUT_STR(&stepping.user, USER_JSON_MAX),
	};
	const struct db_call call = { stmt, arena, in, count * STEP_VALUES, out,
		ARRAY_LEN(out) };

	for (size_t i = 0; i < count; i++) {
		const struct session_step *step = rotations[i].step;
		const struct db_in values[STEP_VALUES] = {
			DB_UUID(step->id),
			DB_BYTES(step->secret_hash, SESSION_HASH_SIZE),
			DB_INT(step->generation),
			DB_INT(step->mac_key),
			DB_INT(step->idle_ms),
			DB_TEXT(step->ip),
		};

		memcpy(&in[i * STEP_VALUES], values, sizeof values);
	}
	if (db_each(conn, &call, take_step, &stepping) < 0)
		return -1;
	return stepping.next == rotations + count ? 1 : -1;
}

int
session_rotate_all(struct db_conn *conn, struct arena *arena,
    struct session_rotation *rotations, size_t count)
{
	return step_on(conn, arena, steps_on[count - 1], rotations, count);
}

int
session_rotate(struct db_conn *conn, struct arena *arena,
    struct session_rotation *rotation)
{
	return step_on(conn, arena, &session_step_on, rotation, 1);
}

DB_STATEMENT(session_end_one,
    "UPDATE session SET ended_ms = " SQL_NOW_MS
    ", end_reason = ?, ended_ip = ? WHERE id = ? AND ended_ms IS NULL");

int
session_finish(struct db_conn *conn, struct arena *arena,
    const struct session_ending *ending)
{
	const struct db_in in[] = {
		DB_INT(ending->reason),
		DB_TEXT(ending->ip),
		DB_UUID(ending->id),
	};
	int64_t affected;

	if (db_exec(conn, DB_EXEC(session_end_one, arena, in), &affected) < 0)
		return -1;
	return affected == 1;
}

DB_STATEMENT(session_end_all,
    "UPDATE session SET ended_ms = " SQL_NOW_MS
    ", end_reason = ?, ended_ip = ? WHERE user_id = ? AND ended_ms IS NULL"
    " AND NOT id <=> ?");

int
session_finish_all(struct db_conn *conn, struct arena *arena,
    const struct session_ending *ending, const struct uuid *keep)
{
	const struct str spared = keep == NULL
	    ? STR_NONE
	    : (struct str){ (const char *)keep->bytes, UUID_SIZE };
	const struct db_in in[] = {
		DB_INT(ending->reason),
		DB_TEXT(ending->ip),
		DB_UUID(ending->id),
		DB_OPT_BYTES(spared),
	};
	int64_t affected;

	if (db_exec(conn, DB_EXEC(session_end_all, arena, in), &affected) < 0)
		return -1;
	return affected > 0;
}

static int
count_is(struct db_conn *conn, const struct db_stmt *stmt, struct arena *arena,
    const struct db_in in[2], int64_t wanted)
{
	int64_t count = 0;
	const struct db_out out[] = { DB_OUT_INT(&count) };
	const struct db_call call = { stmt, arena, in, 2, out, 1 };

	return db_one(conn, &call) == 1 ? count == wanted : -1;
}

DB_STATEMENT(session_live,
    "SELECT COUNT(*) FROM session s JOIN user u ON u.id = s.user_id"
    " WHERE s.id = ? AND s.ended_ms IS NULL AND s.expires_ms > " SQL_NOW_MS
    " AND u.status = 1 AND u.token_version = ?");

int
session_is_live(struct db_conn *conn, struct arena *arena,
    const struct uuid *id, int64_t token_version)
{
	const struct db_in in[] = { DB_UUID(id), DB_INT(token_version) };

	return count_is(conn, &session_live, arena, in, 1);
}

DB_STATEMENT(session_of,
    "SELECT COUNT(*) FROM session WHERE id = ? AND user_id = ? AND " SQL_ALIVE);

int
session_is_of(struct db_conn *conn, struct arena *arena, const struct uuid *id,
    const struct uuid *user_id)
{
	const struct db_in in[] = { DB_UUID(id), DB_UUID(user_id) };

	return count_is(conn, &session_of, arena, in, 1);
}

DB_STATEMENT(session_concurrent,
    "UPDATE session SET concurrent_count = concurrent_count + 1"
    " WHERE id = ?");

int
session_count_concurrent(struct db_conn *conn, struct arena *arena,
    const struct uuid *id)
{
	const struct db_in in[] = { DB_UUID(id) };
	int64_t affected;

	return db_exec(conn, DB_EXEC(session_concurrent, arena, in), &affected);
}
