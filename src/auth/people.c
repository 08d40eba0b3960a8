/* What administrators do to accounts. */
#include "auth/people_internal.h"
#include "auth/policy.h"
#include "base/clock.h"

/*
 * The guard asked before this transaction; an administrator who lost the role
 * in between must not give it back to himself.  Whoever changes his own
 * account needs no role, but it must still be alive.
 */
static int
check_admins(struct db_conn *conn, struct people_work *work, bool removes_admin)
{
	const struct people_order *order = work->order;
	const bool by_admin = order->actor_id != NULL && !order->is_own;
	struct admin_census census = {
		.id = &order->user_id,
		.actor_id = order->actor_id,
	};

	if (!by_admin && !removes_admin)
		return 1;
	if (user_lock_admins(conn, work->context->arena, &census) < 0)
		return -1;
	if (by_admin && !census.is_actor_admin) {
		work->refusal = API_FORBIDDEN;
		return 0;
	}
	work->refusal = API_LAST_ADMIN;
	return !removes_admin || !census.is_admin || census.others > 0;
}

int
people_read_row(struct db_conn *conn, struct people_work *work)
{
	struct arena *arena = work->context->arena;
	const struct uuid *id = &work->order->user_id;
	int64_t status;
	int64_t version;
	int rc = user_lock(conn, arena, id, &status, &version);

	if (rc == 1)
		rc = user_find(conn, arena, id, &work->user);
	if (rc == 0)
		work->refusal = API_NOT_FOUND;
	return rc;
}

int
people_begin(struct db_conn *conn, struct people_work *work, bool removes_admin)
{
	int rc = check_admins(conn, work, removes_admin);

	if (rc == 1)
		rc = people_read_row(conn, work);
	if (rc != 1 || !work->order->is_own || work->user.status == USER_ACTIVE)
		return rc;
	work->refusal = API_INVALID_TOKEN;
	return 0;
}

static struct ending
ending_of(const struct people_work *work, enum session_end reason,
    enum audit_event event)
{
	return (struct ending){
		.user_id = &work->order->user_id,
		.actor_id = work->order->actor_id,
		.reason = reason,
		.event = event,
	};
}

int
people_put_status(struct db_conn *conn, struct people_work *work,
    enum user_status status)
{
	struct context *context = work->context;
	const bool is_active = status == USER_ACTIVE;
	const struct ending ending = ending_of(work, SESSION_END_DISABLED,
	    is_active ? AUDIT_USER_ENABLED : AUDIT_USER_DISABLED);

	if (work->user.status == (int64_t)status)
		return 1;
	if (user_set_status(conn, context->arena, ending.user_id, status) < 0)
		return -1;
	/* Also for the better: a token of before must not come back to life. */
	return ending_all_within(context, conn, &ending);
}

int
people_erase(struct db_conn *conn, struct people_work *work)
{
	struct context *context = work->context;
	const struct ending ending =
	    ending_of(work, SESSION_END_DISABLED, AUDIT_USER_DELETED);

	int rc;

	/* This may be a second try of a transaction. */
	work->reached = work->forgotten;
	rc = audit_forget_part(conn, context->arena, ending.user_id,
	    &work->reached);
	work->is_unfinished = rc == 0;
	if (rc != 1)
		return rc == 0 ? 1 : rc;
	/* Revocation needs the version in the row. */
	if (ending_all_within(context, conn, &ending) < 0)
		return -1;
	return user_delete(conn, context->arena, ending.user_id,
	    &work->reached);
}

enum api_error
people_run(struct people_work *work,
    int (*body)(struct db_conn *conn, void *work), void *body_work)
{
	struct context *context = work->context;
	int rc;

	do {
		rc = ending_transaction(context, body, body_work);
		work->forgotten = work->reached;
	} while (rc == 1 && work->is_unfinished &&
	    clock_mono_ms() < context->deadline_ms);
	/* What is done by then is done: the next order goes on from there. */
	if (rc < 0 || (rc == 1 && work->is_unfinished))
		return API_UNAVAILABLE;
	return rc == 1 ? API_OK : work->refusal;
}

struct act_work {
	struct people_work work;
	enum people_action action;
};

static int
act(struct db_conn *conn, struct act_work *act_work)
{
	struct people_work *work = &act_work->work;
	const struct ending ending =
	    ending_of(work, SESSION_END_CLOSED, AUDIT_SESSIONS_ENDED);

	switch (act_work->action) {
	case PEOPLE_DISABLE:
		return people_put_status(conn, work, USER_DISABLED);
	case PEOPLE_ENABLE:
		return people_put_status(conn, work, USER_ACTIVE);
	case PEOPLE_DELETE:
		return people_erase(conn, work);
	case PEOPLE_END_SESSIONS:
		break;
	}
	return ending_all_within(work->context, conn, &ending);
}

static int
act_in_transaction(struct db_conn *conn, void *act_work_v)
{
	struct act_work *act_work = act_work_v;
	struct people_work *work = &act_work->work;
	const enum people_action action = act_work->action;
	const int rc = people_begin(conn, work,
	    action == PEOPLE_DISABLE || action == PEOPLE_DELETE);

	return rc == 1 ? act(conn, act_work) : rc;
}

enum api_error
people_act(struct context *context, const struct people_order *order,
    enum people_action action)
{
	struct act_work act_work = {
		.work = { .context = context, .order = order },
		.action = action,
	};

	return people_run(&act_work.work, act_in_transaction, &act_work);
}

static int
find(struct context *context, struct db_conn *conn, struct str who,
    struct user *user_r)
{
	struct arena *arena = context->arena;
	struct user_login found = { .password_hash = STR_NONE };
	const struct str key = policy_canonical(arena, who);
	struct uuid id;
	int rc;

	if (uuid_parse(who, &id) == 1)
		return user_find(conn, arena, &id, user_r);
	if (key.ptr == NULL)
		return -1;
	rc = str_has_byte(key, '@')
	    ? user_find_login_by_email(conn, arena, key, &found)
	    : user_find_login_by_username(conn, arena, key, &found);
	if (rc == 1)
		*user_r = found.user;
	return rc;
}

enum api_error
people_find(struct context *context, struct str who, struct user *user_r)
{
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	int rc;

	if (conn == NULL)
		return API_UNAVAILABLE;
	rc = find(context, conn, who, user_r);
	db_release(db, &conn);
	if (rc < 0)
		return API_UNAVAILABLE;
	return rc == 1 ? API_OK : API_NOT_FOUND;
}

enum api_error
people_read(struct context *context, struct str id, struct user *user_r)
{
	struct uuid uuid;

	return uuid_parse(id, &uuid) == 1 ? people_find(context, id, user_r)
	                                  : API_NOT_FOUND;
}
