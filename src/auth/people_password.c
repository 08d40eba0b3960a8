/* Setting somebody's password, from the command line. */
#include "auth/hashgate.h"
#include "auth/people_internal.h"
#include "auth/policy.h"

struct password_work {
	struct people_work work;
	struct str hash;
};

static int
set_in_transaction(struct db_conn *conn, void *password_work_v)
{
	struct password_work *password_work = password_work_v;
	struct people_work *work = &password_work->work;
	struct context *context = work->context;
	const struct ending ending = {
		.user_id = &work->order->user_id,
		.actor_id = work->order->actor_id,
		.reason = SESSION_END_PASSWORD,
		.event = AUDIT_PASSWORD_CHANGED,
	};
	const int rc = people_begin(conn, work, false);

	if (rc != 1)
		return rc;
	if (user_set_password(conn, context->arena, ending.user_id,
	        password_work->hash) < 0)
		return -1;
	return ending_all_within(context, conn, &ending);
}

static bool
is_acceptable(struct context *context, const struct user *user,
    struct secret password)
{
	const struct policy_password wish = {
		.field = "password",
		.password = password,
		.email = user->email,
		.username = user->username,
	};

	return policy_accepts_password(context->app->config, &wish,
	    context->issues);
}

enum api_error
people_set_password(struct context *context, const struct people_order *order,
    struct secret password)
{
	struct password_work password_work = {
		.work = { .context = context, .order = order },
	};
	char id[UUID_TEXT_LEN + 1];
	struct user user;
	enum api_error error;

	uuid_format(&order->user_id, id);
	error = people_read(context, str_from(id), &user);
	if (error != API_OK)
		return error;
	if (!is_acceptable(context, &user, password))
		return API_VALIDATION_FAILED;
	error = hashgate_make(context, password, &password_work.hash);
	if (error != API_OK)
		return error;
	return people_run(&password_work.work, set_in_transaction,
	    &password_work);
}
