/* Who shares a statement with whom, and what follows where that fails. */
#include "../unit.h"

#include "auth/rotations.h"
#include "base/clock.h"
#include "base/limits.h"

#include <pthread.h>
#include <sched.h>
#include <time.h>

enum { SINGLES = 2, STEPS_MAX = 16 };

/* The database: each statement waits until it is let go. */
static struct {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	bool is_open;
	size_t begun;
	size_t counts[STEPS_MAX * 2];
	/* How statements of several steps fail. */
	enum db_error together;
	/* Somebody holds the rows of sessions from this one on. */
	unsigned char held;
	/* Nobody has this session. */
	unsigned char missing;
	bool has_connections;
	bool is_sorted;
} database = {
	.mutex = PTHREAD_MUTEX_INITIALIZER,
	.changed = PTHREAD_COND_INITIALIZER,
};

static _Thread_local enum db_error last_error;

struct db_conn *
db_acquire(struct db *db, int64_t deadline_ms)
{
	(void)db;
	(void)deadline_ms;
	return database.has_connections ? (struct db_conn *)&database : NULL;
}

void
db_release(struct db *db, struct db_conn **conn)
{
	(void)db;
	*conn = NULL;
}

enum db_error
db_last_error(const struct db_conn *conn)
{
	(void)conn;
	return last_error;
}

static int
fail_by(enum db_error error)
{
	last_error = error;
	return -1;
}

static int
carry_out(struct session_rotation *rotations, size_t count)
{
	pthread_mutex_lock(&database.mutex);
	database.counts[database.begun++] = count;
	pthread_cond_broadcast(&database.changed);
	while (!database.is_open)
		pthread_cond_wait(&database.changed, &database.mutex);
	pthread_mutex_unlock(&database.mutex);
	for (size_t i = 0; i < count; i++) {
		const unsigned char id = rotations[i].step->id->bytes[0];

		if (id == database.missing)
			return fail_by(DB_ERROR_MISSING);
		if (i > 0 && id < rotations[i - 1].step->id->bytes[0])
			database.is_sorted = false;
		rotations[i].state_r->generation = id;
		rotations[i].rc = 1;
	}
	return 1;
}

int
session_rotate_all(struct db_conn *conn, struct arena *arena,
    struct session_rotation *rotations, size_t count)
{
	(void)conn;
	(void)arena;
	if (rotations[count - 1].step->id->bytes[0] >= database.held)
		return fail_by(DB_ERROR_CONFLICT);
	if (carry_out(rotations, count) < 0)
		return -1;
	return count > 1 && database.together != DB_ERROR_NONE
	    ? fail_by(database.together)
	    : 1;
}

int
session_rotate(struct db_conn *conn, struct arena *arena,
    struct session_rotation *rotation)
{
	(void)conn;
	(void)arena;
	return carry_out(rotation, 1);
}

/* --- Requests ----------------------------------------------------------- */

struct asker {
	pthread_t thread;
	struct app app;
	struct context context;
	struct uuid id;
	struct session_state state;
	int rc;
};

static struct asker askers[STEPS_MAX];

static void *
ask(void *asker_v)
{
	struct asker *asker = asker_v;
	const struct session_step step = { .id = &asker->id };

	asker->rc = rotations_step(&asker->context, &step, &asker->state);
	return NULL;
}

/* Ids fall, so that an order of arrival is no order of ids. */
static void
begin(size_t number)
{
	struct asker *asker = &askers[number];

	memset(asker, 0, sizeof *asker);
	asker->id.bytes[0] = (unsigned char)(STEPS_MAX - number);
	asker->app.db = (struct db *)&database;
	asker->context.app = &asker->app;
	asker->context.arena = arena_new(LIMIT_ARENA);
	assert_non_null(asker->context.arena);
	asker->context.deadline_ms = clock_mono_ms() + 10000;
	assert_int_equal(pthread_create(&asker->thread, NULL, ask, asker), 0);
}

static void
await_begun(size_t count)
{
	pthread_mutex_lock(&database.mutex);
	while (database.begun < count)
		pthread_cond_wait(&database.changed, &database.mutex);
	pthread_mutex_unlock(&database.mutex);
}

static void
let_go(void)
{
	pthread_mutex_lock(&database.mutex);
	database.is_open = true;
	pthread_cond_broadcast(&database.changed);
	pthread_mutex_unlock(&database.mutex);
}

/* Two statements of one step are under way, and the rest has to wait. */
static void
begin_all(size_t count)
{
	for (size_t i = 0; i < SINGLES; i++) {
		begin(i);
		await_begun(i + 1);
	}
	for (size_t i = SINGLES; i < count; i++) {
		begin(i);
		while (rotations_waiting() < i + 1 - SINGLES)
			sched_yield();
	}
}

static void
end_all(size_t count)
{
	let_go();
	for (size_t i = 0; i < count; i++) {
		pthread_join(askers[i].thread, NULL);
		arena_free(&askers[i].context.arena);
	}
	assert_int_equal(rotations_waiting(), 0);
}

