/* latchkeyctl audit tail: what happened, and what happens. */
#include "auth/audit_read.h"
#include "base/clock.h"
#include "ctl/ctl.h"
#include "ctl/table.h"
#include "ctl/who.h"

#include <time.h>

enum {
	LINES_USUAL = 20,
	DEADLINE_MS = 10000,
	/* How long somebody who follows waits for news. */
	PAUSE_S = 1,
};

enum tail_option {
	TAIL_LINES,
	TAIL_EVENT,
	TAIL_USER,
	TAIL_FOLLOW,
};

static const struct ctl_option tail_options[] = {
	[TAIL_LINES] = { "--lines", "N", "The last so many, 20 by default" },
	[TAIL_EVENT] = { "--event", "NAME", "Only events of this name" },
	[TAIL_USER] = { "--user", "USER", "Only what concerns this user" },
	[TAIL_FOLLOW] = { "--follow", NULL, "Go on with what is to come" },
	{ .name = NULL },
};

struct tail {
	struct ctl *ctl;
	struct ctl_session session;
	int64_t lines;
	const char *event;
	const char *who;
	struct user user;
	bool is_following;
	/* Rows of the first look, the newest first. */
	struct audit_record rows[AUDIT_TAIL_WINDOW];
	size_t count;
};

static int
read_lines(struct tail *tail, const char *text)
{
	if (str_to_int64(str_from(text), &tail->lines) == 1 &&
	    tail->lines >= 1 && tail->lines <= AUDIT_TAIL_WINDOW)
		return 1;
	(void)ctl_misuse("--lines must be 1 to %d", AUDIT_TAIL_WINDOW);
	return -1;
}

static int
take_option(struct tail *tail, enum tail_option option, const char *value)
{
	switch (option) {
	case TAIL_LINES:
		return read_lines(tail, value);
	case TAIL_EVENT:
		tail->event = value;
		break;
	case TAIL_USER:
		tail->who = value;
		break;
	case TAIL_FOLLOW:
		tail->is_following = true;
		break;
	}
	return 1;
}

static int
read_options(struct tail *tail)
{
	const char *value = "";
	int option;

	while ((option = ctl_next(tail->ctl, &value)) >= 0)
		if (take_option(tail, (enum tail_option)option, value) < 0)
			return -1;
	return option == CTL_END ? 1 : -1;
}

static bool
is_wanted(const struct tail *tail, const struct audit_record *record)
{
	if (tail->event != NULL &&
	    !str_equal(record->event, str_from(tail->event)))
		return false;
	return tail->who == NULL ||
	    (record->user_id.is_set &&
	        uuid_equal(&record->user_id.value, &tail->user.id));
}

/* One row a line, for people in columns that fit a following tail. */
static int
print(const struct tail *tail, const struct audit_record *record)
{
	struct arena *arena = tail->session.context.arena;
	struct buf text = BUF_IN(arena);
	struct jsonw w = JSONW_INTO(&text);
	struct table table;

	if (tail->ctl->is_json) {
		audit_view(&w, NULL, record);
		buf_add_byte(&text, '\n');
		return ctl_print(&text);
	}
	table_line(&table, arena);
	table_time(&table, record->at_ms);
	table_text(&table, record->event);
	table_widen(&table, sizeof "password_changed" - 1);
	if (record->user_id.is_set)
		table_uuid(&table, &record->user_id.value);
	else
		table_text(&table, STR_NONE);
	table_widen(&table, UUID_TEXT_LEN);
	table_text(&table, record->ip.len > 0 ? record->ip : STR_NONE);
	table_widen(&table, sizeof "255.255.255.255" - 1);
	table_text(&table,
	    record->detail.ptr != NULL ? record->detail : STR(""));
	return table_print(&table);
}

static int
keep(const struct audit_record *record, void *tail_v)
{
	struct tail *tail = tail_v;

	tail->rows[tail->count++] = *record;
	return 1;
}

static int
print_new(const struct audit_record *record, void *tail_v)
{
	const struct tail *tail = tail_v;

	return !is_wanted(tail, record) || print(tail, record) == CTL_OK ? 1
	                                                                 : -1;
}

static enum api_error
show_last(struct tail *tail)
{
	const struct audit_filter filter = {
		.before_id = INT64_MAX,
		.event = str_from(tail->event),
		.user_id = tail->who == NULL ? NULL : &tail->user.id,
		.most = tail->lines,
	};
	const struct audit_listing rows = { keep, tail };
	const enum api_error error =
	    audit_read(&tail->session.context, &filter, &rows);

	if (error != API_OK)
		return error;
	while (tail->count > 0)
		if (print(tail, &tail->rows[--tail->count]) != CTL_OK)
			return API_INTERNAL_ERROR;
	return API_OK;
}

/* Each look has a clock and a deadline of its own. */
static enum api_error
look(struct tail *tail, struct audit_tail *place)
{
	const struct audit_listing rows = { print_new, tail };
	struct context *context = &tail->session.context;

	context->now = clock_read();
	context->deadline_ms = context->now.mono_ms + DEADLINE_MS;
	return audit_follow(context, place, 0, &rows);
}

static enum api_error
follow(struct tail *tail, struct audit_tail *place)
{
	const struct timespec pause = { .tv_sec = PAUSE_S };
	enum api_error error = API_OK;

	while (error == API_OK) {
		nanosleep(&pause, NULL);
		arena_reset(tail->session.context.arena);
		error = look(tail, place);
	}
	return error;
}

/* Where to follow from is noted first, so that nothing slips between. */
static int
run_with(struct tail *tail)
{
	struct audit_tail place = { .low = 0 };
	enum api_error error = API_OK;

	if (tail->who != NULL) {
		const int code =
		    who_find(&tail->session, tail->who, &tail->user);

		if (code != CTL_OK)
			return code;
	}
	if (tail->is_following)
		error = look(tail, &place);
	if (error == API_OK)
		error = show_last(tail);
	if (error == API_OK && tail->is_following)
		error = follow(tail, &place);
	return ctl_answer(&tail->session.context, error, "event");
}

static int
run_tail(struct ctl *ctl)
{
	const struct app_need *const needs[] = { NULL };
	struct tail tail = { .ctl = ctl, .lines = LINES_USUAL };
	int code;

	if (read_options(&tail) < 0)
		return CTL_USAGE;
	if (ctl_open(ctl, needs, &tail.session) != CTL_OK)
		return CTL_FAILED;
	code = run_with(&tail);
	ctl_close(&tail.session);
	return code;
}

const struct ctl_command ctl_audit_commands[] = {
	{ "audit", "tail", NULL, "Print the end of the audit trail",
	    tail_options, true, run_tail },
	{ .noun = NULL },
};
