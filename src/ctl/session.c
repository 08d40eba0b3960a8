/* latchkeyctl session list|end. */
#include "model/session.h"
#include "auth/people.h"
#include "auth/sessions.h"
#include "ctl/ctl.h"
#include "ctl/table.h"
#include "ctl/who.h"

static const struct app_need *const no_needs[] = { NULL };

struct listing {
	struct session_row row;
	struct table table;
};

static int
take_row(void *listing_v)
{
	struct listing *listing = listing_v;
	const struct session_row *row = &listing->row;
	struct table *table = &listing->table;

	table_uuid(table, &row->id);
	table_time(table, row->created_ms);
	table_time(table, row->used_ms);
	table_text(table, row->last_ip);
	table_text(table, row->user_agent);
	return 1;
}

static int
list_for_people(struct ctl_session *session, const struct user *user)
{
	static const char *const heads[] = { "ID", "CREATED", "LAST USED",
		"FROM", "USER AGENT", NULL };
	struct context *context = &session->context;
	struct listing listing;
	const struct session_listing rows = {
		.row = &listing.row,
		.each = take_row,
		.context = &listing,
	};
	struct db *db = session->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	int rc = -1;

	table_begin(&listing.table, context->arena, heads);
	if (conn != NULL) {
		rc = session_each(conn, context->arena, &user->id, &rows);
		db_release(db, &conn);
	}
	return rc < 0 ? ctl_answer(context, API_UNAVAILABLE, "session")
	              : table_print(&listing.table);
}

static int
list_for_scripts(struct ctl_session *session, const struct user *user)
{
	/* Of no session: none of them is the caller's. */
	const struct identity nobody = { .user_id = user->id };
	struct buf text = BUF_IN(session->context.arena);
	struct jsonw w = JSONW_INTO(&text);
	const int code = ctl_answer(&session->context,
	    sessions_write(&session->context, &nobody, &w), "session");

	buf_add_byte(&text, '\n');
	return code == CTL_OK ? ctl_print(&text) : code;
}

static int
list(struct ctl_session *session, struct user *user, void *ctl_v)
{
	const struct ctl *ctl = ctl_v;

	return ctl->is_json ? list_for_scripts(session, user)
	                    : list_for_people(session, user);
}

static int
run_list(struct ctl *ctl)
{
	const struct who_work work = { NULL, list, ctl };
	const char *who;

	return who_read(ctl, &who) < 0 ? CTL_USAGE : who_do(ctl, who, &work);
}

enum { END_ALL_OF };

static const struct ctl_option end_options[] = {
	[END_ALL_OF] = { "--all-of", "USER",
	    "All sessions of a user, instead of one by its id" },
	{ .name = NULL },
};

struct wish {
	const char *id;
	const char *who;
};

static int
read_wish(struct ctl *ctl, struct wish *wish)
{
	const char *value = "";
	int found;

	while ((found = ctl_next(ctl, &value)) >= 0 || found == CTL_OPERAND) {
		if (found == END_ALL_OF)
			wish->who = value;
		else
			wish->id = value;
	}
	if (found != CTL_END)
		return -1;
	if ((wish->id == NULL) != (wish->who == NULL))
		return 1;
	(void)ctl_misuse("which session? give its id, or --all-of USER");
	return -1;
}

static int
end_all_of(struct ctl_session *session, struct user *user, void *wish)
{
	const struct people_order order = { .user_id = user->id };

	(void)wish;
	return ctl_answer(&session->context,
	    people_act(&session->context, &order, PEOPLE_END_SESSIONS),
	    "such user");
}

static int
end_one(struct ctl *ctl, const char *id)
{
	struct ctl_session session;
	int code;

	if (ctl_open(ctl, no_needs, &session) != CTL_OK)
		return CTL_FAILED;
	code = ctl_answer(&session.context,
	    sessions_end(&session.context, str_from(id)),
	    "such living session; see latchkeyctl session list");
	ctl_close(&session);
	return code;
}

static int
run_end(struct ctl *ctl)
{
	const struct who_work work = { NULL, end_all_of, NULL };
	struct wish wish = { .id = NULL };

	if (read_wish(ctl, &wish) < 0)
		return CTL_USAGE;
	return wish.who != NULL ? who_do(ctl, wish.who, &work)
	                        : end_one(ctl, wish.id);
}

const struct ctl_command ctl_session_commands[] = {
	{ "session", "list", WHO_OPERAND, "List the living sessions of a user",
	    who_options, true, run_list },
	{ "session", "end", "ID", "End a session, whosever it is", end_options,
	    false, run_end },
	{ .noun = NULL },
};
