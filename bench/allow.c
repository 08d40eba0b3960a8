/*
 * A FastCGI authorizer that gives leave to everybody, by the same skeleton as
 * the gate: the gate's ceiling.
 */
#include "web/endpoint.h"
#include "web/reply.h"
#include "web/request.h"

static enum api_error
allow(struct request *request, const void *input, struct reply *reply)
{
	(void)request;
	(void)input;
	(void)reply;
	return API_OK;
}

static const struct operation authorizer = {
	.auth = AUTH_NONE,
	.body = BODY_NONE,
	.input_size = 1,
	.success = 200,
	.handle = allow,
};

const struct endpoint endpoint = {
	.name = "allow",
	.summary = "The ceiling of the gate",
	.needs = (const struct app_need *const[]){ NULL },
	.authorizer = &authorizer,
};
