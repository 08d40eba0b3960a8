/* latchkeyctl role list|add|delete. */
#include "auth/roles.h"
#include "ctl/ctl.h"
#include "ctl/table.h"

static const struct app_need *const no_needs[] = { NULL };

/* The rows as they come, for people or for scripts. */
struct listing {
	bool is_json;
	struct role row;
	struct jsonw w;
	struct table table;
};

static int
take_row(void *listing_v)
{
	struct listing *listing = listing_v;
	const struct role *row = &listing->row;

	if (listing->is_json) {
		roles_view(&listing->w, NULL, row);
		return 1;
	}
	table_text(&listing->table, row->name);
	table_text(&listing->table,
	    row->is_builtin != 0 ? STR("yes") : STR("no"));
	table_text(&listing->table, row->description);
	return 1;
}

static int
run_list(struct ctl *ctl)
{
	static const char *const heads[] = { "NAME", "BUILT IN", "DESCRIPTION",
		NULL };
	struct buf text = BUF_IN(ctl->arena);
	struct listing listing = {
		.is_json = ctl->is_json,
		.w = JSONW_INTO(&text),
	};
	const struct role_listing rows = {
		.row = &listing.row,
		.each = take_row,
		.context = &listing,
	};
	struct ctl_session session;
	int code;

	if (ctl_open(ctl, no_needs, &session) != CTL_OK)
		return CTL_FAILED;
	table_begin(&listing.table, ctl->arena, heads);
	jsonw_object(&listing.w, NULL);
	jsonw_array(&listing.w, "roles");
	code = ctl_answer(&session.context, roles_list(&session.context, &rows),
	    "role");
	ctl_close(&session);
	if (code != CTL_OK)
		return code;
	if (!ctl->is_json)
		return table_print(&listing.table);
	jsonw_array_end(&listing.w);
	jsonw_object_end(&listing.w);
	buf_add_byte(&text, '\n');
	return ctl_print(&text);
}

enum { ADD_DESCRIPTION };

static const struct ctl_option add_options[] = {
	[ADD_DESCRIPTION] = { "--description", "TEXT", "What it is for" },
	{ .name = NULL },
};

static int
read_wish(struct ctl *ctl, struct role_wish *wish)
{
	const char *value = "";
	int found;

	while ((found = ctl_next(ctl, &value)) >= 0 || found == CTL_OPERAND) {
		if (found == ADD_DESCRIPTION)
			wish->description = str_from(value);
		else
			wish->name = str_from(value);
	}
	if (found != CTL_END)
		return -1;
	if (roles_is_name(wish->name))
		return 1;
	(void)ctl_misuse(
	    "which role? a name has A-Z, 0-9, _ and -, a letter first");
	return -1;
}

static int
run_add(struct ctl *ctl)
{
	struct role_wish wish = { .name = STR_NONE };
	struct ctl_session session;
	struct role role;
	int code;

	if (read_wish(ctl, &wish) < 0)
		return CTL_USAGE;
	if (ctl_open(ctl, no_needs, &session) != CTL_OK)
		return CTL_FAILED;
	code = ctl_answer(&session.context,
	    roles_add(&session.context, NULL, &wish, &role), "such role");
	ctl_close(&session);
	return code;
}

static int
run_delete(struct ctl *ctl)
{
	struct ctl_session session;
	const char *name = "";
	int code;

	if (ctl_operand(ctl, &name) != CTL_OK)
		return CTL_USAGE;
	if (ctl_open(ctl, no_needs, &session) != CTL_OK)
		return CTL_FAILED;
	code = ctl_answer(&session.context,
	    roles_delete(&session.context, NULL, str_from(name)),
	    "such role; see latchkeyctl role list");
	ctl_close(&session);
	return code;
}

const struct ctl_command ctl_role_commands[] = {
	{ "role", "list", NULL, "List the roles", NULL, true, run_list },
	{ "role", "add", "NAME", "Make a role", add_options, false, run_add },
	{ "role", "delete", "NAME", "Delete a role that nobody has", NULL,
	    false, run_delete },
	{ .noun = NULL },
};
