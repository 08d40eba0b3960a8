/* How the revocations in force are read, and how much room they take. */
#include "../unit.h"

#include "auth/revoked.h"
#include "auth/token.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/epoch.h"
#include "base/limits.h"
#include "model/revocation.h"
#include "model/session.h"

#include <malloc.h>
#include <unistd.h>

/* Of 1,024 slots: fewer than seven tenths, and more. */
enum { ROOMY = 700, CROWDED = 740, FULL = 769, MINUTE_MS = 60 * 1000 };
/* Bytes, half of such a table: what malloc itself may keep. */
enum { SLACK = 4096 };

/* The database. */
static struct {
	size_t first;
	size_t end;
	size_t readings;
	size_t full_readings;
	/* Of one user, in order; 0 is none. */
	int64_t versions[2];
	bool is_away;
} database;

static int64_t now_ms;
static struct config config;
static struct app app;
static struct context context;

static struct clock_reading
stopped_clock(void)
{
	return (struct clock_reading){ .mono_ms = now_ms };
}

struct db_conn *
db_acquire(struct db *db, int64_t deadline_ms)
{
	(void)db;
	(void)deadline_ms;
	return (struct db_conn *)&database;
}

void
db_release(struct db *db, struct db_conn **conn)
{
	(void)db;
	*conn = NULL;
}

int
session_is_live(struct db_conn *conn, struct arena *arena,
    const struct uuid *id, int64_t token_version)
{
	(void)conn;
	(void)arena;
	(void)id;
	(void)token_version;
	return -1;
}

static const struct uuid user_id = { .bytes = { [UUID_SIZE - 8] = 2 } };

/* Of a session. */
static struct uuid
id_of(size_t number)
{
	struct uuid id = { .bytes = { [UUID_SIZE - 8] = 1 } };

	id.bytes[UUID_SIZE - 2] = (unsigned char)(number >> 8);
	id.bytes[UUID_SIZE - 1] = (unsigned char)number;
	return id;
}

int
revocation_each(struct db_conn *conn, struct arena *arena, int64_t since_ms,
    const struct revocation_listing *listing)
{
	(void)conn;
	(void)arena;
	if (database.is_away)
		return -1;
	database.readings++;
	database.full_readings += since_ms == 0;
	for (size_t i = database.first; i < database.end; i++) {
		*listing->row = (struct revocation){
			.subject = id_of(i),
			.created_ms = 1,
		};
		assert_int_equal(listing->each(listing->context), 1);
	}
	for (size_t i = 0; i < ARRAY_LEN(database.versions); i++) {
		*listing->row = (struct revocation){
			.subject = user_id,
			.least_version = { true, database.versions[i] },
			.created_ms = 1,
		};
		if (database.versions[i] > 0)
			assert_int_equal(listing->each(listing->context), 1);
	}
	return 1;
}

/* After so long; whether the number's session is revoked. */
static int
check_after(int64_t ms, size_t number)
{
	const struct identity identity = { .session_id = id_of(number) };

	now_ms += ms;
	return revoked_check(&context, &identity);
}

static int
check_user(int64_t version)
{
	const struct identity identity = {
		.session_id = id_of(FULL),
		.user_id = user_id,
		.version = version,
	};

	return revoked_check(&context, &identity);
}

static int
setup(void **state)
{
	(void)state;
	memset(&database, 0, sizeof database);
	now_ms = 1000000;
	clock_use(stopped_clock);
	config.revocation_staleness_ms = 1000;
	app.config = &config;
	app.db = (struct db *)&database;
	context.app = &app;
	context.arena = arena_new(LIMIT_ARENA);
	return context.arena != NULL && revoked_new(&app.revoked) == 1 ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	revoked_free(&app.revoked);
	arena_free(&context.arena);
	clock_use(NULL);
	return 0;
}

static void
test_new_ones_alone_are_read(void **state)
{
	(void)state;
	database.end = ROOMY;
	assert_int_equal(check_after(0, ROOMY - 1), 1);
	database.end++;
	/* Fresh enough. */
	assert_int_equal(check_after(500, ROOMY), 0);
	assert_int_equal(check_after(600, ROOMY), 1);
	assert_int_equal(check_after(2 * MINUTE_MS, ROOMY + 1), 0);
	assert_int_equal(database.readings, 3);
	assert_int_equal(database.full_readings, 1);
	assert_int_equal(check_after(9 * MINUTE_MS, 0), 1);
	assert_int_equal(database.full_readings, 2);
}

