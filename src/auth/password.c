/* Changing one's own password. */
#include "auth/password.h"

#include "auth/confirm.h"
#include "auth/ending.h"
#include "auth/hashgate.h"
#include "auth/opening.h"
#include "auth/policy.h"

struct change_work {
	struct opening opening;
	struct user user;
	struct str hash;
};

static bool
is_acceptable(struct context *context, const struct user *user,
    const struct password_change *change)
{
	const struct policy_password wish = {
		.field = "newPassword",
		.password = change->new_password,
		.confirmation = change->confirm_password,
		.email = user->email,
		.username = user->username,
	};

	if (secret_equal(change->new_password, change->current_password)) {
		issues_add(context->issues, "newPassword", "password_unchanged",
		    "This is the password you have");
		return false;
	}
	return policy_accepts_password(context->app->config, &wish,
	    context->issues);
}

static int
change_in_transaction(struct db_conn *conn, void *work_v)
{
	struct change_work *work = work_v;
	struct context *context = work->opening.context;
	struct arena *arena = context->arena;
	struct user *user = &work->user;
	const struct ending ending = {
		.user_id = &user->id,
		.actor_id = &user->id,
		.reason = SESSION_END_PASSWORD,
		.event = AUDIT_PASSWORD_CHANGED,
	};
	int64_t status;
	int64_t version;
	const int rc = user_lock(conn, arena, &user->id, &status, &version);

	if (rc != 1)
		return rc;
	/* Somebody changed the account while the hashes were computed. */
	if (status != USER_ACTIVE || version != user->token_version)
		return 0;
	if (user_set_password(conn, arena, &user->id, work->hash) < 0 ||
	    ending_all_within(context, conn, &ending) < 0)
		return -1;
	return opening_insert(conn, &work->opening);
}

static enum api_error
store(struct context *context, struct change_work *work,
    struct token_pair *pair_r)
{
	int rc;

	if (opening_prepare(context, &work->user, &work->opening) < 0)
		return API_INTERNAL_ERROR;
	rc = ending_transaction(context, change_in_transaction, work);
	if (rc != 1)
		return rc < 0 ? API_UNAVAILABLE : API_INVALID_TOKEN;
	/* As ending_all_within left it in the row. */
	work->user.token_version++;
	return opening_pair(&work->opening, pair_r);
}

enum api_error
password_change(struct context *context, const struct identity *identity,
    const struct password_change *change, struct token_pair *pair_r)
{
	struct user_login found;
	struct change_work work;
	enum api_error error = confirm_password(context, identity,
	    change->current_password, &found);

	if (error != API_OK)
		return error;
	if (!is_acceptable(context, &found.user, change))
		return API_VALIDATION_FAILED;
	work.user = found.user;
	error = hashgate_make(context, change->new_password, &work.hash);
	return error == API_OK ? store(context, &work, pair_r) : error;
}
