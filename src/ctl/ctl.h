/* What the commands of latchkeyctl share. */
#ifndef LATCHKEY_CTL_CTL_H
#define LATCHKEY_CTL_CTL_H

#include "auth/app.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/config.h"
#include "base/jsonw.h"

/* What a script may tell apart; latchkeyctl(8) has the same list. */
enum {
	CTL_OK = 0,
	CTL_FAILED = 1,
	/* Called wrongly, or with values that are not acceptable. */
	CTL_USAGE = 2,
	CTL_NOT_FOUND = 3,
	/* A rule forbids it: the last administrator, a name that is taken. */
	CTL_REFUSED = 4,
	/* The database does not answer. */
	CTL_UNAVAILABLE = 5,
};

struct ctl_option {
	/* "--name"; NULL ends the list. */
	const char *name;
	/* What its value is, as in a usage line; NULL for a switch. */
	const char *value;
	const char *help;
};

struct ctl;

struct ctl_command {
	/* NULL ends a list of commands. */
	const char *noun;
	/* NULL for a noun that is a command by itself. */
	const char *verb;
	/* The one word that is no option, as in a usage line, or NULL. */
	const char *operand;
	const char *help;
	/* NULL for none. */
	const struct ctl_option *options;
	/* Takes --json and then prints JSON for scripts. */
	bool has_json;
	/* Returns one of the exit codes. */
	int (*run)(struct ctl *ctl);
};

/* The commands of each noun, in files of their own. */
extern const struct ctl_command ctl_audit_commands[];
extern const struct ctl_command ctl_client_commands[];
extern const struct ctl_command ctl_completion_commands[];
extern const struct ctl_command ctl_config_commands[];
extern const struct ctl_command ctl_doctor_commands[];
extern const struct ctl_command ctl_key_commands[];
extern const struct ctl_command ctl_migrate_commands[];
extern const struct ctl_command ctl_purge_commands[];
extern const struct ctl_command ctl_role_commands[];
extern const struct ctl_command ctl_session_commands[];
extern const struct ctl_command ctl_token_commands[];
extern const struct ctl_command ctl_user_commands[];

/* All of them; NULL ends the list. */
extern const struct ctl_command *const ctl_nouns[];

struct ctl {
	const struct ctl_command *command;
	const struct config *config;
	struct arena *arena;
	/* What follows noun and verb and has not been read yet. */
	int argc;
	char *const *argv;
	/* "--" was there. */
	bool only_operands;
	bool is_json;
};

/* One line "latchkeyctl: ..." on standard error.  Returns CTL_FAILED. */
NONNULL PRINTF_LIKE(1, 2) int ctl_fail(const char *format, ...);
/* The same for a wrong call.  Returns CTL_USAGE. */
NONNULL PRINTF_LIKE(1, 2) int ctl_misuse(const char *format, ...);
/*
 * The same for what a rule answered: not_found is what there is none of.
 * Returns the exit code that fits, CTL_OK for API_OK.
 */
NONNULL int ctl_answer(const struct context *context, enum api_error error,
    const char *not_found);

/* What ctl_next found, where it is no option. */
enum {
	CTL_END = -1,
	/* Something wrong, which was said: return CTL_USAGE. */
	CTL_WRONG = -2,
	CTL_OPERAND = -3,
};

/*
 * The next argument: the index of an option in command->options with its
 * value, CTL_OPERAND with the word itself, at most once, CTL_END or
 * CTL_WRONG.  --json is taken care of.
 */
MUST_CHECK NONNULL int ctl_next(struct ctl *ctl, const char **value_r);
/* For commands without options: all arguments at once. */
MUST_CHECK NONNULL int ctl_operand(struct ctl *ctl, const char **operand_r);

/*
 * Open the process's app and a context as in a request without a caller.
 * Returns CTL_OK, or CTL_FAILED with a line.  Ended by ctl_close.
 */
struct ctl_session {
	struct app *app;
	struct issues issues;
	struct context context;
};
MUST_CHECK NONNULL int ctl_open(struct ctl *ctl,
    const struct app_need *const *needs, struct ctl_session *session);
NONNULL void ctl_close(struct ctl_session *session);

/* Print what was built.  Returns CTL_OK, or CTL_FAILED with a line. */
MUST_CHECK NONNULL int ctl_print(const struct buf *buf);

/* For --help, on every level; noun and verb are NULL for all. */
int ctl_help(const char *noun, const char *verb);

#endif
