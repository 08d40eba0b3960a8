/* The end of sessions, and of the access tokens minted for them. */
#include "auth/ending.h"

#include "base/epoch.h"
#include "model/revocation.h"
#include "model/user.h"

struct ending_work {
	struct context *context;
	const struct ending *ending;
};

static int
note(struct context *context, struct db_conn *conn, const struct ending *ending)
{
	const struct audit_note row = {
		.event = ending->event,
		.actor_id = ending->actor_id,
		.user_id = ending->user_id,
		.session_id = ending->id,
		.detail = ending->detail,
	};

	return audit_write(context, conn, &row);
}

int
ending_within(struct context *context, struct db_conn *conn,
    const struct ending *ending)
{
	const int64_t life_ms = app_access_life_ms(context->app->config);
	const struct session_ending row = {
		.id = ending->id,
		.reason = ending->reason,
		.ip = context->ip,
	};
	const int rc = session_finish(conn, context->arena, &row);

	if (rc != 1)
		return rc;
	if (revocation_add_session(conn, context->arena, ending->id, life_ms) <
	    0)
		return -1;
	return note(context, conn, ending);
}

static int
revoke_user(struct context *context, struct db_conn *conn,
    const struct ending *ending)
{
	const int64_t life_ms = app_access_life_ms(context->app->config);

	if (revocation_add_user(conn, context->arena, ending->user_id,
	        life_ms) < 0)
		return -1;
	return note(context, conn, ending);
}

int
ending_tokens_within(struct context *context, struct db_conn *conn,
    const struct ending *ending)
{
	if (user_raise_version(conn, context->arena, ending->user_id) < 0)
		return -1;
	return revoke_user(context, conn, ending);
}

int
ending_all_within(struct context *context, struct db_conn *conn,
    const struct ending *ending)
{
	struct arena *arena = context->arena;
	const struct session_ending row = {
		.id = ending->user_id,
		.reason = ending->reason,
		.ip = context->ip,
	};

	/* The user's row first: logins then can't slip in between. */
	if (user_raise_version(conn, arena, ending->user_id) < 0 ||
	    session_finish_all(conn, arena, &row, NULL) < 0)
		return -1;
	return revoke_user(context, conn, ending);
}

static int
others_within(struct context *context, struct db_conn *conn,
    const struct ending *ending)
{
	const int64_t life_ms = app_access_life_ms(context->app->config);
	struct arena *arena = context->arena;
	const struct session_ending row = {
		.id = ending->user_id,
		.reason = ending->reason,
		.ip = context->ip,
	};
	int64_t status;
	int64_t version;
	int rc;

	/* The user's row first: logins then can't slip in between. */
	if (user_lock(conn, arena, ending->user_id, &status, &version) != 1 ||
	    revocation_add_others(conn, arena, ending->user_id, ending->id,
	        life_ms) < 0)
		return -1;
	rc = session_finish_all(conn, arena, &row, ending->id);
	return rc == 1 ? note(context, conn, ending) : rc;
}

static int
one_body(struct db_conn *conn, void *work_v)
{
	const struct ending_work *work = work_v;

	return ending_within(work->context, conn, work->ending);
}

static int
all_body(struct db_conn *conn, void *work_v)
{
	const struct ending_work *work = work_v;

	return ending_all_within(work->context, conn, work->ending);
}

static int
others_body(struct db_conn *conn, void *work_v)
{
	const struct ending_work *work = work_v;

	return others_within(work->context, conn, work->ending);
}

/* Also where a COMMIT had no answer: it may have happened. */
static void
tell_host(int rc)
{
	if (rc == 1 || rc == DB_UNCERTAIN)
		epoch_bump();
}

int
ending_transaction(struct context *context,
    int (*body)(struct db_conn *conn, void *work), void *work)
{
	const int rc = app_transaction(context, body, work);

	tell_host(rc);
	return rc;
}

int
ending_on(struct context *context, struct db_conn *conn,
    const struct ending *ending)
{
	struct ending_work work = { context, ending };
	const int rc = db_transaction(conn, one_body, &work);

	tell_host(rc);
	return rc;
}

static enum api_error
run(struct context *context, const struct ending *ending,
    int (*body)(struct db_conn *conn, void *work))
{
	struct ending_work work = { context, ending };

	return ending_transaction(context, body, &work) < 0 ? API_UNAVAILABLE
	                                                    : API_OK;
}

enum api_error
ending_one(struct context *context, const struct ending *ending)
{
	return run(context, ending, one_body);
}

enum api_error
ending_all(struct context *context, const struct ending *ending)
{
	return run(context, ending, all_body);
}

enum api_error
ending_others(struct context *context, const struct ending *ending)
{
	return run(context, ending, others_body);
}
