/* latchkeyctl user: making accounts, and stopping them. */
#include "ctl/user.h"
#include "auth/account.h"
#include "auth/hashgate.h"
#include "auth/people.h"
#include "base/name.h"
#include "ctl/ctl.h"
#include "ctl/password.h"
#include "ctl/who.h"

struct wish {
	struct registration registration;
	struct texts roles;
	bool from_stdin;
	bool only_if_no_admin;
};

static int
add_role(struct wish *wish, const char *name)
{
	if (!name_is_role(str_from(name))) {
		(void)ctl_misuse("%s is no role name: use A-Z, 0-9, _ and -",
		    name);
		return -1;
	}
	if (wish->roles.count == LIMIT_ROLES) {
		(void)ctl_misuse("a user has at most %d roles", LIMIT_ROLES);
		return -1;
	}
	wish->roles.is_set = true;
	wish->roles.list[wish->roles.count++] = str_from(name);
	return 1;
}

enum add_option {
	ADD_EMAIL,
	ADD_USERNAME,
	ADD_ROLE,
	ADD_PASSWORD_STDIN,
	ADD_IF_NO_ADMIN,
};

static const struct ctl_option add_options[] = {
	[ADD_EMAIL] = { "--email", "ADDRESS", "E-mail address" },
	[ADD_USERNAME] = { "--username", "NAME", "User name, if any" },
	[ADD_ROLE] = { "--role", "ROLE",
	    "A role; may be given several times, USER by default" },
	[ADD_PASSWORD_STDIN] = { "--password-stdin", NULL,
	    "Read the password from standard input, not from the terminal" },
	[ADD_IF_NO_ADMIN] = { "--if-no-admin", NULL,
	    "Do nothing where an active administrator exists" },
	{ .name = NULL },
};

/* Returns 1 or -1 (said). */
static int
take_option(struct wish *wish, enum add_option option, const char *value)
{
	switch (option) {
	case ADD_EMAIL:
		wish->registration.email = str_from(value);
		break;
	case ADD_USERNAME:
		wish->registration.username = str_from(value);
		break;
	case ADD_ROLE:
		return add_role(wish, value);
	case ADD_PASSWORD_STDIN:
		wish->from_stdin = true;
		break;
	case ADD_IF_NO_ADMIN:
		wish->only_if_no_admin = true;
		break;
	}
	return 1;
}

static int
read_options(struct ctl *ctl, struct wish *wish)
{
	const char *value = "";
	int option;

	while ((option = ctl_next(ctl, &value)) >= 0)
		if (take_option(wish, (enum add_option)option, value) < 0)
			return -1;
	if (option != CTL_END)
		return -1;
	if (!name_is_email(wish->registration.email)) {
		(void)ctl_misuse("--email must name an e-mail address");
		return -1;
	}
	if (wish->registration.username.ptr != NULL &&
	    !name_is_username(wish->registration.username)) {
		(void)ctl_misuse(
		    "--username may hold letters, digits, dot, "
		    "hyphen and underscore");
		return -1;
	}
	return 1;
}

static int
report(const struct context *context, enum api_error error,
    const struct user *user)
{
	char id[UUID_TEXT_LEN + 1];

	if (error != API_OK)
		return ctl_answer(context, error, "such role");
	uuid_format(&user->id, id);
	printf("%s\n", id);
	return CTL_OK;
}

static int
add(struct context *context, struct wish *wish)
{
	struct user user;
	enum api_error error = API_OK;
	bool has_admin = false;

	if (wish->only_if_no_admin)
		error = account_has_admin(context, &has_admin);
	if (has_admin) {
		puts("an administrator exists; nothing was changed");
		return CTL_OK;
	}
	if (error == API_OK)
		error = account_add(context, NULL, &wish->registration,
		    &wish->roles, &user);
	return report(context, error, &user);
}

static int
run_add(struct ctl *ctl)
{
	const struct app_need *const needs[] = { &need_hashing, NULL };
	struct wish wish = { .from_stdin = false };
	struct ctl_session session;
	int rc;

	if (read_options(ctl, &wish) < 0)
		return CTL_USAGE;
	rc = wish.from_stdin
	    ? password_from_stdin(ctl->arena, &wish.registration.password)
	    : password_from_terminal(ctl->arena, &wish.registration.password);
	if (rc < 0 || ctl_open(ctl, needs, &session) != CTL_OK)
		return CTL_FAILED;
	rc = add(&session.context, &wish);
	ctl_close(&session);
	return rc;
}

static int
act_on(struct ctl_session *session, struct user *user, void *action)
{
	const struct people_order order = { .user_id = user->id };

	return ctl_answer(&session->context,
	    people_act(&session->context, &order,
	        *(const enum people_action *)action),
	    "such user");
}

static int
act(struct ctl *ctl, enum people_action action)
{
	const struct who_work work = { NULL, act_on, &action };
	const char *who;

	return who_read(ctl, &who) < 0 ? CTL_USAGE : who_do(ctl, who, &work);
}

static int
run_disable(struct ctl *ctl)
{
	return act(ctl, PEOPLE_DISABLE);
}

static int
run_enable(struct ctl *ctl)
{
	return act(ctl, PEOPLE_ENABLE);
}

static int
run_delete(struct ctl *ctl)
{
	return act(ctl, PEOPLE_DELETE);
}

const struct ctl_command ctl_user_commands[] = {
	{ "user", "add", NULL, "Make an account", add_options, false, run_add },
	{ "user", "list", NULL, "List users, the newest first",
	    ctl_user_list_options, true, ctl_user_list },
	{ "user", "show", WHO_OPERAND, "Show a user", who_options, true,
	    ctl_user_show },
	{ "user", "roles", WHO_OPERAND, "Show or set the roles of a user",
	    ctl_user_roles_options, true, ctl_user_roles },
	{ "user", "password", WHO_OPERAND,
	    "Set a password and end all sessions of a user",
	    ctl_user_password_options, false, ctl_user_password },
	{ "user", "disable", WHO_OPERAND,
	    "End all sessions of a user and refuse logins", who_options, false,
	    run_disable },
	{ "user", "enable", WHO_OPERAND, "Let a user log in again", who_options,
	    false, run_enable },
	{ "user", "delete", WHO_OPERAND, "Remove a user with all personal data",
	    who_options, false, run_delete },
	{ "user", "import", NULL,
	    "Take in users of another system, with their password hashes",
	    ctl_user_import_options, true, ctl_user_import },
	{ .noun = NULL },
};
