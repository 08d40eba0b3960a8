/* latchkeyctl user list|show. */
#include "auth/people.h"
#include "auth/view.h"
#include "ctl/table.h"
#include "ctl/user.h"
#include "ctl/who.h"

enum list_option {
	LIST_SEARCH,
	LIST_ROLE,
	LIST_STATUS,
	LIST_LIMIT,
	LIST_CURSOR,
};

const struct ctl_option ctl_user_list_options[] = {
	[LIST_SEARCH] = { "--search", "TEXT",
	    "Only those with this text in e-mail, user name or name" },
	[LIST_ROLE] = { "--role", "ROLE", "Only those with this role" },
	[LIST_STATUS] = { "--status", "active|disabled",
	    "Only those of this status" },
	[LIST_LIMIT] = { "--limit", "N", "At most so many, 1 to 200" },
	[LIST_CURSOR] = { "--cursor", "CURSOR",
	    "Go on where the page before ended" },
	{ .name = NULL },
};

/* Returns 1 or -1 (said). */
static int
read_limit(const char *text, struct opt_int *limit)
{
	limit->is_set = true;
	if (str_to_int64(str_from(text), &limit->value) == 1 &&
	    limit->value >= 1 && limit->value <= LIMIT_PAGE)
		return 1;
	(void)ctl_misuse("--limit must be 1 to %d", LIMIT_PAGE);
	return -1;
}

static int
take_option(struct people_query *query, enum list_option option,
    const char *value)
{
	switch (option) {
	case LIST_SEARCH:
		query->search = str_from(value);
		break;
	case LIST_ROLE:
		query->role = str_from(value);
		break;
	case LIST_STATUS:
		query->status = str_from(value);
		break;
	case LIST_LIMIT:
		return read_limit(value, &query->page.limit);
	case LIST_CURSOR:
		query->page.cursor = str_from(value);
		break;
	}
	return 1;
}

static int
read_query(struct ctl *ctl, struct people_query *query)
{
	const char *value = "";
	int option;

	while ((option = ctl_next(ctl, &value)) >= 0)
		if (take_option(query, (enum list_option)option, value) < 0)
			return -1;
	if (option != CTL_END)
		return -1;
	if (query->status.ptr != NULL && !people_is_status(query->status)) {
		(void)ctl_misuse("--status must be active or disabled");
		return -1;
	}
	return 1;
}

static int
print_for_scripts(struct ctl *ctl, const struct people_page *page)
{
	struct buf text = BUF_IN(ctl->arena);
	struct jsonw w = JSONW_INTO(&text);

	jsonw_object(&w, NULL);
	jsonw_array(&w, "users");
	for (size_t i = 0; i < page->count; i++)
		view_user(&w, NULL, &page->users[i]);
	jsonw_array_end(&w);
	jsonw_str(&w, "nextCursor", page->next_cursor);
	jsonw_object_end(&w);
	buf_add_byte(&text, '\n');
	return ctl_print(&text);
}

static int
print_for_people(struct ctl *ctl, const struct people_page *page)
{
	static const char *const heads[] = { "ID", "E-MAIL", "USER NAME",
		"STATUS", "ROLES", "LAST LOGIN", NULL };
	struct table table;
	int code;

	table_begin(&table, ctl->arena, heads);
	for (size_t i = 0; i < page->count; i++) {
		const struct user *user = &page->users[i];

		table_uuid(&table, &user->id);
		table_text(&table, user->email);
		table_text(&table, user->username);
		table_text(&table,
		    user->status == USER_ACTIVE ? STR("active")
		                                : STR("disabled"));
		table_text(&table, user->roles);
		table_opt_time(&table, user->last_login_ms);
	}
	code = table_print(&table);
	if (code == CTL_OK && page->next_cursor.ptr != NULL)
		fprintf(stderr, "there are more: --cursor %.*s\n",
		    STR_ARG(page->next_cursor));
	return code;
}

int
ctl_user_list(struct ctl *ctl)
{
	const struct app_need *const needs[] = { NULL };
	struct people_query query = { .search = STR_NONE };
	struct ctl_session session;
	struct people_page page;
	int code;

	if (read_query(ctl, &query) < 0)
		return CTL_USAGE;
	if (ctl_open(ctl, needs, &session) != CTL_OK)
		return CTL_FAILED;
	code = ctl_answer(&session.context,
	    people_list(&session.context, &query, &page), "such page");
	ctl_close(&session);
	if (code != CTL_OK)
		return code;
	return ctl->is_json ? print_for_scripts(ctl, &page)
	                    : print_for_people(ctl, &page);
}

static int
print_user(struct ctl_session *session, struct user *user, void *ctl_v)
{
	struct ctl *ctl = ctl_v;
	struct buf text = BUF_IN(ctl->arena);
	struct jsonw w = JSONW_INTO(&text);
	struct table table;

	(void)session;
	if (ctl->is_json) {
		view_user(&w, NULL, user);
		buf_add_byte(&text, '\n');
		return ctl_print(&text);
	}
	table_pairs(&table, ctl->arena);
	table_text(&table, STR("id"));
	table_uuid(&table, &user->id);
	table_text(&table, STR("e-mail"));
	table_text(&table, user->email);
	table_text(&table, STR("user name"));
	table_text(&table, user->username);
	table_text(&table, STR("first name"));
	table_text(&table, user->first_name);
	table_text(&table, STR("last name"));
	table_text(&table, user->last_name);
	table_text(&table, STR("phone number"));
	table_text(&table, user->phone_number);
	table_text(&table, STR("age"));
	table_opt_int(&table, user->age);
	table_text(&table, STR("roles"));
	table_text(&table, user->roles);
	table_text(&table, STR("status"));
	table_text(&table,
	    user->status == USER_ACTIVE ? STR("active") : STR("disabled"));
	table_text(&table, STR("created"));
	table_time(&table, user->created_ms);
	table_text(&table, STR("last login"));
	table_opt_time(&table, user->last_login_ms);
	return table_print(&table);
}

int
ctl_user_show(struct ctl *ctl)
{
	const struct who_work work = { NULL, print_user, ctl };
	const char *who;

	return who_read(ctl, &who) < 0 ? CTL_USAGE : who_do(ctl, who, &work);
}
