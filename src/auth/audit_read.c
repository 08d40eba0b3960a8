/* Reading the audit trail. */
#include "auth/audit_read.h"

/* What was told already, and as many again. */
enum { READ_MOST = 2 * AUDIT_TAIL_WINDOW };

static void
opt_id(struct jsonw *w, const char *name, const struct opt_uuid *id)
{
	if (id->is_set)
		jsonw_uuid(w, name, &id->value);
	else
		jsonw_null(w, name);
}

void
audit_view(struct jsonw *w, const char *name, const struct audit_record *record)
{
	jsonw_object(w, name);
	jsonw_int(w, "id", record->id);
	jsonw_time(w, "at", record->at_ms / 1000);
	jsonw_str(w, "event", record->event);
	opt_id(w, "actorId", &record->actor_id);
	opt_id(w, "userId", &record->user_id);
	opt_id(w, "sessionId", &record->session_id);
	jsonw_str(w, "ip", record->ip);
	jsonw_str(w, "userAgent", record->user_agent);
	jsonw_str(w, "requestId", record->request_id);
	jsonw_str(w, "detail", record->detail);
	jsonw_object_end(w);
}

enum api_error
audit_read(struct context *context, const struct audit_filter *filter,
    const struct audit_listing *listing)
{
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	int rc;

	if (conn == NULL)
		return API_UNAVAILABLE;
	rc = audit_each(conn, context->arena, filter, listing);
	db_release(db, &conn);
	return rc < 0 ? API_UNAVAILABLE : API_OK;
}

/* One pass of a tail over the rows above its low mark. */
struct pass {
	struct audit_tail *tail;
	/* Older ones are taken for told. */
	int64_t from;
	const struct audit_listing *listing;
};

static int
keep_least(const struct audit_record *record, void *pass_v)
{
	struct pass *pass = pass_v;

	pass->from = record->id;
	return 1;
}

/* Where the last `back` rows begin. */
static int
begin(struct context *context, struct db_conn *conn, struct pass *pass,
    int64_t back)
{
	const struct audit_filter filter = {
		.before_id = INT64_MAX,
		.most = back < AUDIT_TAIL_WINDOW ? back : AUDIT_TAIL_WINDOW,
	};
	const struct audit_listing least = { keep_least, pass };
	int64_t newest;

	if (audit_newest(conn, context->arena, &newest) < 0)
		return -1;
	/* With back == 0: what comes after the newest. */
	pass->from = newest + 1;
	if (audit_each(conn, context->arena, &filter, &least) < 0)
		return -1;
	pass->tail->low = pass->from - 1;
	if (newest - AUDIT_TAIL_WINDOW < pass->tail->low)
		pass->tail->low =
		    newest > AUDIT_TAIL_WINDOW ? newest - AUDIT_TAIL_WINDOW : 0;
	pass->tail->has_begun = true;
	return 1;
}

/* Move the low mark so that id lies in the window. */
static void
make_room(struct audit_tail *tail, int64_t id)
{
	const int64_t low = id - AUDIT_TAIL_WINDOW;

	if (low - tail->low >= AUDIT_TAIL_WINDOW)
		tail->low = low - AUDIT_TAIL_WINDOW;
	while (tail->low < low)
		tail->is_told[++tail->low % AUDIT_TAIL_WINDOW] = false;
}

static int
tell(const struct audit_record *record, void *pass_v)
{
	const struct pass *pass = pass_v;
	bool *is_told;

	make_room(pass->tail, record->id);
	is_told = &pass->tail->is_told[record->id % AUDIT_TAIL_WINDOW];
	if (*is_told)
		return 1;
	*is_told = true;
	if (record->id < pass->from)
		return 1;
	return pass->listing->each(record, pass->listing->context);
}

enum api_error
audit_follow(struct context *context, struct audit_tail *tail, int64_t back,
    const struct audit_listing *listing)
{
	struct pass pass = { .tail = tail, .listing = listing };
	const struct audit_listing rows = { tell, &pass };
	struct audit_after after = { .most = READ_MOST };
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	int rc = 1;

	if (conn == NULL)
		return API_UNAVAILABLE;
	if (!tail->has_begun)
		rc = begin(context, conn, &pass, back);
	after.id = tail->low;
	if (rc == 1)
		rc = audit_each_newer(conn, context->arena, &after, &rows);
	db_release(db, &conn);
	return rc < 0 ? API_UNAVAILABLE : API_OK;
}