/* What has expired makes room before more is taken. */
static void
test_a_crowded_table_is_read_anew(void **state)
{
	size_t before;

	(void)state;
	database.end = ROOMY;
	assert_int_equal(check_after(0, 0), 1);
	database.end = CROWDED;
	before = mallinfo2().uordblks + mallinfo2().hblkhd;
	/* Not at once. */
	assert_int_equal(check_after(MINUTE_MS / 2, CROWDED - 1), 1);
	assert_int_equal(database.full_readings, 1);
	database.first = 100;
	database.end = CROWDED + 20;
	assert_int_equal(check_after(MINUTE_MS, 0), 0);
	assert_int_equal(database.full_readings, 2);
	assert_int_equal(check_after(MINUTE_MS, CROWDED), 1);
	database.end = FULL + 50;
	assert_int_equal(check_after(MINUTE_MS, FULL), 1);
	/* More than its 8 KiB it has not become. */
	assert_true(mallinfo2().uordblks + mallinfo2().hblkhd < before + SLACK);
}

/* Where all are in force it grows, and is read as seldom as any other. */
static void
test_what_stays_crowded_is_left(void **state)
{
	(void)state;
	database.end = CROWDED;
	assert_int_equal(check_after(0, 0), 1);
	assert_int_equal(check_after(2 * MINUTE_MS, CROWDED - 1), 1);
	assert_int_equal(database.full_readings, 1);
	database.end = FULL + 50;
	assert_int_equal(check_after(MINUTE_MS, FULL), 1);
	assert_int_equal(database.full_readings, 1);
}

static void
test_each_version_of_a_user_counts(void **state)
{
	(void)state;
	database.versions[0] = 2;
	assert_int_equal(check_user(1), 1);
	assert_int_equal(check_user(2), 0);
	database.versions[1] = 3;
	now_ms += 1000;
	assert_int_equal(check_user(2), 1);
	assert_int_equal(check_user(3), 0);
}

static void
test_what_this_host_revokes_counts_at_once(void **state)
{
	char path[] = "/tmp/latchkey-epoch-XXXXXX";
	const int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(epoch_open(path), 1);
	unlink(path);
	database.end = 1;
	assert_int_equal(check_after(0, 1), 0);
	database.end = 2;
	assert_int_equal(check_after(0, 1), 0);
	epoch_bump();
	assert_int_equal(check_after(0, 1), 1);
}

static void
rest_after(int64_t ms)
{
	now_ms += ms;
	revoked_rest(app.revoked, &config);
}

/* Not while it may still answer for the database. */
static void
test_what_is_too_old_is_forgotten(void **state)
{
	const size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;

	(void)state;
	config.revocation_max_offline_s = 60;
	database.end = CROWDED;
	assert_int_equal(check_after(0, 0), 1);
	rest_after(MINUTE_MS - 1);
	database.is_away = true;
	assert_int_equal(check_after(0, 0), 1);
	rest_after(1);
	assert_true(mallinfo2().uordblks + mallinfo2().hblkhd < before + SLACK);
	assert_int_equal(check_after(1000, 0), -1);
	database.is_away = false;
	assert_int_equal(check_after(1000, CROWDED - 1), 1);
	assert_int_equal(database.full_readings, 2);
}

/* Somebody may ask without reading it again. */
static void
test_what_is_fresh_is_kept(void **state)
{
	(void)state;
	config.revocation_max_offline_s = 0;
	config.revocation_staleness_ms = MINUTE_MS;
	database.end = ROOMY;
	assert_int_equal(check_after(0, 0), 1);
	rest_after(MINUTE_MS - 1);
	assert_int_equal(check_after(0, 0), 1);
	assert_int_equal(database.readings, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_new_ones_alone_are_read,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_a_crowded_table_is_read_anew, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_stays_crowded_is_left,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_each_version_of_a_user_counts, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_what_this_host_revokes_counts_at_once, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    test_what_is_too_old_is_forgotten, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_is_fresh_is_kept,
		    setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
