/* What a task and a list of tasks are asked for by. */
#include "auth/tasks.h"
#include "base/clock.h"
#include "cgi-bin/tasks_internal.h"
#include "web/endpoint.h"

#define AT(member) offsetof(struct task_wish, member)
#define ASKED(member) offsetof(struct tasks_query, member)

#define TITLE(is_required) \
	{ \
		"title", FIELD_TEXT, AT(title), is_required, 1, \
		    LIMIT_TASK_TITLE, task_is_title, "title_invalid", \
		    "Use one line that is not empty" \
	}
#define NOTES \
	{ \
		"notes", FIELD_CHANGE_TEXT, AT(notes), false, 0, \
		    LIMIT_TASK_NOTES, NULL, NULL, NULL \
	}
#define DUE \
	{ \
		"due", FIELD_CHANGE_TEXT, AT(due), false, 1, CLOCK_PARSED_LEN, \
		    clock_is_time, "due_invalid", \
		    "Use a time such as 2026-11-22T10:00:00Z" \
	}
#define DONE \
	{ \
		"done", FIELD_OPT_BOOL, AT(is_done), false, 0, 0, NULL, NULL, \
		    NULL \
	}

const struct field tasks_whole[] = { TITLE(true), NOTES, DUE, DONE,
	{ .name = NULL } };
const struct field tasks_parts[] = { TITLE(false), NOTES, DUE, DONE,
	{ .name = NULL } };

const struct field tasks_query[] = {
	{ "done", FIELD_OPT_BOOL, ASKED(is_done), false, 0, 0, NULL, NULL,
	    NULL },
	{ "limit", FIELD_INT, ASKED(page.limit), false, 1, LIMIT_PAGE, NULL,
	    NULL, NULL },
	{ "cursor", FIELD_TEXT, ASKED(page.cursor), false, 1, LIMIT_CURSOR,
	    NULL, NULL, NULL },
	{ .name = NULL },
};
