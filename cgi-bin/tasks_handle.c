/* The answers of the tasks endpoint. */
#include "auth/tasks.h"
#include "auth/token.h"
#include "cgi-bin/tasks_internal.h"
#include "web/reply.h"
#include "web/request.h"

static struct task_ref
ref_of(const struct request *request)
{
	return (struct task_ref){
		.owner_id = &request->identity->user_id,
		.id = request->path_id,
	};
}

enum api_error
tasks_handle_list(struct request *request, const void *input,
    struct reply *reply)
{
	return tasks_list(request->context, &request->identity->user_id, input,
	    reply_json(reply));
}

enum api_error
tasks_handle_add(struct request *request, const void *input,
    struct reply *reply)
{
	char id[UUID_TEXT_LEN + 1];
	struct task task;
	const enum api_error error = tasks_add(request->context,
	    &request->identity->user_id, input, &task);

	if (error != API_OK)
		return error;
	uuid_format(&task.id, id);
	buf_printf(&reply->headers, "Location: /api/tasks/%s\r\n", id);
	task_view(reply_json(reply), NULL, &task);
	return API_OK;
}

enum api_error
tasks_handle_read(struct request *request, const void *input,
    struct reply *reply)
{
	const struct task_ref ref = ref_of(request);

	(void)input;
	return tasks_read(request->context, &ref, reply_json(reply));
}

enum api_error
tasks_handle_replace(struct request *request, const void *input,
    struct reply *reply)
{
	const struct task_ref ref = ref_of(request);

	return tasks_replace(request->context, &ref, input, reply_json(reply));
}

enum api_error
tasks_handle_change(struct request *request, const void *input,
    struct reply *reply)
{
	const struct task_ref ref = ref_of(request);

	return tasks_change(request->context, &ref, input, reply_json(reply));
}

enum api_error
tasks_handle_delete(struct request *request, const void *input,
    struct reply *reply)
{
	const struct task_ref ref = ref_of(request);

	(void)input;
	(void)reply;
	return tasks_delete(request->context, &ref);
}
