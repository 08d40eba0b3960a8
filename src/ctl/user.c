/* latchkeyctl user add|disable|enable|delete. */
#include "auth/account.h"
#include "auth/hashgate.h"
#include "auth/people.h"
#include "base/name.h"
#include "ctl/ctl.h"
#include "ctl/password.h"

struct wish {
	struct registration registration;
	struct buf roles;
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
	if (wish->roles.len > 0)
		buf_add_byte(&wish->roles, ',');
	buf_add_c(&wish->roles, name);
	return 1;
}

static int
read_options(struct ctl *ctl, struct wish *wish)
{
	static const char *const names[] = { "--email=", "--username=",
		"--role=", "--password-stdin", "--if-no-admin", NULL };
	const char *value = "";
	int option;

	while ((option = ctl_option(ctl, names, &value)) >= 0) {
		if (option == 0)
			wish->registration.email = str_from(value);
		else if (option == 1)
			wish->registration.username = str_from(value);
		else if (option == 2 && add_role(wish, value) < 0)
			return -1;
		else if (option == 3)
			wish->from_stdin = true;
		else if (option == 4)
			wish->only_if_no_admin = true;
	}
	if (option != -1)
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
	if (wish->roles.len == 0)
		buf_add(&wish->roles, STR("USER"));
	return 1;
}

static int
report(const struct context *context, enum api_error error,
    const struct user *user)
{
	char id[UUID_TEXT_LEN + 1];

	if (error == API_OK) {
		uuid_format(&user->id, id);
		printf("%s\n", id);
		return CTL_OK;
	}
	if (error == API_VALIDATION_FAILED)
		return ctl_fail("%s: %s", context->issues->list[0].field,
		    context->issues->list[0].message);
	if (error == API_USER_EXISTS)
		return ctl_fail("a user with this e-mail or user name exists");
	return ctl_fail(
	    "no account was made; does every role exist, "
	    "and does the database answer?");
}

static int
add(struct ctl *ctl, struct app *app, struct wish *wish)
{
	struct issues issues = { .count = 0 };
	struct context context;
	struct user user;
	struct str roles;
	enum api_error error;
	bool has_admin = false;

	ctl_context(ctl, app, &issues, &context);
	if (wish->only_if_no_admin &&
	    account_has_admin(&context, &has_admin) != API_OK)
		return ctl_fail("the database does not answer");
	if (has_admin) {
		puts("an administrator exists; nothing was changed");
		return CTL_OK;
	}
	if (buf_str(&wish->roles, &roles) < 0)
		return ctl_fail("out of memory");
	error = account_add(&context, &wish->registration, roles, &user);
	return report(&context, error, &user);
}

int
ctl_user_add(struct ctl *ctl)
{
	const struct app_need *const needs[] = { &need_hashing, NULL };
	struct wish wish = { .roles = BUF_IN(ctl->arena) };
	struct app *app;
	struct why why;
	int rc;

	if (read_options(ctl, &wish) < 0)
		return CTL_USAGE;
	rc = wish.from_stdin
	    ? password_from_stdin(ctl->arena, &wish.registration.password)
	    : password_from_terminal(ctl->arena, &wish.registration.password);
	if (rc < 0)
		return CTL_FAILED;
	if (app_open(ctl->config, needs, &app, &why) < 0)
		return ctl_fail("%s", why.text);
	rc = add(ctl, app, &wish);
	app_close(&app);
	return rc;
}

static int
report_action(enum api_error error)
{
	if (error == API_OK)
		return CTL_OK;
	if (error == API_NOT_FOUND)
		return ctl_fail("there is no user with this e-mail");
	if (error == API_LAST_ADMIN)
		return ctl_fail(
		    "this is the last active administrator; make "
		    "somebody else one first");
	return ctl_fail("the database does not answer");
}

static int
act(struct ctl *ctl, enum people_action action)
{
	static const char *const names[] = { "--email=", NULL };
	const struct app_need *const needs[] = { NULL };
	struct issues issues = { .count = 0 };
	struct context context;
	const char *email = NULL;
	struct app *app;
	struct why why;
	int option;
	int rc;

	while ((option = ctl_option(ctl, names, &email)) >= 0)
		continue;
	if (option != -1)
		return CTL_USAGE;
	if (email == NULL)
		return ctl_misuse("which user? give --email ADDRESS");
	if (app_open(ctl->config, needs, &app, &why) < 0)
		return ctl_fail("%s", why.text);
	ctl_context(ctl, app, &issues, &context);
	rc = report_action(people_act(&context, str_from(email), action));
	app_close(&app);
	return rc;
}

int
ctl_user_disable(struct ctl *ctl)
{
	return act(ctl, PEOPLE_DISABLE);
}

int
ctl_user_enable(struct ctl *ctl)
{
	return act(ctl, PEOPLE_ENABLE);
}

int
ctl_user_delete(struct ctl *ctl)
{
	return act(ctl, PEOPLE_DELETE);
}
