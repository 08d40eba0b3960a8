/* /api/users/me: the account of whoever asks. */
#include "auth/hashgate.h"
#include "cgi-bin/me_internal.h"
#include "cgi-bin/person.h"

#define AT(member) offsetof(struct people_change, member)

static const struct field changes[] = { PERSON_CHANGE(AT), { .name = NULL } };

static const struct field farewell[] = {
	{ "password", FIELD_SECRET, offsetof(struct me_farewell, password),
	    true, 0, LIMIT_PASSWORD, NULL, NULL, NULL },
	{ .name = NULL },
};

#define OWN(verb, what, by) \
	.method = METHOD_##verb, .path = "/api/users/me", .summary = (what), \
	.auth = AUTH_BEARER, .handle = (by)
#define TAKES(kind, table) \
	.body = BODY_REQUIRED, .fields = (table), .input_size = sizeof(kind)

static const struct operation operations[] = {
	{ OWN(GET, "The account of whoever asks", me_handle_read),
	    .success = 200 },
	{ OWN(PATCH, "Change one's own account", me_handle_change),
	    TAKES(struct people_change, changes), .success = 200 },
	{ OWN(DELETE, "Delete one's own account", me_handle_delete),
	    TAKES(struct me_farewell, farewell), .success = 204 },
};

const struct endpoint endpoint = {
	.name = "me",
	.summary = "One's own account",
	.needs = (const struct app_need *const[]){ &need_hashing, NULL },
	.operations = operations,
	.operation_count = ARRAY_LEN(operations),
};
