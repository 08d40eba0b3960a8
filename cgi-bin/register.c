/* POST /api/auth/register: make an account of one's own. */
#include "auth/account.h"
#include "auth/hashgate.h"
#include "auth/view.h"
#include "cgi-bin/person.h"
#include "web/reply.h"
#include "web/request.h"

#define AT(member) offsetof(struct registration, member)

static const struct field fields[] = {
	PERSON_NEW(AT),
	{ "role", FIELD_TEXT, AT(role), false, 0, LIMIT_BODY, NULL, NULL,
	    NULL },
	{ .name = NULL },
};

static enum api_error
handle(struct request *request, const void *input, struct reply *reply)
{
	char id[UUID_TEXT_LEN + 1];
	struct user user;
	const enum api_error error =
	    account_register(request->context, input, &user);

	if (error != API_OK)
		return error;
	uuid_format(&user.id, id);
	buf_printf(&reply->headers, "Location: /api/users/%s\r\n", id);
	view_user(reply_json(reply), NULL, &user);
	return API_OK;
}

static const struct operation operations[] = {
	{
	    .method = METHOD_POST,
	    .path = "/api/auth/register",
	    .summary = "Make an account",
	    .auth = AUTH_NONE,
	    .body = BODY_REQUIRED,
	    .fields = fields,
	    .input_size = sizeof(struct registration),
	    .success = 201,
	    .handle = handle,
	},
};

const struct endpoint endpoint = {
	.name = "register",
	.summary = "Registration",
	.needs = (const struct app_need *const[]){ &need_hashing, NULL },
	.operations = operations,
	.operation_count = ARRAY_LEN(operations),
};
