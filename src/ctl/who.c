/* Whom a command is about. */
#include "ctl/who.h"

#include "auth/people.h"

const struct ctl_option who_options[] = {
	{ "--email", "ADDRESS", "The user by e-mail address, instead of USER" },
	{ .name = NULL },
};

int
who_is_given(const char *who)
{
	if (who[0] != '\0')
		return 1;
	(void)ctl_misuse(
	    "which user? give an e-mail address, a user name or an id");
	return -1;
}

int
who_read(struct ctl *ctl, const char **who_r)
{
	const char *who = "";
	const char *word = "";
	int found;

	while ((found = ctl_next(ctl, &word)) >= 0 || found == CTL_OPERAND) {
		if (who[0] != '\0') {
			(void)ctl_misuse("one user at a time");
			return -1;
		}
		who = word;
	}
	if (found != CTL_END || who_is_given(who) < 0)
		return -1;
	*who_r = who;
	return 1;
}

int
who_find(struct ctl_session *session, const char *who, struct user *user_r)
{
	return ctl_answer(&session->context,
	    people_find(&session->context, str_from(who), user_r),
	    "such user; see latchkeyctl user list");
}

int
who_do(struct ctl *ctl, const char *who, const struct who_work *work)
{
	static const struct app_need *const none[] = { NULL };
	struct ctl_session session;
	struct user user;
	int code;

	if (ctl_open(ctl, work->needs == NULL ? none : work->needs, &session) !=
	    CTL_OK)
		return CTL_FAILED;
	code = who_find(&session, who, &user);
	if (code == CTL_OK)
		code = work->run(&session, &user, work->wish);
	ctl_close(&session);
	return code;
}
