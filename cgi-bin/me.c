/* GET /api/users/me: the account of whoever asks. */
#include "auth/account.h"
#include "auth/token.h"
#include "auth/view.h"
#include "web/endpoint.h"
#include "web/reply.h"
#include "web/request.h"

static enum api_error
handle(struct request *request, const void *input, struct reply *reply)
{
	struct user user;
	enum api_error error =
	    account_read(request->context, &request->identity->user_id, &user);

	(void)input;
	/* A genuine token of somebody who is gone or shut out. */
	if (error == API_NOT_FOUND ||
	    (error == API_OK && user.status != USER_ACTIVE))
		error = API_INVALID_TOKEN;
	if (error == API_OK)
		view_user(reply_json(reply), NULL, &user);
	return error;
}

static const struct operation operations[] = {
	{
	    .method = METHOD_GET,
	    .path = "/api/users/me",
	    .summary = "The account of whoever asks",
	    .auth = AUTH_BEARER,
	    .body = BODY_NONE,
	    .input_size = 1,
	    .success = 200,
	    .handle = handle,
	},
};

const struct endpoint endpoint = {
	.name = "me",
	.summary = "One's own account",
	.needs = (const struct app_need *const[]){ NULL },
	.operations = operations,
	.operation_count = ARRAY_LEN(operations),
};
