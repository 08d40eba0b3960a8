/* The answers of /api/users/me. */
#include "auth/account.h"
#include "auth/view.h"
#include "cgi-bin/me_internal.h"
#include "web/guard_pair.h"
#include "web/request.h"

/* A genuine token of somebody who is gone or shut out is none. */
static enum api_error
answer(enum api_error error, const struct user *user, struct reply *reply)
{
	if (error == API_NOT_FOUND ||
	    (error == API_OK && user->status != USER_ACTIVE))
		return API_INVALID_TOKEN;
	if (error == API_OK)
		view_user(reply_json(reply), NULL, user);
	return error;
}

enum api_error
me_handle_read(struct request *request, const void *input, struct reply *reply)
{
	const struct uuid *id = &request->identity->user_id;
	struct user user;
	const enum api_error error = account_read(request->context, id, &user);

	(void)input;
	return answer(error, &user, reply);
}

enum api_error
me_handle_change(struct request *request, const void *input,
    struct reply *reply)
{
	const struct uuid *id = &request->identity->user_id;
	const struct people_order order = {
		.actor_id = id,
		.user_id = *id,
		.is_own = true,
		.session_id = &request->identity->session_id,
	};
	struct user user;

	return answer(people_change(request->context, &order, input, &user),
	    &user, reply);
}

enum api_error
me_handle_delete(struct request *request, const void *input,
    struct reply *reply)
{
	const struct me_farewell *wish = input;
	const enum api_error error =
	    people_leave(request->context, request->identity, wish->password);

	if (error == API_OK && request->access_cookie.ptr != NULL)
		guard_clear_cookies(reply, request);
	return error;
}
