/* Changing what is known of somebody, and his roles. */
#include "auth/people_internal.h"
#include "auth/policy.h"
#include "auth/roles.h"

bool
people_is_status(struct str word)
{
	return str_equal(word, STR("active")) ||
	    str_equal(word, STR("disabled"));
}

struct change_work {
	struct people_work work;
	const struct people_change *change;
};

static bool
put_text(const struct change_text *change, struct str *text)
{
	if (!change->is_given || str_equal(*text, change->text))
		return false;
	*text = change->text;
	return true;
}

static bool
put_int(const struct change_int *change, struct opt_int *number)
{
	const struct opt_int now = change->number;

	if (!change->is_given ||
	    (now.is_set == number->is_set && now.value == number->value))
		return false;
	*number = now;
	return true;
}

/* Whether anything differs from what is there. */
static bool
apply(const struct people_change *change, struct user *user)
{
	bool differs = put_text(&change->username, &user->username);

	differs |= put_text(&change->first_name, &user->first_name);
	differs |= put_text(&change->last_name, &user->last_name);
	differs |= put_text(&change->phone_number, &user->phone_number);
	differs |= put_int(&change->age, &user->age);
	return differs;
}

/* One's own changes once a session, so that nobody fills the trail alone. */
static int
note_change(struct db_conn *conn, const struct people_work *work)
{
	const struct people_order *order = work->order;
	const struct audit_note note = {
		.event = AUDIT_USER_CHANGED,
		.actor_id = order->actor_id,
		.user_id = &order->user_id,
		.session_id = order->session_id,
	};

	return order->session_id == NULL
	    ? audit_write(work->context, conn, &note)
	    : audit_write_once(work->context, conn, &note);
}

static int
put_data(struct db_conn *conn, struct change_work *change_work)
{
	struct people_work *work = &change_work->work;
	struct context *context = work->context;
	struct str key;
	int rc;

	if (!apply(change_work->change, &work->user))
		return 1;
	key = policy_canonical(context->arena, work->user.username);
	if (work->user.username.ptr != NULL && key.ptr == NULL)
		return -1;
	rc = user_update(conn, context->arena, &work->user, key);
	if (rc != 1) {
		work->refusal = API_USER_EXISTS;
		return rc;
	}
	return note_change(conn, work);
}

static int
change_in_transaction(struct db_conn *conn, void *change_work_v)
{
	struct change_work *change_work = change_work_v;
	struct people_work *work = &change_work->work;
	const struct str status = change_work->change->status;
	const bool disables = str_equal(status, STR("disabled"));
	int rc = people_begin(conn, work, disables);

	if (rc == 1)
		rc = put_data(conn, change_work);
	if (rc == 1 && status.ptr != NULL)
		rc = people_put_status(conn, work,
		    disables ? USER_DISABLED : USER_ACTIVE);
	return rc == 1 ? people_read_row(conn, work) : rc;
}

enum api_error
people_change(struct context *context, const struct people_order *order,
    const struct people_change *change, struct user *user_r)
{
	struct change_work change_work = {
		.work = { .context = context, .order = order },
		.change = change,
	};
	const enum api_error error =
	    people_run(&change_work.work, change_in_transaction, &change_work);

	if (error == API_OK)
		*user_r = change_work.work.user;
	return error;
}

struct roles_work {
	struct people_work work;
	const struct texts *wanted;
};

static int
replace_roles(struct db_conn *conn, struct people_work *work, struct str roles)
{
	struct context *context = work->context;
	const struct ending ending = {
		.user_id = &work->order->user_id,
		.actor_id = work->order->actor_id,
		.event = AUDIT_ROLES_CHANGED,
		.detail = roles,
	};

	if (role_replace_all(conn, context->arena, ending.user_id, roles) < 0)
		return -1;
	return ending_tokens_within(context, conn, &ending);
}

static bool
wants_admin(const struct texts *wanted)
{
	for (size_t i = 0; i < wanted->count; i++)
		if (str_equal_nocase(wanted->list[i], STR(ROLE_ADMIN)))
			return true;
	return false;
}

static int
roles_in_transaction(struct db_conn *conn, void *roles_work_v)
{
	struct roles_work *roles_work = roles_work_v;
	struct people_work *work = &roles_work->work;
	struct str roles = STR_NONE;
	int rc = people_begin(conn, work, !wants_admin(roles_work->wanted));

	if (rc != 1)
		return rc;
	work->refusal = API_VALIDATION_FAILED;
	rc = roles_resolve(work->context, conn, roles_work->wanted, &roles);
	if (rc != 1 || str_equal(roles, work->user.roles))
		return rc;
	if (replace_roles(conn, work, roles) < 0)
		return -1;
	return people_read_row(conn, work);
}

enum api_error
people_set_roles(struct context *context, const struct people_order *order,
    const struct texts *roles, struct user *user_r)
{
	struct roles_work roles_work = {
		.work = { .context = context, .order = order },
		.wanted = roles,
	};
	const enum api_error error =
	    people_run(&roles_work.work, roles_in_transaction, &roles_work);

	if (error == API_OK)
		*user_r = roles_work.work.user;
	return error;
}
