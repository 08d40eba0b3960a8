/* What an administrator does to an account. */
#include "auth/people.h"

#include "auth/ending.h"
#include "auth/policy.h"
#include "model/user.h"

struct people_work {
	struct context *context;
	enum people_action action;
	struct user user;
	enum api_error refusal;
};

static enum audit_event
event_of(enum people_action action)
{
	switch (action) {
	case PEOPLE_DISABLE:
		return AUDIT_USER_DISABLED;
	case PEOPLE_ENABLE:
		return AUDIT_USER_ENABLED;
	case PEOPLE_DELETE:
		break;
	}
	return AUDIT_USER_DELETED;
}

/* Sessions and tokens first: revocation needs the version in the row. */
static int
shut_out(struct db_conn *conn, struct people_work *work)
{
	struct context *context = work->context;
	struct arena *arena = context->arena;
	const struct uuid *id = &work->user.id;
	const struct ending ending = {
		.user_id = id,
		.reason = SESSION_END_DISABLED,
		.event = event_of(work->action),
	};

	if (ending_all_within(context, conn, &ending) < 0)
		return -1;
	return work->action == PEOPLE_DELETE
	    ? user_delete(conn, arena, id)
	    : user_set_status(conn, arena, id, USER_DISABLED);
}

static int
let_in(struct db_conn *conn, struct people_work *work)
{
	struct context *context = work->context;
	const struct uuid *id = &work->user.id;
	const struct audit_note note = {
		.event = event_of(work->action),
		.user_id = id,
	};

	if (user_set_status(conn, context->arena, id, USER_ACTIVE) < 0)
		return -1;
	return audit_write(context, conn, &note);
}

/*
 * All administrators' rows are locked, in the order of their ids, so that two
 * administrators can't remove each other at the same instant.
 */
static int
act_in_transaction(struct db_conn *conn, void *work_v)
{
	struct people_work *work = work_v;
	struct arena *arena = work->context->arena;
	int64_t others = 0;
	bool is_admin = false;

	if (work->action == PEOPLE_ENABLE)
		return let_in(conn, work);
	if (user_lock_admins(conn, arena, &work->user.id, &others, &is_admin) <
	    0)
		return -1;
	if (is_admin && others == 0) {
		work->refusal = API_LAST_ADMIN;
		return 0;
	}
	return shut_out(conn, work);
}

static int
find(struct context *context, struct str email, struct user *user_r)
{
	const struct str key = policy_canonical(context->arena, email);
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	struct user_login found;
	int rc;

	if (conn == NULL)
		return -1;
	rc = key.ptr == NULL
	    ? -1
	    : user_find_login_by_email(conn, context->arena, key, &found);
	db_release(db, &conn);
	if (rc == 1)
		*user_r = found.user;
	return rc;
}

enum api_error
people_act(struct context *context, struct str email, enum people_action action)
{
	struct people_work work = {
		.context = context,
		.action = action,
		.refusal = API_NOT_FOUND,
	};
	int rc = find(context, email, &work.user);

	if (rc == 1)
		rc = ending_transaction(context, act_in_transaction, &work);
	if (rc < 0)
		return API_UNAVAILABLE;
	return rc == 1 ? API_OK : work.refusal;
}
