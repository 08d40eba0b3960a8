/* GET /api/auth/sessions and DELETE /api/auth/sessions/{id}. */
#include "auth/sessions.h"
#include "web/endpoint.h"
#include "web/reply.h"
#include "web/request.h"

static enum api_error
handle_list(struct request *request, const void *input, struct reply *reply)
{
	(void)input;
	return sessions_write(request->context, request->identity,
	    reply_json(reply));
}

static enum api_error
handle_close(struct request *request, const void *input, struct reply *reply)
{
	(void)input;
	(void)reply;
	return sessions_close(request->context, request->identity,
	    request->path_id);
}

static const struct operation operations[] = {
	{
	    .method = METHOD_GET,
	    .path = "/api/auth/sessions",
	    .summary = "One's own sessions",
	    .auth = AUTH_BEARER,
	    .body = BODY_NONE,
	    .input_size = 1,
	    .success = 200,
	    .handle = handle_list,
	},
	{
	    .method = METHOD_DELETE,
	    .path = "/api/auth/sessions/{id}",
	    .summary = "End one of one's own sessions",
	    .auth = AUTH_BEARER,
	    .body = BODY_NONE,
	    .input_size = 1,
	    .success = 204,
	    .handle = handle_close,
	},
};

const struct endpoint endpoint = {
	.name = "sessions",
	.summary = "Sessions",
	.needs = (const struct app_need *const[]){ NULL },
	.operations = operations,
	.operation_count = ARRAY_LEN(operations),
};
