/* Logging out, by access token or by refresh token. */
#include "auth/logout.h"

#include "auth/ending.h"
#include "auth/reftoken.h"
#include "auth/revoked.h"

bool
logout_is_scope(struct str text)
{
	return str_equal(text, STR("local")) || str_equal(text, STR("global"));
}

/* The session a refresh token belongs to, whatever its generation. */
static enum api_error
find_session(struct context *context, struct secret token,
    struct uuid *session_id_r)
{
	struct reftoken decoded;
	const int rc = reftoken_decode(context->app->keys,
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

	if (token.ptr != NULL) {
		const enum api_error error =
		    find_session(context, token, &session_id);

		if (error != API_OK)
			return error;
		if (bearer != NULL &&
		    !uuid_equal(&bearer->session_id, &session_id))
			return API_TOKEN_MISMATCH;
	} else if (bearer != NULL) {
		session_id = bearer->session_id;
	} else {
		return API_AUTHENTICATION_REQUIRED;
	}
	return ending_session(context, &session_id);
}

/* What reaches beyond its own session takes a token that is alive. */
static enum api_error
logout_global(struct context *context, const struct identity *bearer)
{
	const int64_t now_s = context->now.unix_s;

	if (bearer == NULL)
		return API_AUTHENTICATION_REQUIRED;
	if (now_s - context->app->config->token_leeway_s >= bearer->expires_s)
		return API_INVALID_TOKEN;
	switch (revoked_check(context, bearer)) {
	case 0:
		return ending_everywhere(context, &bearer->user_id);
	case 1:
		return API_INVALID_TOKEN;
	default:
		return API_UNAVAILABLE;
	}
}

enum api_error
logout(struct context *context, const struct logout_input *input,
    const struct identity *bearer)
{
	if (str_equal(input->scope, STR("global")))
		return logout_global(context, bearer);
	return logout_local(context, input->refresh_token, bearer);
}
