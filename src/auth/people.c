/* What administrators do to accounts. */
#include "auth/people_internal.h"
#include "auth/policy.h"

int
people_spare_last_admin(struct db_conn *conn, struct people_work *work)
{
	int64_t others = 0;
	bool is_admin = false;

	if (user_lock_admins(conn, work->context->arena, &work->order->user_id,
	        &others, &is_admin) < 0)
		return -1;
	if (!is_admin || others > 0)
		return 1;
	work->refusal = API_LAST_ADMIN;
	return 0;
}

int
people_lock(struct db_conn *conn, struct people_work *work)
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

	/* Revocation needs the version in the row. */
	if (ending_all_within(context, conn, &ending) < 0)
		return -1;
	return user_delete(conn, context->arena, ending.user_id);
}

enum api_error
people_run(struct people_work *work,
    int (*body)(struct db_conn *conn, void *work), void *body_work)
{
	const int rc = ending_transaction(work->context, body, body_work);

	if (rc < 0)
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
	int rc = 1;

	if (action == PEOPLE_DISABLE || action == PEOPLE_DELETE)
		rc = people_spare_last_admin(conn, work);
	if (rc == 1)
		rc = people_lock(conn, work);
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
