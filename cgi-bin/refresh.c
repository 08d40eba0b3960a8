/* POST /api/auth/refresh: a refresh token for its successor. */
#include "auth/refresh.h"
#include "auth/view.h"
#include "base/config.h"
#include "base/limits.h"
#include "web/endpoint.h"
#include "web/reply.h"
#include "web/request.h"

struct refresh_input {
	struct secret refresh_token;
};

static const struct field fields[] = {
	{ "refreshToken", FIELD_SECRET,
	    offsetof(struct refresh_input, refresh_token), true, 0, LIMIT_BODY,
	    NULL, NULL, NULL },
	{ .name = NULL },
};

static enum api_error
handle(struct request *request, const void *input, struct reply *reply)
{
	const struct refresh_input *in = input;
	const struct config *config = request->context->app->config;
	struct token_pair pair;
	enum api_error error;

	if (config->refresh_require_access_token && request->identity == NULL)
		return API_AUTHENTICATION_REQUIRED;
	error = refresh_rotate(request->context, in->refresh_token,
	    request->identity, &pair);
	if (error == API_OK)
		view_pair(reply_json(reply), &pair, request->now.unix_s);
	return error;
}

static const struct operation operations[] = {
	{
	    .method = METHOD_POST,
	    .path = "/api/auth/refresh",
	    .summary = "Exchange a refresh token for a new pair",
	    .auth = AUTH_GENUINE,
	    .body = BODY_REQUIRED,
	    .fields = fields,
	    .input_size = sizeof(struct refresh_input),
	    .success = 200,
	    .handle = handle,
	},
};

const struct endpoint endpoint = {
	.name = "refresh",
	.summary = "Rotation of refresh tokens",
	.needs = (const struct app_need *const[]){ &need_signing,
	    &need_refresh_keys, NULL },
	.operations = operations,
	.operation_count = ARRAY_LEN(operations),
};
