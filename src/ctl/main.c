/* latchkeyctl: the administrator's command line. */
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "ctl/ctl.h"

#include <errno.h>
#include <grp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEADLINE_MS = 60000 };

static const struct ctl_command commands[] = {
	{ "config", "show", "", "Print the settings in force",
	    ctl_config_show },
	{ "config", "check", "", "Check settings and key files",
	    ctl_config_check },
	{ "config", "example", "", "Print latchkey.conf.example",
	    ctl_config_example },
	{ "key", "init", "", "Make the keys that are missing", ctl_key_init },
	{ "key", "list", "", "List the keys", ctl_key_list },
	{ "key", "rotate", "[--refresh] [--now]",
	    "Publish a new key, which signs after keys.publish_s",
	    ctl_key_rotate },
	{ "key", "retire", "ID", "Accept nothing made with a key any more",
	    ctl_key_retire },
	{ "migrate", NULL, "", "Bring the database's schema up to date",
	    ctl_migrate },
	{ "user", "add",
	    "--email ADDRESS [--username NAME] [--role ROLE]... "
	    "[--password-stdin] [--if-no-admin]",
	    "Make an account", ctl_user_add },
	{ "user", "disable", "--email ADDRESS",
	    "End all sessions of a user and refuse logins", ctl_user_disable },
	{ "user", "enable", "--email ADDRESS", "Let a user log in again",
	    ctl_user_enable },
	{ "user", "delete", "--email ADDRESS",
	    "Remove a user with all personal data", ctl_user_delete },
	{ "purge", NULL, "", "Remove dead sessions and revocations",
	    ctl_purge },
};

static PRINTF_LIKE(1, 0) void say(const char *format, va_list args)
{
	fputs("latchkeyctl: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

int
ctl_fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
	return CTL_FAILED;
}

int
ctl_misuse(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
	return CTL_USAGE;
}

int
ctl_option(struct ctl *ctl, const char *const *names, const char **value_r)
{
	const char *given;

	if (ctl->argc == 0)
		return -1;
	given = ctl->argv[0];
	for (int i = 0; names[i] != NULL; i++) {
		struct str name = str_from(names[i]);
		const bool has_value = str_ends(name, STR("="));

		name.len -= has_value;
		if (!str_equal(str_from(given), name))
			continue;
		if (has_value && ctl->argc < 2) {
			(void)ctl_misuse("%s needs a value", given);
			return -2;
		}
		if (has_value)
			*value_r = ctl->argv[1];
		ctl->argc -= has_value ? 2 : 1;
		ctl->argv += has_value ? 2 : 1;
		return i;
	}
	(void)ctl_misuse("%s is not known here; see latchkeyctl --help", given);
	return -2;
}

void
ctl_context(struct ctl *ctl, struct app *app, struct issues *issues,
    struct context *context_r)
{
	*context_r = (struct context){
		.app = app,
		.arena = ctl->arena,
		.now = clock_read(),
		.ip = STR(""),
		.user_agent = STR("latchkeyctl"),
		.request_id = STR(""),
		.issues = issues,
	};
	context_r->deadline_ms = context_r->now.mono_ms + DEADLINE_MS;
}

static int
print_help(void)
{
	puts(
	    "usage: latchkeyctl COMMAND [OPTION]...\n"
	    "\n"
	    "Works on the installation in the directory STATE (environment,\n"
	    "default var), with the settings in force there.\n");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		const struct ctl_command *c = &commands[i];

		printf("  %s%s%s%s%s\n      %s\n", c->noun,
		    c->verb == NULL ? "" : " ", c->verb == NULL ? "" : c->verb,
		    c->usage[0] == '\0' ? "" : " ", c->usage, c->help);
	}
	return CTL_OK;
}

static const struct ctl_command *
find_command(int argc, char **argv)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		const struct ctl_command *c = &commands[i];

		if (strcmp(argv[1], c->noun) == 0 &&
		    (c->verb == NULL ||
		        (argc > 2 && strcmp(argv[2], c->verb) == 0)))
			return c;
	}
	return NULL;
}

/*
 * Files made by root would be out of the service's reach: become the owner of
 * STATE first.  Returns 1 or -1.
 */
static int
become_owner(void)
{
	const char *state = getenv("STATE");
	struct stat st;

	if (geteuid() != 0 ||
	    stat(state == NULL || state[0] == '\0' ? "var" : state, &st) != 0 ||
	    st.st_uid == 0)
		return 1;
	if (setgroups(0, NULL) != 0 || setgid(st.st_gid) != 0 ||
	    setuid(st.st_uid) != 0)
		return -1;
	return 1;
}

static int
run(const struct ctl_command *command, struct ctl *ctl)
{
	struct config *config;
	struct why why;
	int rc;

	ctl->arena = arena_new(LIMIT_ARENA);
	if (ctl->arena == NULL)
		return ctl_fail("out of memory");
	if (config_load(environ, &config, &why) < 0) {
		arena_free(&ctl->arena);
		return ctl_fail("%s", why.text);
	}
	ctl->config = config;
	/* People read the causes of failures, not the log's information. */
	(void)!log_start("latchkeyctl", "", LOG_ERROR);
	rc = command->run(ctl);
	config_free(&config);
	arena_free(&ctl->arena);
	return rc;
}

int
main(int argc, char **argv)
{
	const struct ctl_command *command;
	struct ctl ctl = { .argc = 0 };
	int words;

	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return print_help();
	if (argc < 2)
		return ctl_misuse("which command? see latchkeyctl --help");
	command = find_command(argc, argv);
	if (command == NULL)
		return ctl_misuse(
		    "no such command: %s%s%s; "
		    "see latchkeyctl --help",
		    argv[1], argc > 2 ? " " : "", argc > 2 ? argv[2] : "");
	if (become_owner() < 0)
		return ctl_fail("can't become the owner of STATE: %s",
		    strerror(errno));
	words = command->verb == NULL ? 2 : 3;
	ctl.argc = argc - words;
	ctl.argv = argv + words;
	umask(077);
	return run(command, &ctl);
}
