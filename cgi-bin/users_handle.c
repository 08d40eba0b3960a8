/* The answers of /api/users that change somebody. */
#include "auth/view.h"
#include "cgi-bin/users_internal.h"
#include "web/reply.h"

/* Whom the path names; API_NOT_FOUND where that is no id. */
static enum api_error
read_order(struct request *request, struct people_order *order_r)
{
	*order_r = (struct people_order){
		.actor_id = &request->identity->user_id,
	};
	return uuid_parse(request->path_id, &order_r->user_id) == 1
	    ? API_OK
	    : API_NOT_FOUND;
}

static enum api_error
act(struct request *request, enum people_action action)
{
	struct people_order order;
	const enum api_error error = read_order(request, &order);

	return error == API_OK ? people_act(request->context, &order, action)
	                       : error;
}

enum api_error
users_handle_change(struct request *request, const void *input,
    struct reply *reply)
{
	struct people_order order;
	struct user user;
	enum api_error error = read_order(request, &order);

	if (error == API_OK)
		error = people_change(request->context, &order, input, &user);
	if (error == API_OK)
		view_user(reply_json(reply), NULL, &user);
	return error;
}

enum api_error
users_handle_roles(struct request *request, const void *input,
    struct reply *reply)
{
	const struct users_roles *wish = input;
	struct people_order order;
	struct user user;
	enum api_error error = read_order(request, &order);

	if (error == API_OK)
		error = people_set_roles(request->context, &order, &wish->roles,
		    &user);
	if (error == API_OK)
		view_user(reply_json(reply), NULL, &user);
	return error;
}

enum api_error
users_handle_delete(struct request *request, const void *input,
    struct reply *reply)
{
	(void)input;
	(void)reply;
	return act(request, PEOPLE_DELETE);
}

enum api_error
users_handle_sessions(struct request *request, const void *input,
    struct reply *reply)
{
	(void)input;
	(void)reply;
	return act(request, PEOPLE_END_SESSIONS);
}
