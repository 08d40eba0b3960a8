/*
 * GET /bench/select/{id}: hello with one SELECT by primary key, of the row that
 * me reads.  The ceiling of what asks the database once.
 */
#include "auth/app.h"
#include "model/user.h"
#include "web/endpoint.h"
#include "web/reply.h"
#include "web/request.h"

static int
find_user(struct context *context, const struct uuid *id, struct user *user_r)
{
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	int rc;

	if (conn == NULL)
		return -1;
	rc = user_find(conn, context->arena, id, user_r);
	db_release(db, &conn);
	return rc;
}

static enum api_error
handle(struct request *request, const void *input, struct reply *reply)
{
	struct jsonw *w = reply_json(reply);
	struct user user;
	struct uuid id;
	int rc;

	(void)input;
	if (uuid_parse(request->path_id, &id) != 1)
		return API_NOT_FOUND;
	rc = find_user(request->context, &id, &user);
	if (rc != 1)
		return rc < 0 ? API_UNAVAILABLE : API_NOT_FOUND;
	jsonw_object(w, NULL);
	jsonw_str(w, "email", user.email);
	jsonw_object_end(w);
	return API_OK;
}

static const struct operation operations[] = {
	{
	    .method = METHOD_GET,
	    .path = "/bench/select/{id}",
	    .summary = "One row by its primary key",
	    .auth = AUTH_NONE,
	    .body = BODY_NONE,
	    .input_size = 1,
	    .success = 200,
	    .handle = handle,
	},
};

const struct endpoint endpoint = {
	.name = "hello-select",
	.summary = "The ceiling of what asks the database once",
	.needs = (const struct app_need *const[]){ NULL },
	.operations = operations,
	.operation_count = ARRAY_LEN(operations),
};
