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
	struct ctl *ctl;
	const char *who;
	struct texts roles;
	bool from_stdin;
	struct secret password;
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

static int
set_roles(struct ctl_session *session, struct user *user, void *wish_v)
{
	const struct wish *wish = wish_v;
	const struct people_order order = { .user_id = user->id };
	int code = CTL_OK;

	if (wish->roles.is_set)
		code = ctl_answer(&session->context,
		    people_set_roles(&session->context, &order, &wish->roles,
		        user),
		    "such user");
	return code == CTL_OK ? print_roles(wish->ctl, user) : code;
}

int
ctl_user_roles(struct ctl *ctl)
{
	struct wish wish = { .ctl = ctl, .who = "" };
	const struct who_work work = { NULL, set_roles, &wish };

	return read_roles(ctl, &wish) < 0 ? CTL_USAGE
	                                  : who_do(ctl, wish.who, &work);
}

static int
set_password(struct ctl_session *session, struct user *user, void *wish_v)
{
	const struct wish *wish = wish_v;
	const struct people_order order = { .user_id = user->id };

	return ctl_answer(&session->context,
	    people_set_password(&session->context, &order, wish->password),
	    "such user");
}

int
ctl_user_password(struct ctl *ctl)
{
	const struct app_need *const needs[] = { &need_hashing, NULL };
	struct wish wish = { .ctl = ctl, .who = "" };
	const struct who_work work = { needs, set_password, &wish };
	int rc;

	if (read_password(ctl, &wish) < 0)
		return CTL_USAGE;
	rc = wish.from_stdin
	    ? password_from_stdin(ctl->arena, &wish.password)
	    : password_from_terminal(ctl->arena, &wish.password);
	return rc < 0 ? CTL_FAILED : who_do(ctl, wish.who, &work);
}
