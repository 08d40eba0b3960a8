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

/* From the body or from the cookie, never from both. */
static enum api_error
choose(struct request *request, const struct secret *sent,
    struct secret *token_r)
{
	if (sent->ptr != NULL && request->refresh_cookie.ptr != NULL)
		return API_INVALID_REQUEST;
	*token_r = sent->ptr != NULL ? *sent : request->refresh_cookie;
	if (token_r->ptr != NULL)
		return API_OK;
	if (request->body.len == 0)
		return API_MALFORMED_JSON;
	issues_add(&request->issues, "refreshToken", "required",
	    "This is required");
	return API_VALIDATION_FAILED;
}

static enum api_error
handle(struct request *request, const void *input, struct reply *reply)
{
	const bool by_cookie = request->refresh_cookie.ptr != NULL;
	struct token_pair pair;
	struct secret token;
	enum api_error error = choose(request, input, &token);

	if (error != API_OK)
		return error;
	if (request->config->refresh_require_access_token &&
	    request->identity == NULL)
		return API_AUTHENTICATION_REQUIRED;
	error =
	    refresh_rotate(request->context, token, request->identity, &pair);
	if (error == API_OK)
		guard_send_pair(reply, request, &pair, by_cookie);
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
