/* POST /oauth/introspect: what a token is worth now (RFC 7662). */
#include "auth/introspect.h"
#include "auth/keys.h"
#include "web/endpoint.h"
#include "web/guard_client.h"
#include "web/oauth.h"
#include "web/reply.h"
#include "web/request.h"

static enum api_error
handle(struct request *request, const void *input, struct reply *reply)
{
	const struct oauth_input *wish = input;
	const enum api_error error = oauth_check(wish);

	return error == API_OK
	    ? introspect(request->context, wish->token, reply_json(reply))
	    : error;
}

static const struct operation operations[] = {
	{
	    .method = METHOD_POST,
	    .path = "/oauth/introspect",
	    .summary = "What a token is worth now",
	    .auth = AUTH_CLIENT,
	    .check_client = guard_check_client,
	    .body = BODY_FORM,
	    .fields = oauth_fields,
	    .input_size = sizeof(struct oauth_input),
	    .success = 200,
	    .handle = handle,
	},
};

const struct endpoint endpoint = {
	.name = "introspect",
	.summary = "Introspection of tokens",
	.needs = (const struct app_need *const[]){ &need_refresh_keys, NULL },
	.operations = operations,
	.operation_count = ARRAY_LEN(operations),
};
