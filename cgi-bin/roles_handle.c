/* The answers of /api/roles. */
#include "auth/roles.h"
#include "auth/token.h"
#include "cgi-bin/roles_internal.h"
#include "web/reply.h"
#include "web/request.h"

struct writing {
	struct jsonw *w;
	struct role row;
};

static int
write_row(void *writing_v)
{
	const struct writing *writing = writing_v;

	roles_view(writing->w, NULL, &writing->row);
	return 1;
}

enum api_error
roles_handle_list(struct request *request, const void *input,
    struct reply *reply)
{
	struct writing writing = { .w = reply_json(reply) };
	const struct role_listing listing = { &writing.row, write_row,
		&writing };
	enum api_error error;

	(void)input;
	jsonw_object(writing.w, NULL);
	jsonw_array(writing.w, "roles");
	error = roles_list(request->context, &listing);
	jsonw_array_end(writing.w);
	jsonw_object_end(writing.w);
	return error;
}

enum api_error
roles_handle_add(struct request *request, const void *input,
    struct reply *reply)
{
	struct role role;
	const enum api_error error = roles_add(request->context,
	    &request->identity->user_id, input, &role);

	if (error != API_OK)
		return error;
	buf_printf(&reply->headers, "Location: /api/roles/%.*s\r\n",
	    STR_ARG(role.name));
	roles_view(reply_json(reply), NULL, &role);
	return API_OK;
}

enum api_error
roles_handle_read(struct request *request, const void *input,
    struct reply *reply)
{
	struct role role;
	const enum api_error error =
	    roles_find(request->context, request->path_id, &role);

	(void)input;
	if (error == API_OK)
		roles_view(reply_json(reply), NULL, &role);
	return error;
}

enum api_error
roles_handle_delete(struct request *request, const void *input,
    struct reply *reply)
{
	(void)input;
	(void)reply;
	return roles_delete(request->context, &request->identity->user_id,
	    request->path_id);
}
