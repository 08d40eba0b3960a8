/*
 * GET /bench/hello: a constant, by the same skeleton as every endpoint.  The
 * ceiling of what needs no database.
 */
#include "web/endpoint.h"
#include "web/reply.h"
#include "web/request.h"

static enum api_error
handle(struct request *request, const void *input, struct reply *reply)
{
	struct jsonw *w = reply_json(reply);

	(void)request;
	(void)input;
	jsonw_object(w, NULL);
	jsonw_str(w, "hello", STR("world"));
	jsonw_object_end(w);
	return API_OK;
}

static const struct operation operations[] = {
	{
	    .method = METHOD_GET,
	    .path = "/bench/hello",
	    .summary = "A constant",
	    .auth = AUTH_NONE,
	    .body = BODY_NONE,
	    .input_size = 1,
	    .success = 200,
	    .handle = handle,
	},
};

const struct endpoint endpoint = {
	.name = "hello",
	.summary = "The ceiling of what needs no database",
	.needs = (const struct app_need *const[]){ NULL },
	.operations = operations,
	.operation_count = ARRAY_LEN(operations),
};
