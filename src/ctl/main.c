/* latchkeyctl: the administrator's command line. */
#include "base/limits.h"
#include "base/log.h"
#include "ctl/ctl.h"

#include <errno.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
is_named(const struct ctl_command *command, int argc, char **argv)
{
	if (strcmp(argv[1], command->noun) != 0)
		return false;
	return command->verb == NULL ||
	    (argc > 2 && strcmp(argv[2], command->verb) == 0);
}

static const struct ctl_command *
find_command(int argc, char **argv)
{
	for (size_t i = 0; ctl_nouns[i] != NULL; i++)
		for (const struct ctl_command *c = ctl_nouns[i];
		     c->noun != NULL; c++)
			if (is_named(c, argc, argv))
				return c;
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

/* Commands that take nothing but --json need not look. */
static int
check_arguments(struct ctl *ctl)
{
	const char *none = "";

	if (ctl->command->options != NULL || ctl->command->operand != NULL)
		return CTL_OK;
	return ctl_operand(ctl, &none);
}

static int
run(struct ctl *ctl)
{
	struct config *config;
	struct why why;
	int rc;

	if (check_arguments(ctl) != CTL_OK)
		return CTL_USAGE;
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
	rc = ctl->command->run(ctl);
	config_free(&config);
	arena_free(&ctl->arena);
	return rc;
}

/* --help may stand anywhere: whoever is lost types it at the end. */
static bool
wants_help(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0)
			return true;
	return false;
}

static int
help(const struct ctl_command *command, const char *noun)
{
	if (command != NULL)
		return ctl_help(command->noun, command->verb);
	return ctl_help(noun[0] == '-' ? NULL : noun, NULL);
}

int
main(int argc, char **argv)
{
	struct ctl ctl = { .argc = 0 };
	int words;

	if (argc < 2)
		return ctl_misuse("which command? see latchkeyctl --help");
	ctl.command = find_command(argc, argv);
	if (wants_help(argc, argv))
		return help(ctl.command, argv[1]);
	if (ctl.command == NULL)
		return ctl_misuse(
		    "no such command: %s%s%s; see latchkeyctl --help", argv[1],
		    argc > 2 ? " " : "", argc > 2 ? argv[2] : "");
	if (become_owner() < 0)
		return ctl_fail("can't become the owner of STATE: %s",
		    strerror(errno));
	words = ctl.command->verb == NULL ? 2 : 3;
	ctl.argc = argc - words;
	ctl.argv = argv + words;
	umask(077);
	return run(&ctl);
}
