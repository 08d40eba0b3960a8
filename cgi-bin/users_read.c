/* The answers of /api/users that show people, and make one. */
#include "auth/view.h"
#include "cgi-bin/users_internal.h"
#include "web/reply.h"

enum api_error
users_handle_list(struct request *request, const void *input,
    struct reply *reply)
{
	struct jsonw *w = reply_json(reply);
	struct people_page page;
	const enum api_error error =
	    people_list(request->context, input, &page);

	if (error != API_OK)
		return error;
	jsonw_object(w, NULL);
	jsonw_array(w, "users");
	for (size_t i = 0; i < page.count; i++)
		view_user(w, NULL, &page.users[i]);
	jsonw_array_end(w);
	jsonw_str(w, "nextCursor", page.next_cursor);
	jsonw_object_end(w);
	return API_OK;
}

enum api_error
users_handle_add(struct request *request, const void *input,
    struct reply *reply)
{
	const struct users_new *wish = input;
	char id[UUID_TEXT_LEN + 1];
	struct user user;
	const enum api_error error =
	    account_add(request->context, &request->identity->user_id,
	        &wish->registration, &wish->roles, &user);

	if (error != API_OK)
		return error;
	uuid_format(&user.id, id);
	buf_printf(&reply->headers, "Location: /api/users/%s\r\n", id);
	view_user(reply_json(reply), NULL, &user);
	return API_OK;
}

enum api_error
users_handle_read(struct request *request, const void *input,
    struct reply *reply)
{
	struct user user;
	const enum api_error error =
	    people_read(request->context, request->path_id, &user);

	(void)input;
	if (error == API_OK)
		view_user(reply_json(reply), NULL, &user);
	return error;
}
