/* What an operation demands of whoever asks: a role. */
#include "auth/demand.h"

#include "base/log.h"
#include "model/role.h"

/*
 * A change of roles kills the tokens minted before it, so claim and database
 * agree.  Where administrators act, both are asked all the same: a fault in
 * either must not be enough.
 */
static enum api_error
check_both(struct context *context, const struct identity *identity,
    const struct role_demand *role)
{
	struct db *db = context->app->db;
	struct db_conn *conn;
	int rc;

	if (!str_list_has(identity->roles, ',', str_from(role->name)))
		return API_FORBIDDEN;
	conn = db_acquire(db, context->deadline_ms);
	if (conn == NULL)
		return API_UNAVAILABLE;
	rc = role_is_held(conn, context->arena, &identity->user_id,
	    str_from(role->name));
	db_release(db, &conn);
	if (rc == 0)
		log_error("demand",
		    "a live token claims the role %s, which its user has not",
		    role->name);
	if (rc < 0)
		return API_UNAVAILABLE;
	return rc == 1 ? API_OK : API_FORBIDDEN;
}

const struct role_demand demand_admin = {
	.name = "ADMIN",
	.check = check_both,
};
