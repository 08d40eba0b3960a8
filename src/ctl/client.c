/* latchkeyctl client add|list|delete. */
#include "auth/client.h"
#include "ctl/ctl.h"
#include "ctl/table.h"

static const struct app_need *const no_needs[] = { NULL };

/* Standard output is where a secret goes, and nowhere else. */
static int
print_made(struct ctl *ctl, const char *name, const struct client_made *made)
{
	const struct str secret = { (const char *)made->secret.ptr,
		made->secret.len };
	struct buf text = BUF_IN(ctl->arena);
	struct jsonw w = JSONW_INTO(&text);
	char id[UUID_TEXT_LEN + 1];

	uuid_format(&made->id, id);
	if (!ctl->is_json) {
		buf_printf(&text, "id      %s\nsecret  %.*s\n", id,
		    STR_ARG(secret));
		return ctl_print(&text);
	}
	jsonw_object(&w, NULL);
	jsonw_str(&w, "id", str_from(id));
	jsonw_str(&w, "name", str_from(name));
	jsonw_str(&w, "secret", secret);
	jsonw_object_end(&w);
	buf_add_byte(&text, '\n');
	return ctl_print(&text);
}

static int
run_add(struct ctl *ctl)
{
	struct ctl_session session;
	struct client_made made;
	const char *name = "";
	enum api_error error;
	int rc;

	if (ctl_operand(ctl, &name) != CTL_OK)
		return CTL_USAGE;
	if (ctl_open(ctl, no_needs, &session) != CTL_OK)
		return CTL_FAILED;
	error = client_make(&session.context, str_from(name), &made);
	rc = error == API_OK ? print_made(ctl, name, &made)
	                     : ctl_answer(&session.context, error, "client");
	ctl_close(&session);
	return rc;
}

/* The rows as they come, for people or for scripts. */
struct listing {
	bool is_json;
	struct client_row row;
	struct jsonw w;
	struct table table;
};

static void
write_json(struct jsonw *w, const struct client_row *row)
{
	jsonw_object(w, NULL);
	jsonw_uuid(w, "id", &row->id);
	jsonw_str(w, "name", row->name);
	jsonw_time(w, "createdAt", row->created_ms / 1000);
	if (row->last_used_ms.is_set)
		jsonw_time(w, "lastUsedAt", row->last_used_ms.value / 1000);
	else
		jsonw_null(w, "lastUsedAt");
	jsonw_object_end(w);
}

static int
take_row(void *listing_v)
{
	struct listing *listing = listing_v;
	const struct client_row *row = &listing->row;

	if (listing->is_json) {
		write_json(&listing->w, row);
		return 1;
	}
	table_uuid(&listing->table, &row->id);
	table_time(&listing->table, row->created_ms);
	if (row->last_used_ms.is_set)
		table_time(&listing->table, row->last_used_ms.value);
	else
		table_text(&listing->table, STR("never"));
	table_text(&listing->table, row->name);
	return 1;
}

static int
print_listing(struct listing *listing, struct buf *text)
{
	if (listing->is_json) {
		jsonw_array_end(&listing->w);
		jsonw_object_end(&listing->w);
		buf_add_byte(text, '\n');
		return ctl_print(text);
	}
	return table_print(&listing->table);
}

static int
run_list(struct ctl *ctl)
{
	static const char *const heads[] = { "ID", "CREATED", "LAST USED",
		"NAME", NULL };
	struct buf text = BUF_IN(ctl->arena);
	struct listing listing = {
		.is_json = ctl->is_json,
		.w = JSONW_INTO(&text),
	};
	const struct client_listing rows = {
		.row = &listing.row,
		.each = take_row,
		.context = &listing,
	};
	struct ctl_session session;
	enum api_error error;

	if (ctl_open(ctl, no_needs, &session) != CTL_OK)
		return CTL_FAILED;
	table_begin(&listing.table, ctl->arena, heads);
	if (ctl->is_json) {
		jsonw_object(&listing.w, NULL);
		jsonw_array(&listing.w, "clients");
	}
	error = client_tell(&session.context, &rows);
	ctl_close(&session);
	return error == API_OK ? print_listing(&listing, &text)
	                       : ctl_answer(&session.context, error, "client");
}

static int
run_delete(struct ctl *ctl)
{
	struct ctl_session session;
	const char *who = "";
	int rc;

	if (ctl_operand(ctl, &who) != CTL_OK)
		return CTL_USAGE;
	if (ctl_open(ctl, no_needs, &session) != CTL_OK)
		return CTL_FAILED;
	rc = ctl_answer(&session.context,
	    client_forget(&session.context, str_from(who)),
	    "such client; see latchkeyctl client list");
	ctl_close(&session);
	return rc;
}

const struct ctl_command ctl_client_commands[] = {
	{ "client", "add", "NAME",
	    "Make a client that may ask about tokens; its secret is shown once",
	    NULL, true, run_add },
	{ "client", "list", NULL, "List the clients", NULL, true, run_list },
	{ "client", "delete", "ID|NAME", "Refuse a client from now on", NULL,
	    false, run_delete },
	{ .noun = NULL },
};
