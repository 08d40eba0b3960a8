/* POST /api/auth/logout: end this session, or all of them. */
#include "auth/logout.h"
#include "auth/keys.h"
#include "base/limits.h"
#include "web/endpoint.h"
#include "web/reply.h"
#include "web/request.h"

static const struct field fields[] = {
	{ "scope", FIELD_TEXT, offsetof(struct logout_input, scope), false, 1,
	    LIMIT_ROLE_NAME, logout_is_scope, "scope_invalid",
	    "This must be local or global" },
	{ "refreshToken", FIELD_SECRET,
	    offsetof(struct logout_input, refresh_token), false, 0, LIMIT_BODY,
	    NULL, NULL, NULL },
	{ .name = NULL },
};

static enum api_error
handle(struct request *request, const void *input, struct reply *reply)
{
	(void)reply;
	return logout(request->context, input, request->identity);
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
