/* GET /healthz and /readyz: alive, and able to work. */
#include "auth/health.h"
#include "web/endpoint.h"
#include "web/reply.h"
#include "web/request.h"

static enum api_error
handle_alive(struct request *request, const void *input, struct reply *reply)
{
	struct jsonw *w = reply_json(reply);

	(void)request;
	(void)input;
	jsonw_object(w, NULL);
	jsonw_str(w, "status", STR("alive"));
	jsonw_object_end(w);
	return API_OK;
}

static enum api_error
handle_ready(struct request *request, const void *input, struct reply *reply)
{
	struct jsonw *w = reply_json(reply);

	(void)input;
	if (health_is_ready(request->context) != 1)
		return API_UNAVAILABLE;
	jsonw_object(w, NULL);
	jsonw_str(w, "status", STR("ready"));
	jsonw_object_end(w);
	return API_OK;
}

static const struct operation operations[] = {
	{
	    .method = METHOD_GET,
	    .path = "/healthz",
	    .summary = "The process is alive",
	    .auth = AUTH_NONE,
	    .body = BODY_NONE,
	    .input_size = 1,
	    .success = 200,
	    .handle = handle_alive,
	},
	{
	    .method = METHOD_GET,
	    .path = "/readyz",
	    .summary = "The database is reachable and its schema current",
	    .auth = AUTH_NONE,
	    .body = BODY_NONE,
	    .input_size = 1,
	    .success = 200,
	    .handle = handle_ready,
	},
};

const struct endpoint endpoint = {
	.name = "health",
	.summary = "Health",
	.needs = (const struct app_need *const[]){ NULL },
	.operations = operations,
	.operation_count = ARRAY_LEN(operations),
};
