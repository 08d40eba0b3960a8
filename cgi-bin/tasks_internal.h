/* Fields and answers of the tasks endpoint. */
#ifndef LATCHKEY_CGI_TASKS_INTERNAL_H
#define LATCHKEY_CGI_TASKS_INTERNAL_H

#include "base/attrs.h"
#include "base/error.h"
#include "web/endpoint.h"

struct reply;
struct request;

/* struct task_wish: with a title, or only what changes; struct tasks_query. */
extern const struct field tasks_whole[];
extern const struct field tasks_parts[];
extern const struct field tasks_query[];

MUST_CHECK enum api_error tasks_handle_list(struct request *request,
    const void *input, struct reply *reply);
MUST_CHECK enum api_error tasks_handle_add(struct request *request,
    const void *input, struct reply *reply);
MUST_CHECK enum api_error tasks_handle_read(struct request *request,
    const void *input, struct reply *reply);
MUST_CHECK enum api_error tasks_handle_replace(struct request *request,
    const void *input, struct reply *reply);
MUST_CHECK enum api_error tasks_handle_change(struct request *request,
    const void *input, struct reply *reply);
MUST_CHECK enum api_error tasks_handle_delete(struct request *request,
    const void *input, struct reply *reply);

#endif
