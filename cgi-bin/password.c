/* POST /api/auth/password: change one's own password. */
#include "auth/password.h"
#include "auth/hashgate.h"
#include "base/limits.h"
#include "web/endpoint.h"
#include "web/guard_pair.h"
#include "web/reply.h"
#include "web/request.h"

#define AT(member) offsetof(struct password_change, member)

static const struct field fields[] = {
	{ "currentPassword", FIELD_SECRET, AT(current_password), true, 0,
	    LIMIT_PASSWORD, NULL, NULL, NULL },
	{ "newPassword", FIELD_SECRET, AT(new_password), true, 0, LIMIT_BODY,
	    NULL, NULL, NULL },
	{ "confirmPassword", FIELD_SECRET, AT(confirm_password), false, 0,
	    LIMIT_BODY, NULL, NULL, NULL },
	{ .name = NULL },
};

static enum api_error
handle(struct request *request, const void *input, struct reply *reply)
{
	struct token_pair pair;
	const enum api_error error =
	    password_change(request->context, request->identity, input, &pair);

	if (error == API_OK)
		guard_send_pair(reply, request, &pair,
		    request->access_cookie.ptr != NULL);
	return error;
}

static const struct operation operations[] = {
	{
	    .method = METHOD_POST,
	    .path = "/api/auth/password",
	    .summary = "Change one's own password",
	    .auth = AUTH_BEARER,
	    .body = BODY_REQUIRED,
	    .fields = fields,
	    .input_size = sizeof(struct password_change),
	    .success = 200,
	    .handle = handle,
	},
};

const struct endpoint endpoint = {
	.name = "password",
	.summary = "Change of password",
	.needs = (const struct app_need *const[]){ &need_signing,
	    &need_refresh_keys, &need_hashing, NULL },
	.operations = operations,
	.operation_count = ARRAY_LEN(operations),
};
