/* Asking for one's own password once more. */
#include "auth/confirm.h"

#include "auth/audit.h"
#include "auth/hashgate.h"

static int
find_user(struct context *context, const struct identity *identity,
    struct user_login *found_r)
{
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	int rc;

	if (conn == NULL)
		return -1;
	rc = user_find_login_by_id(conn, context->arena, &identity->user_id,
	    found_r);
	db_release(db, &conn);
	return rc;
}

enum api_error
confirm_password(struct context *context, const struct identity *identity,
    struct secret password, struct user_login *found_r)
{
	const struct audit_note note = {
		.event = AUDIT_PASSWORD_FAILED,
		.actor_id = &identity->user_id,
		.user_id = &identity->user_id,
	};
	enum api_error error;
	bool is_right;
	const int rc = find_user(context, identity, found_r);

	if (rc != 1)
		return rc < 0 ? API_UNAVAILABLE : API_INVALID_TOKEN;
	error = hashgate_check(context, password, found_r->password_hash,
	    &is_right);
	if (error != API_OK || is_right)
		return error;
	audit_write_alone(context, &note);
	return API_INVALID_CREDENTIALS;
}
