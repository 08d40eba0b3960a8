/* latchkeyctl user roles|password. */
#include "auth/hashgate.h"
#include "auth/people.h"
#include "auth/view.h"
#include "base/name.h"
#include "ctl/password.h"
#include "ctl/user.h"
#include "ctl/who.h"

enum { ROLES_EMAIL, ROLES_SET };

const struct ctl_option ctl_user_roles_options[] = {
	[ROLES_EMAIL] = { "--email", "ADDRESS",
	    "The user by e-mail address, instead of USER" },
	[ROLES_SET] = { "--set", "ROLE,ROLE...",
	    "These roles and no others, separated by commas" },
	{ .name = NULL },
};

enum { PASSWORD_EMAIL, PASSWORD_STDIN };

const struct ctl_option ctl_user_password_options[] = {
	[PASSWORD_EMAIL] = { "--email", "ADDRESS",
	    "The user by e-mail address, instead of USER" },
	[PASSWORD_STDIN] = { "--password-stdin", NULL,
	    "Read the password from standard input, not from the terminal" },
	{ .name = NULL },
};

/* Returns 1 or -1 (said). */
static int
split_roles(const char *list, struct texts *roles)
{
	struct str rest = str_from(list);
	bool has_more = true;

	*roles = (struct texts){ .is_set = true };
	while (has_more) {
		struct str role;

		has_more = str_cut(&rest, ',', &role);
		if (!name_is_role(role)) {
			(void)ctl_misuse(
			    "%.*s is no role name: use A-Z, 0-9, _ and -",
			    STR_ARG(role));
			return -1;
		}
		if (roles->count == LIMIT_ROLES) {
			(void)ctl_misuse("a user has at most %d roles",
			    LIMIT_ROLES);
			return -1;
		}
		roles->list[roles->count++] = role;
	}
	return 1;
}

struct wish {
	const char *who;
	struct texts roles;
	bool from_stdin;
};

static int
read_roles(struct ctl *ctl, struct wish *wish)
{
	const char *value = "";
	int found;

	while ((found = ctl_next(ctl, &value)) >= 0 || found == CTL_OPERAND) {
		if (found != ROLES_SET)
			wish->who = value;
		else if (split_roles(value, &wish->roles) < 0)
			return -1;
	}
	return found == CTL_END ? who_is_given(wish->who) : -1;
}

static int
read_password(struct ctl *ctl, struct wish *wish)
{
	const char *value = "";
	int found;

	while ((found = ctl_next(ctl, &value)) >= 0 || found == CTL_OPERAND) {
		if (found == PASSWORD_STDIN)
			wish->from_stdin = true;
		else
			wish->who = value;
	}
	return found == CTL_END ? who_is_given(wish->who) : -1;
}

static int
set_roles(struct ctl_session *session, const struct wish *wish,
    struct user *user)
{
	struct people_order order = { .actor_id = NULL };
	int code = who_find(session, wish->who, user);

	if (code != CTL_OK || !wish->roles.is_set)
		return code;
	order.user_id = user->id;
	return ctl_answer(&session->context,
	    people_set_roles(&session->context, &order, &wish->roles, user),
	    "such user");
}

static int
print_roles(struct ctl *ctl, const struct user *user)
{
	struct buf text = BUF_IN(ctl->arena);
	struct jsonw w = JSONW_INTO(&text);

	if (!ctl->is_json) {
		printf("%.*s\n", STR_ARG(user->roles));
		return CTL_OK;
	}
	jsonw_object(&w, NULL);
	view_roles(&w, "roles", user->roles);
	jsonw_object_end(&w);
	buf_add_byte(&text, '\n');
	return ctl_print(&text);
}

int
ctl_user_roles(struct ctl *ctl)
{
	const struct app_need *const needs[] = { NULL };
	struct wish wish = { .who = NULL };
	struct ctl_session session;
	struct user user;
	int code;

	if (read_roles(ctl, &wish) < 0)
		return CTL_USAGE;
	if (ctl_open(ctl, needs, &session) != CTL_OK)
		return CTL_FAILED;
	code = set_roles(&session, &wish, &user);
	ctl_close(&session);
	return code == CTL_OK ? print_roles(ctl, &user) : code;
}

static int
set_password(struct ctl_session *session, const char *who,
    struct secret password)
{
	struct people_order order = { .actor_id = NULL };
	struct user user;
	const int code = who_find(session, who, &user);

	if (code != CTL_OK)
		return code;
	order.user_id = user.id;
	return ctl_answer(&session->context,
	    people_set_password(&session->context, &order, password),
	    "such user");
}

int
ctl_user_password(struct ctl *ctl)
{
	const struct app_need *const needs[] = { &need_hashing, NULL };
	struct wish wish = { .who = NULL };
	struct ctl_session session;
	struct secret password;
	int code;

	if (read_password(ctl, &wish) < 0)
		return CTL_USAGE;
	code = wish.from_stdin ? password_from_stdin(ctl->arena, &password)
	                       : password_from_terminal(ctl->arena, &password);
	if (code < 0 || ctl_open(ctl, needs, &session) != CTL_OK)
		return CTL_FAILED;
	code = set_password(&session, wish.who, password);
	ctl_close(&session);
	return code;
}
