/* POST /api/auth/logout: end this session, the others, or all. */
#include "auth/logout.h"
#include "auth/keys.h"
#include "base/limits.h"
#include "web/endpoint.h"
#include "web/guard_pair.h"
#include "web/reply.h"
#include "web/request.h"

static const struct field fields[] = {
	{ "scope", FIELD_TEXT, offsetof(struct logout_input, scope), false, 1,
	    LIMIT_ROLE_NAME, logout_is_scope, "scope_invalid",
	    "This must be local, others or global" },
	{ "refreshToken", FIELD_SECRET,
	    offsetof(struct logout_input, refresh_token), false, 0, LIMIT_BODY,
	    NULL, NULL, NULL },
	{ .name = NULL },
};

static enum api_error
handle(struct request *request, const void *input, struct reply *reply)
{
	const bool by_cookie = request->access_cookie.ptr != NULL ||
	    request->refresh_cookie.ptr != NULL;
	struct logout_input wish = *(const struct logout_input *)input;
	enum api_error error;

	if (wish.refresh_token.ptr != NULL && by_cookie)
		return API_INVALID_REQUEST;
	if (by_cookie && request->identity == NULL)
		wish.refresh_token = request->refresh_cookie;
	error = logout(request->context, &wish, request->identity);
	if (error == API_OK && by_cookie &&
	    !str_equal(wish.scope, STR("others")))
		guard_clear_cookies(reply, request);
	return error;
}

static const struct operation operations[] = {
	{
	    .method = METHOD_POST,
	    .path = "/api/auth/logout",
	    .summary = "End this session or all sessions",
	    .auth = AUTH_GENUINE,
	    .body = BODY_OPTIONAL,
	    .fields = fields,
	    .input_size = sizeof(struct logout_input),
	    .success = 204,
	    .handle = handle,
	},
};

const struct endpoint endpoint = {
	.name = "logout",
	.summary = "Logout",
	.needs = (const struct app_need *const[]){ &need_refresh_keys, NULL },
	.operations = operations,
	.operation_count = ARRAY_LEN(operations),
};
