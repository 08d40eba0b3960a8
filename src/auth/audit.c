/* The audit trail. */
#include "auth/audit.h"

#include "base/limits.h"
#include "base/log.h"
#include "model/audit.h"

static const char *const names[] = {
	[AUDIT_REGISTERED] = "registered",
	[AUDIT_LOGIN_OK] = "login_ok",
	[AUDIT_LOGIN_FAILED] = "login_failed",
	[AUDIT_LOGOUT] = "logout",
	[AUDIT_LOGOUT_OTHERS] = "logout_others",
	[AUDIT_LOGOUT_GLOBAL] = "logout_global",
	[AUDIT_SESSION_CLOSED] = "session_closed",
	[AUDIT_SESSION_CAPPED] = "session_capped",
	[AUDIT_REFRESH_REUSED] = "refresh_reused",
	[AUDIT_REFRESH_EXPIRED] = "refresh_expired",
	[AUDIT_REFRESH_ENDED] = "refresh_ended",
	[AUDIT_PASSWORD_CHANGED] = "password_changed",
	[AUDIT_PASSWORD_FAILED] = "password_failed",
	[AUDIT_USER_DISABLED] = "user_disabled",
	[AUDIT_USER_ENABLED] = "user_enabled",
	[AUDIT_USER_DELETED] = "user_deleted",
	[AUDIT_USER_CREATED] = "user_created",
	[AUDIT_USER_CHANGED] = "user_changed",
	[AUDIT_ROLES_CHANGED] = "roles_changed",
	[AUDIT_SESSIONS_ENDED] = "sessions_ended",
	[AUDIT_ROLE_CREATED] = "role_created",
	[AUDIT_ROLE_DELETED] = "role_deleted",
	[AUDIT_CLIENT_ADDED] = "client_added",
	[AUDIT_CLIENT_DELETED] = "client_deleted",
	[AUDIT_TOKEN_REVOKED] = "token_revoked",
	[AUDIT_USER_IMPORTED] = "user_imported",
	[AUDIT_KEY_ROTATED] = "key_rotated",
	[AUDIT_KEY_RETIRED] = "key_retired",
	[AUDIT_SETTINGS_CHANGED] = "settings_changed",
};

_Static_assert(ARRAY_LEN(names) == AUDIT_EVENT__MAX, "every event has a name");

bool
audit_is_event(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_equal(name, str_from(names[i])))
			return true;
	return false;
}

int
audit_write(struct context *context, struct db_conn *conn,
    const struct audit_note *note)
{
	struct audit_row row = {
		.event = names[note->event],
		.actor_id = note->actor_id,
		.user_id = note->user_id,
		.session_id = note->session_id,
		.ip = context->ip,
		.user_agent = context->user_agent,
		.request_id = context->request_id,
	};

	if (note->detail.ptr != NULL) {
		row.detail = str_visible(context->arena, note->detail,
		    LIMIT_AUDIT_DETAIL);
		if (row.detail.ptr == NULL)
			return -1;
	}
	audit_log_only(context, row.event);
	return audit_insert(conn, context->arena, &row);
}

int
audit_write_once(struct context *context, struct db_conn *conn,
    const struct audit_note *note)
{
	const int rc = audit_has(conn, context->arena, note->session_id,
	    names[note->event]);

	if (rc != 1)
		return rc < 0 ? -1 : audit_write(context, conn, note);
	audit_log_only(context, names[note->event]);
	return 1;
}

void
audit_write_alone(struct context *context, const struct audit_note *note)
{
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);

	if (conn == NULL || audit_write(context, conn, note) < 0)
		log_error("audit", "%s could not be written down",
		    names[note->event]);
	if (conn != NULL)
		db_release(db, &conn);
}

void
audit_log_only(const struct context *context, const char *event)
{
	log_info("audit", "%s, request %.*s, ip %.*s", event,
	    STR_ARG(context->request_id), STR_ARG(context->ip));
}
