/* POST /api/auth/refresh: a refresh token for its successor. */
#include "auth/refresh.h"
#include "base/config.h"
#include "base/limits.h"
#include "web/endpoint.h"
#include "web/guard_pair.h"
#include "web/reply.h"
#include "web/request.h"

/* The input is the one secret. */
static const struct field fields[] = {
	{ "refreshToken", FIELD_SECRET, 0, false, 0, LIMIT_BODY, NULL, NULL,
	    NULL },
	{ .name = NULL },
};

static enum api_error
handle(struct request *request, const void *input, struct reply *reply)
{
	const struct secret *sent = input;
	const struct secret *kept = &request->refresh_cookie;

	(void)reply;
	/* From the body or from the cookie, never from both. */
	if (sent->ptr != NULL && kept->ptr != NULL)
		return API_INVALID_REQUEST;
	if (sent->ptr == NULL && kept->ptr == NULL) {
		if (request->body.len == 0)
			return API_MALFORMED_JSON;
		issues_add(&request->issues, "refreshToken", "required",
		    "This is required");
		return API_VALIDATION_FAILED;
	}
	if (request->config->refresh_require_access_token &&
	    request->identity == NULL)
		return API_AUTHENTICATION_REQUIRED;
	return refresh_begin(request->context,
	    sent->ptr != NULL ? *sent : *kept, request->identity,
	    &request->refresh);
}

static enum api_error
finish(struct request *request, struct reply *reply)
{
	struct token_pair pair;
	const enum api_error error = refresh_finish(request->refresh, &pair);

	if (error == API_OK)
		guard_send_pair(reply, request, &pair,
		    request->refresh_cookie.ptr != NULL);
	return error;
}

static const struct operation operations[] = {
	{
	    .method = METHOD_POST,
	    .path = "/api/auth/refresh",
	    .summary = "Exchange a refresh token for a new pair",
	    .auth = AUTH_REFRESH,
	    .body = BODY_OPTIONAL,
	    .fields = fields,
	    .input_size = sizeof(struct secret),
	    .success = 200,
	    .handle = handle,
	    .finish = finish,
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
