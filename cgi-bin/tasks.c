/* /api/tasks: what whoever asks has to do. */
#include "auth/tasks.h"
#include "cgi-bin/tasks_internal.h"
#include "web/endpoint.h"

#define ALL "/api/tasks"
#define ONE "/api/tasks/{id}"
#define WISH .body = BODY_REQUIRED, .input_size = sizeof(struct task_wish)

static const struct operation operations[] = {
	{ .method = METHOD_GET,
	    .path = ALL,
	    .summary = "One's own tasks",
	    .auth = AUTH_BEARER,
	    .query = tasks_query,
	    .input_size = sizeof(struct tasks_query),
	    .success = 200,
	    .handle = tasks_handle_list },
	{ .method = METHOD_POST,
	    .path = ALL,
	    .summary = "Add a task",
	    .auth = AUTH_BEARER,
	    WISH,
	    .fields = tasks_whole,
	    .success = 201,
	    .handle = tasks_handle_add },
	{ .method = METHOD_GET,
	    .path = ONE,
	    .summary = "One of one's tasks",
	    .auth = AUTH_BEARER,
	    .input_size = 1,
	    .success = 200,
	    .handle = tasks_handle_read },
	{ .method = METHOD_PUT,
	    .path = ONE,
	    .summary = "Replace a task",
	    .auth = AUTH_BEARER,
	    WISH,
	    .fields = tasks_whole,
	    .success = 200,
	    .handle = tasks_handle_replace },
	{ .method = METHOD_PATCH,
	    .path = ONE,
	    .summary = "Change a task",
	    .auth = AUTH_BEARER,
	    WISH,
	    .fields = tasks_parts,
	    .success = 200,
	    .handle = tasks_handle_change },
	{ .method = METHOD_DELETE,
	    .path = ONE,
	    .summary = "Delete a task",
	    .auth = AUTH_BEARER,
	    .input_size = 1,
	    .success = 204,
	    .handle = tasks_handle_delete },
};

const struct endpoint endpoint = {
	.name = "tasks",
	.summary = "Tasks",
	.needs = (const struct app_need *const[]){ NULL },
	.operations = operations,
	.operation_count = ARRAY_LEN(operations),
};
