/* The audit trail: what happened to whom, in the table and in the log. */
#ifndef LATCHKEY_AUTH_AUDIT_H
#define LATCHKEY_AUTH_AUDIT_H

#include "auth/app.h"
#include "base/attrs.h"
#include "base/uuid.h"

enum audit_event {
	AUDIT_REGISTERED,
	AUDIT_LOGIN_OK,
	AUDIT_LOGIN_FAILED,
	AUDIT_LOGOUT,
	AUDIT_LOGOUT_OTHERS,
	AUDIT_LOGOUT_GLOBAL,
	AUDIT_SESSION_CLOSED,
	AUDIT_SESSION_CAPPED,
	AUDIT_REFRESH_REUSED,
	AUDIT_REFRESH_EXPIRED,
	AUDIT_REFRESH_ENDED,
	AUDIT_PASSWORD_CHANGED,
	AUDIT_PASSWORD_FAILED,
	AUDIT_USER_DISABLED,
	AUDIT_USER_ENABLED,
	AUDIT_USER_DELETED,
	AUDIT_USER_CREATED,
	AUDIT_USER_CHANGED,
	AUDIT_ROLES_CHANGED,
	AUDIT_SESSIONS_ENDED,
	AUDIT_ROLE_CREATED,
	AUDIT_ROLE_DELETED,
	AUDIT_CLIENT_ADDED,
	AUDIT_CLIENT_DELETED,
	AUDIT_TOKEN_REVOKED,
	AUDIT_USER_IMPORTED,
	AUDIT_KEY_ROTATED,
	AUDIT_KEY_RETIRED,
	AUDIT_SETTINGS_CHANGED,
	AUDIT_EVENT__MAX,
};

/* Ids are NULL where they do not apply. */
struct audit_note {
	enum audit_event event;
	/* Who did it; NULL for somebody unknown or the command line. */
	const struct uuid *actor_id;
	const struct uuid *user_id;
	const struct uuid *session_id;
	/*
	 * What more there is to say, or absent; names of roles, settings and
	 * keys, never a secret and nothing that tells who a person is: it
	 * outlives the account.  Stored as str_visible, LIMIT_AUDIT_DETAIL.
	 */
	struct str detail;
};

/* Whether an event has this name. */
MUST_CHECK bool audit_is_event(struct str name);

/* Write a note on this connection, in its transaction if there is one. */
MUST_CHECK NONNULL int audit_write(struct context *context,
    struct db_conn *conn, const struct audit_note *note);

/*
 * The same, once per session: whoever holds a dead token may show it for
 * ever, and must not fill the table.
 */
MUST_CHECK NONNULL int audit_write_once(struct context *context,
    struct db_conn *conn, const struct audit_note *note);

/*
 * The same on a connection of its own, for what changes nothing else.  A
 * failure is logged, and the answer does not depend on it.
 */
NONNULL void
audit_write_alone(struct context *context, const struct audit_note *note);

/* For what nobody known did: the log alone, so that nobody fills the table. */
NONNULL void audit_log_only(const struct context *context, const char *event);

#endif
