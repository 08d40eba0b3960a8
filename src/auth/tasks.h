/* Tasks of whoever asks: the owner is the token's subject, nobody else. */
#ifndef LATCHKEY_AUTH_TASKS_H
#define LATCHKEY_AUTH_TASKS_H

#include "auth/app.h"
#include "auth/page.h"
#include "base/attrs.h"
#include "base/jsonw.h"
#include "base/opt.h"
#include "model/task.h"

/* As typed and checked for form. */
struct task_wish {
	struct str title;
	struct change_text notes;
	/* RFC 3339. */
	struct change_text due;
	struct opt_bool is_done;
};

struct tasks_query {
	struct page_wish page;
	struct opt_bool is_done;
};

/* A task by the id in a path, which may be none. */
struct task_ref {
	const struct uuid *owner_id;
	struct str id;
};

/* One line that holds more than spaces. */
MUST_CHECK bool task_is_title(struct str text);

/* name is NULL where it is the whole answer or stands in an array. */
void task_view(struct jsonw *w, const char *name, const struct task *task);

/*
 * Write {"tasks":[...],"nextCursor":...}, newest first.
 * Returns API_OK, API_VALIDATION_FAILED (the cursor) or API_UNAVAILABLE.
 */
MUST_CHECK NONNULL enum api_error
tasks_list(struct context *context, const struct uuid *owner_id,
    const struct tasks_query *query, struct jsonw *w);

/* Returns API_OK, API_TASK_LIMIT, API_UNAVAILABLE. */
MUST_CHECK NONNULL enum api_error
tasks_add(struct context *context, const struct uuid *owner_id,
    const struct task_wish *wish, struct task *task_r);

/*
 * Write the task as it then is.  Also return API_NOT_FOUND: for no such task,
 * another's, and what is no id at all.
 */
MUST_CHECK NONNULL enum api_error tasks_read(struct context *context,
    const struct task_ref *ref, struct jsonw *w);
/* All of it: what was not given is cleared. */
MUST_CHECK NONNULL enum api_error tasks_replace(struct context *context,
    const struct task_ref *ref, const struct task_wish *wish, struct jsonw *w);
/* What was not given stays. */
MUST_CHECK NONNULL enum api_error tasks_change(struct context *context,
    const struct task_ref *ref, const struct task_wish *wish, struct jsonw *w);
MUST_CHECK NONNULL enum api_error
tasks_delete(struct context *context, const struct task_ref *ref);

#endif
