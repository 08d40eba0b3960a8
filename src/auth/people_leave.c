/* Deleting one's own account. */
#include "auth/confirm.h"
#include "auth/people_internal.h"

struct leave_work {
	struct people_work work;
	/* As it was when the password was checked. */
	int64_t version;
};

static int
leave_in_transaction(struct db_conn *conn, void *leave_work_v)
{
	struct leave_work *leave_work = leave_work_v;
	struct people_work *work = &leave_work->work;
	const int rc = people_begin(conn, work, true);

	if (rc != 1)
		return rc;
	/* Somebody changed the account while the hash was computed. */
	work->refusal = API_INVALID_TOKEN;
	if (work->user.token_version != leave_work->version)
		return 0;
	return people_erase(conn, work);
}

enum api_error
people_leave(struct context *context, const struct identity *identity,
    struct secret password)
{
	const struct people_order order = {
		.actor_id = &identity->user_id,
		.user_id = identity->user_id,
		.is_own = true,
	};
	struct leave_work leave_work = {
		.work = { .context = context, .order = &order },
	};
	struct user_login found = { .password_hash = STR_NONE };
	enum api_error error =
	    confirm_password(context, identity, password, &found);

	if (error != API_OK)
		return error;
	leave_work.version = found.user.token_version;
	error = people_run(&leave_work.work, leave_in_transaction, &leave_work);
	return error == API_NOT_FOUND ? API_INVALID_TOKEN : error;
}
