/* POST /api/auth/login: from a password to a token pair. */
#include "auth/login.h"
#include "auth/hashgate.h"
#include "auth/housekeeping.h"
#include "base/limits.h"
#include "web/endpoint.h"
#include "web/guard_pair.h"
#include "web/origin.h"
#include "web/reply.h"
#include "web/request.h"

#define AT(member) offsetof(struct credentials, member)

/* Any text may be tried as a name: what is no name simply matches nobody. */
static const struct field fields[] = {
	{ "email", FIELD_TEXT, AT(email), false, 1, LIMIT_EMAIL, NULL, NULL,
	    NULL },
	{ "username", FIELD_TEXT, AT(username), false, 1, LIMIT_EMAIL, NULL,
	    NULL, NULL },
	{ "password", FIELD_SECRET, AT(password), true, 0, LIMIT_PASSWORD, NULL,
	    NULL, NULL },
	{ "useCookies", FIELD_BOOL, AT(use_cookies), false, 0, 1, NULL, NULL,
	    NULL },
	{ .name = NULL },
};

static enum api_error
handle(struct request *request, const void *input, struct reply *reply)
{
	const struct credentials *credentials = input;
	struct token_pair pair;
	enum api_error error;

	if (credentials->email.ptr == NULL && credentials->username.ptr == NULL)
		issues_add(&request->issues, "email", "required",
		    "Send email or username");
	else if (credentials->email.ptr != NULL &&
	    credentials->username.ptr != NULL)
		issues_add(&request->issues, "username", "ambiguous",
		    "Send email or username, not both");
	if (request->issues.count > 0)
		return API_VALIDATION_FAILED;
	/* Nobody else's page may log a browser in here (login CSRF). */
	if (credentials->use_cookies && origin_of(request) == ORIGIN_FOREIGN)
		return API_CSRF_REJECTED;
	error = login(request->context, credentials, &pair);
	if (error == API_OK)
		guard_send_pair(reply, request, &pair,
		    credentials->use_cookies);
	return error;
}

static const struct operation operations[] = {
	{
	    .method = METHOD_POST,
	    .path = "/api/auth/login",
	    .summary = "Log in and open a session",
	    .auth = AUTH_NONE,
	    .body = BODY_REQUIRED,
	    .fields = fields,
	    .input_size = sizeof(struct credentials),
	    .success = 200,
	    .handle = handle,
	    .afterwards = housekeeping_now_and_then,
	},
};

const struct endpoint endpoint = {
	.name = "login",
	.summary = "Login",
	.needs = (const struct app_need *const[]){ &need_signing,
	    &need_refresh_keys, &need_hashing, NULL },
	.operations = operations,
	.operation_count = ARRAY_LEN(operations),
};
