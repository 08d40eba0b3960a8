/* POST /oauth/revoke: give a token back (RFC 7009). */
#include "auth/revoke.h"
#include "auth/keys.h"
#include "base/config.h"
#include "web/endpoint.h"
#include "web/guard_client.h"
#include "web/oauth.h"
#include "web/reply.h"
#include "web/request.h"

/*
 * Tokens are issued to one public client, token.client_id, which has no
 * secret: holding a token is the right to give it back (2.1).
 */
static enum api_error
handle(struct request *request, const void *input, struct reply *reply)
{
	const struct oauth_input *wish = input;
	const enum api_error error = oauth_check(wish);

	(void)reply;
	if (error != API_OK)
		return error;
	if (request->client.ptr == NULL && wish->client_id.len > 0 &&
	    !str_equal(wish->client_id,
	        str_from(request->config->token_client_id)))
		return API_INVALID_CLIENT;
	return revoke(request->context, wish->token, request->client);
}

static const struct operation operations[] = {
	{
	    .method = METHOD_POST,
	    .path = "/oauth/revoke",
	    .summary = "Give a token back",
	    .auth = AUTH_MAYBE_CLIENT,
	    .check_client = guard_check_client,
	    .body = BODY_FORM,
	    .fields = oauth_fields,
	    .input_size = sizeof(struct oauth_input),
	    .success = 200,
	    .handle = handle,
	},
};

const struct endpoint endpoint = {
	.name = "revoke",
	.summary = "Revocation of tokens",
	.needs = (const struct app_need *const[]){ &need_refresh_keys, NULL },
	.operations = operations,
	.operation_count = ARRAY_LEN(operations),
};
