/* latchkeyctl migrate: bring the database's schema up to date. */
#include "base/clock.h"
#include "ctl/ctl.h"
#include "ctl/note.h"
#include "model/role.h"
#include "model/schema.h"
#include "model/search.h"

enum { CONNECT_MS = 10000, TIMEOUT_S = 3600, TELL_EVERY = 10000 };

static void
say_applied(const char *name)
{
	printf("applied %s\n", name);
}

/* Roles that the settings let people choose must exist. */
static int
ensure_roles(struct ctl *ctl, struct db_conn *conn)
{
	struct str rest = str_from(ctl->config->registration_roles);
	struct str role;

	while (config_list_next(&rest, &role) == 1)
		if (role_ensure(conn, ctl->arena, role) < 0)
			return -1;
	return 1;
}

/* Users of a schema without searches; says now and then how far it is. */
static int
make_findable(struct db_conn *conn, struct arena *arena)
{
	size_t total = 0;
	size_t told = 0;
	size_t count;
	int rc;

	while ((rc = search_catch_up(conn, arena, &count)) == 1 && count > 0) {
		total += count;
		if (total < told + TELL_EVERY)
			continue;
		told = total;
		printf("made %zu users findable\n", total);
	}
	if (rc == 1 && total > told)
		printf("made %zu users findable\n", total);
	return rc;
}

static int
catch_up(struct db_conn *conn)
{
	struct arena *arena = arena_new(LIMIT_ARENA);
	const int rc = arena == NULL ? -1 : make_findable(conn, arena);

	arena_free(&arena);
	return rc;
}

static int
migrate(struct ctl *ctl, struct db *db)
{
	struct db_conn *conn = db_acquire(db, clock_mono_ms() + CONNECT_MS);
	int rc;

	if (conn == NULL)
		return ctl_fail(
		    "the database can't be reached; is it running, "
		    "and are the db.* settings right?");
	rc = schema_migrate(conn, ctl->arena, say_applied);
	if (rc == 1)
		rc = ensure_roles(ctl, conn);
	if (rc == 1)
		rc = catch_up(conn);
	if (rc < 0)
		(void)ctl_fail(
		    "the schema could not be brought up to date; "
		    "the cause is above");
	if (rc == 1) {
		rc = note_settings(ctl, conn);
		if (rc < 0)
			(void)ctl_fail(
			    "the audit trail could not be told of the "
			    "settings; the cause is above");
	}
	db_release(db, &conn);
	return rc < 0 ? CTL_FAILED : CTL_OK;
}

static int
run(struct ctl *ctl)
{
	const struct config *config = ctl->config;
	struct db_options options;
	struct db *db;
	int rc;

	app_db_options(config, &options);
	options.user = config->db_admin_name;
	options.password_file = config->path_db_admin_password;
	options.pool = 1;
	options.timeout_s = TIMEOUT_S;
	options.is_for_migration = true;
	if (db_open(&options, &db) < 0)
		return ctl_fail("out of memory");
	rc = migrate(ctl, db);
	db_close(&db);
	return rc;
}

const struct ctl_command ctl_migrate_commands[] = {
	{ "migrate", NULL, NULL, "Bring the database's schema up to date", NULL,
	    false, run },
	{ .noun = NULL },
};
