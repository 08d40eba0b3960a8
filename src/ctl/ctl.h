/* What the commands of latchkeyctl share. */
#ifndef LATCHKEY_CTL_CTL_H
#define LATCHKEY_CTL_CTL_H

#include "auth/app.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/config.h"

enum {
	CTL_OK = 0,
	CTL_FAILED = 1,
	CTL_USAGE = 2,
};

struct ctl {
	const struct config *config;
	struct arena *arena;
	/* What follows noun and verb. */
	int argc;
	char *const *argv;
};

struct ctl_command {
	const char *noun;
	/* NULL for a noun that is a command by itself. */
	const char *verb;
	/* Options, as in a usage line. */
	const char *usage;
	const char *help;
	/* Returns one of the exit codes. */
	int (*run)(struct ctl *ctl);
};

/* One line "latchkeyctl: ..." on standard error.  Returns CTL_FAILED. */
NONNULL PRINTF_LIKE(1, 2) int ctl_fail(const char *format, ...);
/* The same for a wrong call.  Returns CTL_USAGE. */
NONNULL PRINTF_LIKE(1, 2) int ctl_misuse(const char *format, ...);

/*
 * The next option: a "--name" of the list (which ends with NULL), and its
 * value where the name in the list ends with '='.
 * Returns the index in the list, -1 after the last argument, -2 for a wrong
 * one (said).
 */
MUST_CHECK int
ctl_option(struct ctl *ctl, const char *const *names, const char **value_r);

/*
 * A context for the rules, as in a request without a caller.  The app must
 * outlive it.
 */
NONNULL void ctl_context(struct ctl *ctl, struct app *app,
    struct issues *issues, struct context *context_r);

int ctl_config_show(struct ctl *ctl);
int ctl_config_check(struct ctl *ctl);
int ctl_config_example(struct ctl *ctl);
int ctl_key_init(struct ctl *ctl);
int ctl_key_list(struct ctl *ctl);
int ctl_key_rotate(struct ctl *ctl);
int ctl_key_retire(struct ctl *ctl);
int ctl_migrate(struct ctl *ctl);
int ctl_purge(struct ctl *ctl);
int ctl_user_add(struct ctl *ctl);
int ctl_user_disable(struct ctl *ctl);
int ctl_user_enable(struct ctl *ctl);
int ctl_user_delete(struct ctl *ctl);

#endif
