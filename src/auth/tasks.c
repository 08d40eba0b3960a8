/* Tasks of whoever asks. */
#include "auth/tasks.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "model/user.h"

bool
task_is_title(struct str text)
{
	return utf8_is_line(text) && str_trim(text).len > 0;
}

void
task_view(struct jsonw *w, const char *name, const struct task *task)
{
	jsonw_object(w, name);
	jsonw_uuid(w, "id", &task->id);
	jsonw_str(w, "title", task->title);
	jsonw_str(w, "notes", task->notes);
	if (task->due_ms.is_set)
		jsonw_time_ms(w, "due", task->due_ms.value);
	else
		jsonw_null(w, "due");
	jsonw_bool(w, "done", task->is_done != 0);
	jsonw_time(w, "createdAt", task->created_ms / 1000);
	jsonw_time(w, "updatedAt", task->updated_ms / 1000);
	jsonw_object_end(w);
}

struct listing {
	struct page page;
	struct task row;
};

static int
write_row(void *listing_v)
{
	struct listing *listing = listing_v;
	const struct task *row = &listing->row;
	const struct str key = { (const char *)row->id.bytes, UUID_SIZE };

	if (!page_takes(&listing->page, key))
		return 0;
	task_view(listing->page.w, NULL, row);
	return 1;
}

enum api_error
tasks_list(struct context *context, const struct uuid *owner_id,
    const struct tasks_query *query, struct jsonw *w)
{
	struct listing listing = {
		.page = { .context = context, .w = w, .kind = CURSOR_TASKS },
	};
	struct task_filter filter = {
		.owner_id = owner_id,
		.is_done = query->is_done,
	};
	const struct task_listing rows = { &listing.row, write_row, &listing };
	struct db *db = context->app->db;
	const enum api_error error =
	    page_begin(&listing.page, &query->page, UUID_SIZE, UUID_SIZE);
	struct db_conn *conn;
	int rc;

	if (error != API_OK)
		return error;
	conn = db_acquire(db, context->deadline_ms);
	if (conn == NULL)
		return API_UNAVAILABLE;
	filter.before = listing.page.after;
	filter.most = listing.page.most;
	page_open(&listing.page, "tasks");
	rc = task_each(conn, context->arena, &filter, &rows);
	db_release(db, &conn);
	return rc < 0 ? API_UNAVAILABLE : page_end(&listing.page);
}

struct work {
	struct context *context;
	const struct uuid *owner_id;
	struct uuid id;
	struct task task;
	struct task_change change;
	enum api_error refusal;
};

static enum api_error
outcome(const struct work *work, int rc)
{
	if (rc < 0)
		return API_UNAVAILABLE;
	return rc == 1 ? API_OK : work->refusal;
}

static enum api_error
run(struct work *work, int (*body)(struct db_conn *conn, void *work))
{
	return outcome(work, app_transaction(work->context, body, work));
}

/* For a single statement, which is a transaction by itself. */
static enum api_error
run_alone(struct work *work, int (*body)(struct db_conn *conn, void *work))
{
	const struct context *context = work->context;
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	int rc;

	if (conn == NULL)
		return API_UNAVAILABLE;
	rc = body(conn, work);
	db_release(db, &conn);
	return outcome(work, rc);
}

/* The owner's row is locked, so that nobody counts while another adds. */
static int
add_in_transaction(struct db_conn *conn, void *work_v)
{
	struct work *work = work_v;
	struct arena *arena = work->context->arena;
	int64_t status;
	int64_t version;
	int64_t count;
	const int rc =
	    user_lock(conn, arena, work->owner_id, &status, &version);

	/* The account has just been deleted, and the token with it. */
	work->refusal = API_INVALID_TOKEN;
	if (rc != 1)
		return rc;
	if (task_count(conn, arena, work->owner_id, &count) < 0)
		return -1;
	work->refusal = API_TASK_LIMIT;
	if (count >= LIMIT_TASKS)
		return 0;
	return task_insert(conn, arena, work->owner_id, &work->task);
}

static struct opt_int
due_of(const struct task_wish *wish)
{
	struct opt_int due = { .is_set = false };

	if (wish->due.text.ptr != NULL)
		due.is_set = clock_parse(wish->due.text, &due.value) == 1;
	return due;
}

enum api_error
tasks_add(struct context *context, const struct uuid *owner_id,
    const struct task_wish *wish, struct task *task_r)
{
	const int64_t now_ms = context->now.unix_ms;
	struct work work = {
		.context = context,
		.owner_id = owner_id,
		.task = {
			.title = wish->title,
			.notes = wish->notes.text,
			.due_ms = due_of(wish),
			.is_done = wish->is_done.value,
			.created_ms = now_ms,
			.updated_ms = now_ms,
		},
	};
	enum api_error error;

	if (uuid_new(now_ms, &work.task.id) < 0)
		return API_UNAVAILABLE;
	error = run(&work, add_in_transaction);
	if (error == API_OK)
		*task_r = work.task;
	return error;
}

static int
find(struct db_conn *conn, void *work_v)
{
	struct work *work = work_v;
	const struct task_key key = { work->owner_id, &work->id };

	return task_find(conn, work->context->arena, &key, &work->task);
}

static int
change_in_transaction(struct db_conn *conn, void *work_v)
{
	const struct work *work = work_v;
	const struct task_key key = { work->owner_id, &work->id };

	if (task_update(conn, work->context->arena, &key, &work->change) < 0)
		return -1;
	return find(conn, work_v);
}

static int delete (struct db_conn *conn, void *work_v)
{
	const struct work *work = work_v;
	const struct task_key key = { work->owner_id, &work->id };

	return task_delete(conn, work->context->arena, &key);
}

/* Returns false where the path holds no id. */
static bool
begin(struct context *context, const struct task_ref *ref, struct work *work)
{
	*work = (struct work){
		.context = context,
		.owner_id = ref->owner_id,
		.refusal = API_NOT_FOUND,
	};
	return uuid_parse(ref->id, &work->id) == 1;
}

static enum api_error
show(const struct work *work, enum api_error error, struct jsonw *w)
{
	if (error == API_OK)
		task_view(w, NULL, &work->task);
	return error;
}

enum api_error
tasks_read(struct context *context, const struct task_ref *ref, struct jsonw *w)
{
	struct work work;

	if (!begin(context, ref, &work))
		return API_NOT_FOUND;
	return show(&work, run_alone(&work, find), w);
}

enum api_error
tasks_change(struct context *context, const struct task_ref *ref,
    const struct task_wish *wish, struct jsonw *w)
{
	struct work work;

	if (!begin(context, ref, &work))
		return API_NOT_FOUND;
	work.change = (struct task_change){
		.title = wish->title,
		.notes = wish->notes,
		.due_ms = { wish->due.is_given, due_of(wish) },
		.is_done = wish->is_done,
		.updated_ms = context->now.unix_ms,
	};
	return show(&work, run(&work, change_in_transaction), w);
}

enum api_error
tasks_replace(struct context *context, const struct task_ref *ref,
    const struct task_wish *wish, struct jsonw *w)
{
	struct task_wish whole = *wish;

	whole.notes.is_given = true;
	whole.due.is_given = true;
	whole.is_done.is_set = true;
	return tasks_change(context, ref, &whole, w);
}

enum api_error
tasks_delete(struct context *context, const struct task_ref *ref)
{
	struct work work;

	if (!begin(context, ref, &work))
		return API_NOT_FOUND;
	return run_alone(&work, delete);
}
