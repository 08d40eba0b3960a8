/* POST /api/auth/register: make an account of one's own. */
#include "auth/account.h"
#include "auth/hashgate.h"
#include "auth/view.h"
#include "base/limits.h"
#include "base/name.h"
#include "base/utf8.h"
#include "web/endpoint.h"
#include "web/reply.h"
#include "web/request.h"

#define AT(member) offsetof(struct registration, member)

static const struct field fields[] = {
	{ "email", FIELD_TEXT, AT(email), true, 1, LIMIT_EMAIL, name_is_email,
	    "email_invalid", "This is no e-mail address we accept" },
	{ "password", FIELD_SECRET, AT(password), true, 0, LIMIT_BODY, NULL,
	    NULL, NULL },
	{ "confirmPassword", FIELD_SECRET, AT(confirm_password), false, 0,
	    LIMIT_BODY, NULL, NULL, NULL },
	{ "username", FIELD_TEXT, AT(username), false, 1, LIMIT_USERNAME,
	    name_is_username, "username_invalid",
	    "Use letters, digits, dot, hyphen and underscore, at least two" },
	{ "firstName", FIELD_TEXT, AT(first_name), false, 1, LIMIT_NAME,
	    utf8_is_plain, "name_invalid", "This holds hidden characters" },
	{ "lastName", FIELD_TEXT, AT(last_name), false, 1, LIMIT_NAME,
	    utf8_is_plain, "name_invalid", "This holds hidden characters" },
	{ "phoneNumber", FIELD_TEXT, AT(phone_number), false, 1, LIMIT_PHONE,
	    name_is_phone, "phone_number_invalid",
	    "Use digits, with + in front where needed" },
	{ "age", FIELD_INT, AT(age), false, 0, LIMIT_AGE, NULL, NULL, NULL },
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
