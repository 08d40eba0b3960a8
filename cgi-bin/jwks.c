/* GET /.well-known/jwks.json: the public keys (RFC 7517). */
#include "auth/app.h"
#include "auth/keys.h"
#include "web/endpoint.h"
#include "web/reply.h"
#include "web/request.h"

/* A new key is published at least this long before it signs. */
enum { CACHE_S = 300 };

static enum api_error
handle(struct request *request, const void *input, struct reply *reply)
{
	(void)input;
	if (keys_write_jwks(request->context->keys, reply_json(reply)) < 0)
		return API_INTERNAL_ERROR;
	reply->cache_s = CACHE_S;
	return API_OK;
}

static const struct operation operations[] = {
	{
	    .method = METHOD_GET,
	    .path = "/.well-known/jwks.json",
	    .summary = "Public keys of access tokens",
	    .auth = AUTH_NONE,
	    .body = BODY_NONE,
	    .input_size = 1,
	    .success = 200,
	    .handle = handle,
	},
};

const struct endpoint endpoint = {
	.name = "jwks",
	.summary = "Public keys",
	.needs = (const struct app_need *const[]){ NULL },
	.operations = operations,
	.operation_count = ARRAY_LEN(operations),
};
