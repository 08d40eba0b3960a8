/* GET /api/audit: what happened, for administrators. */
#include "auth/audit.h"
#include "auth/audit_read.h"
#include "auth/demand.h"
#include "base/clock.h"
#include "web/endpoint.h"
#include "web/reply.h"
#include "web/request.h"

#define AT(member) offsetof(struct audit_query, member)

static const struct field query[] = {
	{ "event", FIELD_TEXT, AT(event), false, 1, LIMIT_AUDIT_EVENT,
	    audit_is_event, "event_unknown", "There is no such event" },
	{ "user", FIELD_TEXT, AT(user), false, 1, UUID_TEXT_LEN, uuid_is_text,
	    "user_invalid", "Use the id of a user" },
	{ "since", FIELD_TEXT, AT(since), false, 1, CLOCK_PARSED_LEN,
	    clock_is_time, "since_invalid",
	    "Use a time such as 2026-11-22T10:00:00Z" },
	{ "limit", FIELD_INT, AT(page.limit), false, 1, LIMIT_PAGE, NULL, NULL,
	    NULL },
	{ "cursor", FIELD_TEXT, AT(page.cursor), false, 1, LIMIT_CURSOR, NULL,
	    NULL, NULL },
	{ .name = NULL },
};

static enum api_error
handle(struct request *request, const void *input, struct reply *reply)
{
	return audit_list(request->context, input, reply_json(reply));
}

static const struct operation operations[] = {
	{
	    .method = METHOD_GET,
	    .path = "/api/audit",
	    .summary = "The audit trail, newest first",
	    .auth = AUTH_BEARER,
	    .role = &demand_admin,
	    .body = BODY_NONE,
	    .query = query,
	    .input_size = sizeof(struct audit_query),
	    .success = 200,
	    .handle = handle,
	},
};

const struct endpoint endpoint = {
	.name = "audit",
	.summary = "The audit trail",
	.needs = (const struct app_need *const[]){ NULL },
	.operations = operations,
	.operation_count = ARRAY_LEN(operations),
};
