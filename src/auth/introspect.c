/* What a token is worth now. */
#include "auth/introspect.h"

#include "auth/refresh.h"
#include "auth/token.h"
#include "auth/view.h"

/* Nothing else: why it is not active is nobody's business (2.2). */
static enum api_error
write_inactive(struct jsonw *w)
{
	jsonw_object(w, NULL);
	jsonw_bool(w, "active", false);
	jsonw_object_end(w);
	return API_OK;
}

/* What both kinds of token have; the object stays open. */
static void
write_common(struct context *context, struct jsonw *w,
    const struct session_state *state, const char *use)
{
	const struct config *config = context->app->config;
	const struct user *user = &state->user;

	jsonw_object(w, NULL);
	jsonw_bool(w, "active", true);
	jsonw_str(w, "token_use", str_from(use));
	jsonw_str(w, "iss", str_from(config->issuer));
	jsonw_str(w, "client_id", str_from(config->token_client_id));
	jsonw_uuid(w, "sub", &user->id);
	jsonw_uuid(w, "sid", &state->id);
	jsonw_str(w, "username",
	    user->username.ptr != NULL ? user->username : user->email);
}

/*
 * token_type and aud are the access token's alone: who demands either can't
 * take a refresh token for one.
 */
static void
write_access(struct context *context, struct jsonw *w,
    const struct session_state *state, const struct identity *identity)
{
	const struct config *config = context->app->config;

	write_common(context, w, state, "access");
	jsonw_str(w, "token_type", STR("Bearer"));
	jsonw_str(w, "aud", str_from(config->token_audience));
	jsonw_str(w, "jti", identity->jti);
	jsonw_int(w, "iat", identity->issued_s);
	jsonw_int(w, "nbf", identity->not_before_s);
	jsonw_int(w, "exp", identity->expires_s);
	jsonw_str(w, "email", state->user.email);
	view_roles(w, "roles", state->user.roles);
	jsonw_object_end(w);
}

static void
write_refresh(struct context *context, struct jsonw *w,
    const struct session_state *state)
{
	const int64_t end_ms = state->idle_expires_ms < state->expires_ms
	    ? state->idle_expires_ms
	    : state->expires_ms;

	write_common(context, w, state, "refresh");
	jsonw_int(w, "exp", end_ms / 1000);
	jsonw_object_end(w);
}

/* The same question as session_is_live, with the row for an answer. */
static bool
is_live(const struct session_state *state, const struct identity *identity)
{
	return uuid_equal(&state->user.id, &identity->user_id) &&
	    !state->ended_ms.is_set && state->expires_ms > state->now_ms &&
	    state->user.status == USER_ACTIVE &&
	    state->user.token_version == identity->version;
}

static enum api_error
introspect_access(struct context *context, struct jsonw *w,
    const struct identity *identity)
{
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	struct session_state state;
	int rc;

	if (conn == NULL)
		return API_UNAVAILABLE;
	rc = session_read(conn, context->arena, &identity->session_id, &state);
	db_release(db, &conn);
	if (rc < 0)
		return API_UNAVAILABLE;
	if (rc == 0 || !is_live(&state, identity))
		return write_inactive(w);
	write_access(context, w, &state, identity);
	return API_OK;
}

enum api_error
introspect(struct context *context, struct secret token, struct jsonw *w)
{
	const struct str text = { (const char *)token.ptr, token.len };
	struct session_state state;
	struct identity identity;
	const char *reason;
	enum api_error error;

	switch (token_verify(context, text, &identity, &reason)) {
	case TOKEN_GOOD:
		return introspect_access(context, w, &identity);
	case TOKEN_UNKNOWN:
		return API_UNAVAILABLE;
	case TOKEN_EXPIRED:
	case TOKEN_BAD:
		break;
	}
	error = refresh_look(context, token, &state);
	if (error == API_REFRESH_TOKEN_INVALID)
		return write_inactive(w);
	if (error == API_OK)
		write_refresh(context, w, &state);
	return error;
}