static void
assert_all(size_t count, int rc)
{
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(askers[i].rc, rc);
		if (rc == 1)
			assert_int_equal(askers[i].state.generation,
			    askers[i].id.bytes[0]);
	}
}

/* How often a statement of so many steps was asked for. */
static size_t
statements_of(size_t count)
{
	size_t found = 0;

	for (size_t i = 0; i < database.begun; i++)
		found += database.counts[i] == count;
	return found;
}

/* Whose clock is a minute ahead waits for so much longer. */
static struct clock_reading
patient_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (struct clock_reading){ .mono_ms = now.tv_sec * 1000 + 60000 };
}

static int
setup(void **state)
{
	(void)state;
	clock_use(patient_clock);
	database.is_open = false;
	database.begun = 0;
	database.together = DB_ERROR_NONE;
	database.held = UINT8_MAX;
	database.missing = UINT8_MAX;
	database.has_connections = true;
	database.is_sorted = true;
	return 0;
}

/* --- Tests -------------------------------------------------------------- */

static void
test_one_waits_for_nobody(void **state)
{
	(void)state;
	begin(0);
	await_begun(1);
	begin(1);
	await_begun(2);
	end_all(2);
	assert_all(2, 1);
	assert_int_equal(statements_of(1), 2);
}

static void
test_those_that_wait_share(void **state)
{
	(void)state;
	begin_all(SINGLES + 8);
	end_all(SINGLES + 8);
	assert_all(SINGLES + 8, 1);
	assert_int_equal(statements_of(1), SINGLES);
	assert_int_equal(statements_of(8), 1);
	assert_true(database.is_sorted);
}

/* There are statements for 1, 2, 4 and 8. */
static void
test_any_number_is_done(void **state)
{
	(void)state;
	for (size_t more = 1; more <= STEPS_MAX - SINGLES; more++) {
		setup(state);
		begin_all(SINGLES + more);
		end_all(SINGLES + more);
		assert_all(SINGLES + more, 1);
	}
}

static void
test_after_a_conflict_each_alone(void **state)
{
	(void)state;
	database.together = DB_ERROR_CONFLICT;
	begin_all(SINGLES + 4);
	end_all(SINGLES + 4);
	assert_all(SINGLES + 4, 1);
	assert_int_equal(statements_of(4), 1);
	assert_int_equal(statements_of(1), SINGLES + 4);
}

static void
test_only_who_is_missing_is_missing(void **state)
{
	(void)state;
	database.missing = STEPS_MAX - SINGLES;
	begin_all(SINGLES + 4);
	end_all(SINGLES + 4);
	assert_int_equal(askers[SINGLES].rc, 0);
	askers[SINGLES] = askers[0];
	assert_all(SINGLES + 4, 1);
}

/* Whether it was carried out, nobody knows: once more might end a session. */
static void
test_what_is_lost_is_not_tried_again(void **state)
{
	(void)state;
	database.together = DB_ERROR_LOST;
	begin_all(SINGLES + 4);
	end_all(SINGLES + 4);
	assert_all(SINGLES, 1);
	for (size_t i = SINGLES; i < SINGLES + 4; i++)
		assert_int_equal(askers[i].rc, -1);
	assert_int_equal(database.begun, SINGLES + 1);
}

/* They wait out of the queue, in which the next one then is the first. */
static void
test_who_waits_for_a_row_keeps_nobody(void **state)
{
	(void)state;
	database.held = STEPS_MAX - 2;
	for (size_t i = 0; i < SINGLES + 3; i++) {
		begin(i);
		await_begun(i + 1);
	}
	end_all(SINGLES + 3);
	assert_all(SINGLES + 3, 1);
}

/* A database that hangs with two does not hold up the others. */
static void
test_nobody_waits_for_long(void **state)
{
	(void)state;
	clock_use(NULL);
	for (size_t i = 0; i < SINGLES + 3; i++) {
		begin(i);
		await_begun(i + 1);
	}
	assert_int_equal(rotations_waiting(), 0);
	end_all(SINGLES + 3);
	assert_all(SINGLES + 3, 1);
	assert_int_equal(statements_of(1), SINGLES + 3);
}

static void
test_without_a_connection(void **state)
{
	(void)state;
	database.has_connections = false;
	let_go();
	for (size_t i = 0; i < STEPS_MAX; i++)
		begin(i);
	end_all(STEPS_MAX);
	assert_all(STEPS_MAX, -1);
	assert_int_equal(database.begun, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_one_waits_for_nobody, setup),
		cmocka_unit_test_setup(test_those_that_wait_share, setup),
		cmocka_unit_test_setup(test_any_number_is_done, setup),
		cmocka_unit_test_setup(test_after_a_conflict_each_alone, setup),
		cmocka_unit_test_setup(test_only_who_is_missing_is_missing,
		    setup),
		cmocka_unit_test_setup(test_what_is_lost_is_not_tried_again,
		    setup),
		cmocka_unit_test_setup(test_who_waits_for_a_row_keeps_nobody,
		    setup),
		cmocka_unit_test_setup(test_nobody_waits_for_long, setup),
		cmocka_unit_test_setup(test_without_a_connection, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
