/* Logging out, by access token or by refresh token. */
#include "auth/logout.h"

#include "auth/ending.h"
#include "auth/reftoken.h"
#include "auth/revoked.h"

bool
logout_is_scope(struct str text)
{
	return str_equal(text, STR("local")) ||
	    str_equal(text, STR("others")) || str_equal(text, STR("global"));
}

/* The session a refresh token belongs to, whatever its generation. */
static enum api_error
find_session(struct context *context, struct secret token,
    struct uuid *session_id_r)
{
	struct reftoken decoded;
	const int rc = reftoken_decode(context->keys,
	    (struct str){ (const char *)token.ptr, token.len }, &decoded);

	if (rc != 1)
		return rc < 0 ? API_UNAVAILABLE : API_REFRESH_TOKEN_INVALID;
	*session_id_r = decoded.session_id;
	secret_wipe(&decoded, sizeof decoded);
	return API_OK;
}

static enum api_error
logout_local(struct context *context, struct secret token,
    const struct identity *bearer)
{
	struct uuid session_id;
	struct ending ending = {
		.id = &session_id,
		.reason = SESSION_END_LOGOUT,
		.event = AUDIT_LOGOUT,
	};

	if (bearer != NULL) {
		session_id = bearer->session_id;
		ending.user_id = &bearer->user_id;
		ending.actor_id = &bearer->user_id;
	}
	if (token.ptr != NULL) {
		const enum api_error error =
		    find_session(context, token, &session_id);

		if (error != API_OK)
			return error;
		if (bearer != NULL &&
		    !uuid_equal(&bearer->session_id, &session_id))
			return API_TOKEN_MISMATCH;
	} else if (bearer == NULL) {
		return API_AUTHENTICATION_REQUIRED;
	}
	return ending_one(context, &ending);
}

/* What reaches beyond its own session takes a token that is alive. */
static enum api_error
admit_live(struct context *context, const struct identity *bearer)
{
	const int64_t leeway_s = context->app->config->token_leeway_s;

	if (bearer == NULL)
		return API_AUTHENTICATION_REQUIRED;
	if (context->now.unix_s - leeway_s >= bearer->expires_s)
		return API_INVALID_TOKEN;
	switch (revoked_check(context, bearer)) {
	case 0:
		return API_OK;
	case 1:
		return API_INVALID_TOKEN;
	default:
		return API_UNAVAILABLE;
	}
}

static enum api_error
logout_wide(struct context *context, const struct identity *bearer,
    bool spares_this)
{
	const enum api_error error = admit_live(context, bearer);
	struct ending ending = { .reason = SESSION_END_LOGOUT };

	if (error != API_OK)
		return error;
	ending.user_id = &bearer->user_id;
	ending.actor_id = &bearer->user_id;
	ending.id = spares_this ? &bearer->session_id : NULL;
	ending.event = spares_this ? AUDIT_LOGOUT_OTHERS : AUDIT_LOGOUT_GLOBAL;
	return spares_this ? ending_others(context, &ending)
	                   : ending_all(context, &ending);
}

enum api_error
logout(struct context *context, const struct logout_input *input,
    const struct identity *bearer)
{
	if (str_equal(input->scope, STR("others")))
		return logout_wide(context, bearer, true);
	if (str_equal(input->scope, STR("global")))
		return logout_wide(context, bearer, false);
	return logout_local(context, input->refresh_token, bearer);
}
