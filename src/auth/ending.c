/* The end of sessions, and of the access tokens minted for them. */
#include "auth/ending.h"

#include "base/epoch.h"
#include "model/revocation.h"

struct ending_work {
	struct context *context;
	const struct session_ending *ending;
};

static int
end_one(struct db_conn *conn, void *work_v)
{
	const struct ending_work *work = work_v;
	struct context *context = work->context;
	const int rc = session_finish(conn, context->arena, work->ending);

	if (rc != 1)
		return rc;
	return revocation_add_session(conn, context->arena, work->ending->id,
	    app_access_life_ms(context->app->config));
}

/* The user's version rises, which is what kills all the access tokens. */
static int
end_all(struct db_conn *conn, void *work_v)
{
	const struct ending_work *work = work_v;
	struct context *context = work->context;
	struct arena *arena = context->arena;
	const struct uuid *user_id = work->ending->id;

	if (user_raise_version(conn, arena, user_id) < 0 ||
	    session_finish_all(conn, arena, work->ending) < 0)
		return -1;
	return revocation_add_user(conn, arena, user_id,
	    app_access_life_ms(context->app->config));
}

int
ending_of_session(struct context *context, struct db_conn *conn,
    const struct session_ending *ending)
{
	struct ending_work work = { context, ending };
	const int rc = db_transaction(conn, end_one, &work);

	/* Also after -1: a COMMIT without an answer may have happened. */
	if (rc != 0)
		epoch_bump();
	return rc;
}

static enum api_error
run(struct context *context, const struct session_ending *ending,
    int (*body)(struct db_conn *conn, void *work))
{
	struct ending_work work = { context, ending };
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	int rc;

	if (conn == NULL)
		return API_UNAVAILABLE;
	rc = db_transaction(conn, body, &work);
	db_release(db, &conn);
	if (rc != 0)
		epoch_bump();
	return rc < 0 ? API_UNAVAILABLE : API_OK;
}

enum api_error
ending_session(struct context *context, const struct uuid *session_id)
{
	const struct session_ending ending = {
		.id = session_id,
		.reason = SESSION_END_LOGOUT,
		.ip = context->ip,
	};

	return run(context, &ending, end_one);
}

enum api_error
ending_everywhere(struct context *context, const struct uuid *user_id)
{
	const struct session_ending ending = {
		.id = user_id,
		.reason = SESSION_END_LOGOUT,
		.ip = context->ip,
	};

	return run(context, &ending, end_all);
}
