/* latchkeyctl doctor: files, keys, database and clock of this host. */
#include "auth/hashgate.h"
#include "auth/keystore.h"
#include "base/clock.h"
#include "ctl/doctor.h"
#include "model/schema.h"
#include "model/visitors.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>

enum {
	KEY_OLD_S = 365 * 86400,
	DAY_S = 86400,
	CLOCK_WRONG_MS = 2000,
	OTHERS = 0007,
	/* Fewer visitors say nothing about where they come from. */
	VISITORS_LEAST = 20,
};

static void
look_at_settings(struct doctor *doctor)
{
	const struct config *config = doctor->ctl->config;
	struct why why;

	if (hashgate_check_config(config, &why) < 0)
		doctor_say(doctor, FINDING_WRONG, "settings", "%s", why.text);
	else if (config_list_has(config->registration_roles, STR("ADMIN")))
		doctor_say(doctor, FINDING_WRONG, "settings",
		    "whoever registers can be an administrator; take ADMIN out "
		    "of registration.roles");
	else
		doctor_say(doctor, FINDING_OK, "settings",
		    "they are within their bounds");
}

/* A key that signs for years is one that many people had time to find. */
static void
look_at_age(struct doctor *doctor, const struct key_list *list,
    enum key_kind kind)
{
	const struct key_entry *current = key_list_current(list, kind);
	const int64_t now_s = clock_read().unix_s;
	const char *about = kind == KEY_TOKEN ? "token key" : "refresh key";
	const char *more = kind == KEY_TOKEN ? "" : " --refresh";
	int64_t age_s;

	if (current == NULL) {
		doctor_say(doctor, FINDING_WRONG, about,
		    "none signs; latchkeyctl key rotate --now%s", more);
		return;
	}
	age_s = now_s - current->signs_from_s;
	if (age_s > KEY_OLD_S && key_list_next(list, kind) == NULL)
		doctor_say(doctor, FINDING_NOTE, about,
		    "it has signed for %" PRId64
		    " days; latchkeyctl key rotate%s",
		    age_s / DAY_S, more);
	else
		doctor_say(doctor, FINDING_OK, about,
		    "it has signed for %" PRId64 " days", age_s / DAY_S);
}

static void
look_at_keys(struct doctor *doctor)
{
	const struct config *config = doctor->ctl->config;
	struct arena *arena = doctor->ctl->arena;
	struct key_list list = { .count = 0 };
	struct why why;

	if (keystore_check_dir(config->path_keys, &why) < 0 ||
	    keystore_read(arena, config->path_keys, &list, &why) < 0 ||
	    keystore_check(arena, config->path_keys, &list, &why) < 0) {
		doctor_say(doctor, FINDING_WRONG, "key files", "%s", why.text);
		return;
	}
	doctor_say(doctor, FINDING_OK, "key files",
	    "they are whole, and closed to others");
	key_list_judge(&list, config, clock_read().unix_s);
	look_at_age(doctor, &list, KEY_TOKEN);
	look_at_age(doctor, &list, KEY_REFRESH);
}

/* Whoever reaches a FastCGI socket can say what he likes to an endpoint. */
static void
look_at_sockets(struct doctor *doctor)
{
	const char *dir = doctor->ctl->config->path_run;
	struct stat st;

	if (stat(dir, &st) != 0)
		doctor_say(doctor, FINDING_WRONG, "sockets",
		    "there is no directory %s; does the service run?", dir);
	else if ((st.st_mode & OTHERS) != 0)
		doctor_say(doctor, FINDING_WRONG, "sockets",
		    "others may enter %s; chmod o-rwx %s", dir, dir);
	else
		doctor_say(doctor, FINDING_OK, "sockets",
		    "their directory is closed to others");
}

static void
look_at_schema(struct doctor *doctor, struct db_conn *conn)
{
	const int64_t wanted = schema_version_wanted();
	int64_t version = 0;

	if (schema_version_read(conn, doctor->ctl->arena, &version) < 0)
		doctor_say(doctor, FINDING_WRONG, "schema",
		    "it can't be read; latchkeyctl migrate");
	else if (version != wanted)
		doctor_say(doctor, FINDING_WRONG, "schema",
		    "it has version %" PRId64 ", this build wants %" PRId64
		    "; latchkeyctl migrate",
		    version, wanted);
	else
		doctor_say(doctor, FINDING_OK, "schema",
		    "version %" PRId64 " is the one this build wants", version);
}

static void
look_at_clock(struct doctor *doctor, struct db_conn *conn)
{
	int64_t there_ms;
	int64_t apart_ms;

	if (schema_clock_read(conn, doctor->ctl->arena, &there_ms) < 0)
		return;
	apart_ms = llabs(there_ms - clock_read().unix_ms);
	if (apart_ms > CLOCK_WRONG_MS)
		doctor_say(doctor, FINDING_WRONG, "clock",
		    "it differs from the database's by %" PRId64
		    " s; let both hosts ask a time server",
		    apart_ms / 1000);
	else
		doctor_say(doctor, FINDING_OK, "clock",
		    "it agrees with the database's");
}

static bool
is_loopback(const char *url)
{
	return strstr(url, "//127.0.0.1") != NULL ||
	    strstr(url, "//localhost") != NULL ||
	    strstr(url, "//[::1]") != NULL;
}

/*
 * Behind a proxy that the web server does not trust everybody seems to come
 * from the proxy.
 */
static void
look_at_visitors(struct doctor *doctor, struct db_conn *conn)
{
	struct visitors visitors;

	if (is_loopback(doctor->url) ||
	    visitors_count(conn, doctor->ctl->arena, &visitors) < 0 ||
	    visitors.recent < VISITORS_LEAST)
		return;
	if (visitors.local == visitors.recent)
		doctor_say(doctor, FINDING_WRONG, "addresses",
		    "the last %" PRId64
		    " events all came from this host itself: the web server"
		    " does not trust the proxy in front of it; see \"Behind a"
		    " proxy\" in docs/OPERATIONS.md",
		    visitors.recent);
	else
		doctor_say(doctor, FINDING_OK, "addresses",
		    "people come from more places than this host");
}

static void
look_at_database(struct doctor *doctor, struct db *db)
{
	struct db_conn *conn =
	    db_acquire(db, doctor->session.context.deadline_ms);

	if (conn == NULL) {
		doctor_say(doctor, FINDING_WRONG, "database",
		    "it does not answer; does it run, and are the db.* "
		    "settings right?");
		return;
	}
	doctor_say(doctor, FINDING_OK, "database", "it answers");
	look_at_schema(doctor, conn);
	look_at_clock(doctor, conn);
	look_at_visitors(doctor, conn);
	db_release(db, &conn);
}

void
doctor_look_inside(struct doctor *doctor)
{
	struct db_options options;
	struct db *db;

	look_at_settings(doctor);
	look_at_keys(doctor);
	look_at_sockets(doctor);
	app_db_options(doctor->ctl->config, &options);
	/* A schema that is behind is to be told, not to stop us. */
	options.is_for_migration = true;
	if (db_open(&options, &db) < 0)
		return;
	look_at_database(doctor, db);
	db_close(&db);
}
