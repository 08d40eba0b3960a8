/* Whom a command is about: one user, by address, user name or id. */
#ifndef LATCHKEY_CTL_WHO_H
#define LATCHKEY_CTL_WHO_H

#include "ctl/ctl.h"
#include "model/user.h"

/* The operand of such a command in its usage line. */
#define WHO_OPERAND "USER"

/* The option that may stand for the operand; commands without others. */
extern const struct ctl_option who_options[];

/* Read the arguments of a command without other options.  Returns 1 or -1. */
MUST_CHECK NONNULL int who_read(struct ctl *ctl, const char **who_r);

/* Whether somebody was named: not "".  Returns 1, or -1 (said). */
MUST_CHECK NONNULL int who_is_given(const char *who);

/* Find the user.  Returns CTL_OK, or the exit code of what was said. */
MUST_CHECK NONNULL int
who_find(struct ctl_session *session, const char *who, struct user *user_r);

/*
 * Open a session, find the user, do the work, close.  Returns the work's exit
 * code, or that of what failed before it.
 */
struct who_work {
	/* NULL for none beyond the database. */
	const struct app_need *const *needs;
	int (*run)(struct ctl_session *session, struct user *user, void *wish);
	void *wish;
};
MUST_CHECK NONNULL int
who_do(struct ctl *ctl, const char *who, const struct who_work *work);

#endif
