/*
 * GET /bench/select/{id}: hello with one SELECT by primary key.  The ceiling of
 * what asks the database once.
 */
#include "auth/app.h"
#include "base/limits.h"
#include "web/endpoint.h"
#include "web/reply.h"
#include "web/request.h"

DB_STATEMENT(email_by_id, "SELECT email FROM user WHERE id = ?");

static int
find_email(struct context *context, const struct uuid *id, struct str *email_r)
{
	const struct db_in in[] = { DB_UUID(id) };
	const struct db_out out[] = { DB_OUT_STR(email_r, LIMIT_EMAIL) };
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	int rc;

	if (conn == NULL)
		return -1;
	rc = db_one(conn, DB_CALL(email_by_id, context->arena, in, out));
	db_release(db, &conn);
	return rc;
}

static enum api_error
handle(struct request *request, const void *input, struct reply *reply)
{
	struct jsonw *w = reply_json(reply);
	struct str email;
	struct uuid id;
	int rc;

	(void)input;
	if (uuid_parse(request->path_id, &id) != 1)
		return API_NOT_FOUND;
	rc = find_email(request->context, &id, &email);
	if (rc != 1)
		return rc < 0 ? API_UNAVAILABLE : API_NOT_FOUND;
	jsonw_object(w, NULL);
	jsonw_str(w, "email", email);
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
