/*
 * The gate of other sites: GET /auth/verify, and the FastCGI AUTHORIZER role.
 * Whoever has a live token, and the role that is demanded, may pass.
 */
#include "base/limits.h"
#include "base/name.h"
#include "web/detour.h"
#include "web/endpoint.h"
#include "web/guard_gate.h"
#include "web/reply.h"
#include "web/request.h"

static const struct field query[] = {
	{ "role", FIELD_TEXT, 0, false, 0, LIMIT_BODY, name_is_role,
	    "role_invalid", "Role names are in capitals" },
	{ .name = NULL },
};

static enum api_error
allow(struct request *request, const void *input, struct reply *reply)
{
	(void)input;
	guard_tell_application(request, reply);
	return guard_demand_role(request, STR_NONE);
}

static enum api_error
verify(struct request *request, const void *role, struct reply *reply)
{
	struct jsonw *w = reply_json(reply);

	guard_tell_server(request, reply);
	jsonw_object(w, NULL);
	jsonw_bool(w, "allowed", true);
	jsonw_object_end(w);
	return guard_demand_role(request, *(const struct str *)role);
}

static const struct operation operations[] = {
	{
	    .method = METHOD_GET,
	    .path = "/auth/verify",
	    .summary = "Whether a request may pass the gate",
	    .auth = AUTH_BEARER,
	    .body = BODY_NONE,
	    .query = query,
	    .is_gate = true,
	    .input_size = sizeof(struct str),
	    .success = 200,
	    .handle = verify,
	    .refuse = detour_name_login,
	},
};

static const struct operation authorizer = {
	.auth = AUTH_BEARER,
	.body = BODY_NONE,
	.is_gate = true,
	.input_size = 1,
	.success = 200,
	.handle = allow,
	.refuse = detour_offer,
};

const struct endpoint endpoint = {
	.name = "gate",
	.summary = "The gate of other sites",
	.needs = (const struct app_need *const[]){ NULL },
	.operations = operations,
	.operation_count = ARRAY_LEN(operations),
	.authorizer = &authorizer,
};
