/* /api/users: what administrators see of people, and do to them. */
#include "auth/demand.h"
#include "auth/hashgate.h"
#include "cgi-bin/person.h"
#include "cgi-bin/users_internal.h"

#define ALL "/api/users"
#define ONE ALL "/{id}"
#define NEW(member) offsetof(struct users_new, registration.member)
#define CHANGED(member) offsetof(struct people_change, member)
#define ASKED(member) offsetof(struct people_query, member)
#define STATUS people_is_status, "status_invalid", "Use active or disabled"

static const struct field query[] = {
	{ "search", FIELD_TEXT, ASKED(search), false, 0, LIMIT_EMAIL, NULL,
	    NULL, NULL },
	{ "role", FIELD_TEXT, ASKED(role), false, 1, LIMIT_ROLE_NAME, NULL,
	    NULL, NULL },
	{ "status", FIELD_TEXT, ASKED(status), false, 1, LIMIT_ROLE_NAME,
	    STATUS },
	{ "limit", FIELD_INT, ASKED(page.limit), false, 1, LIMIT_PAGE, NULL,
	    NULL, NULL },
	{ "cursor", FIELD_TEXT, ASKED(page.cursor), false, 1, LIMIT_CURSOR,
	    NULL, NULL, NULL },
	{ .name = NULL },
};

static const struct field new_user[] = {
	PERSON_NEW(NEW),
	{ "roles", FIELD_TEXTS, offsetof(struct users_new, roles), false, 1,
	    LIMIT_ROLE_NAME, NULL, NULL, NULL },
	{ .name = NULL },
};

static const struct field changes[] = {
	PERSON_CHANGE(CHANGED),
	{ "status", FIELD_TEXT, CHANGED(status), false, 1, LIMIT_ROLE_NAME,
	    STATUS },
	{ .name = NULL },
};

static const struct field roles[] = {
	{ "roles", FIELD_TEXTS, offsetof(struct users_roles, roles), true, 1,
	    LIMIT_ROLE_NAME, NULL, NULL, NULL },
	{ .name = NULL },
};

#define ADMIN(verb, where, what, by) \
	.method = METHOD_##verb, .path = (where), .summary = (what), \
	.auth = AUTH_BEARER, .role = &demand_admin, .handle = (by)
#define TAKES(kind, table) \
	.body = BODY_REQUIRED, .fields = (table), .input_size = sizeof(kind)

static const struct operation operations[] = {
	{ ADMIN(GET, ALL, "Find people", users_handle_list), .query = query,
	    .input_size = sizeof(struct people_query), .success = 200 },
	{ ADMIN(POST, ALL, "Make an account for somebody", users_handle_add),
	    TAKES(struct users_new, new_user), .success = 201 },
	{ ADMIN(GET, ONE, "One account", users_handle_read), .success = 200 },
	{ ADMIN(PATCH, ONE, "Change, disable or enable an account",
	      users_handle_change),
	    TAKES(struct people_change, changes), .success = 200 },
	{ ADMIN(DELETE, ONE, "Delete an account", users_handle_delete),
	    .success = 204 },
	{ ADMIN(PUT, ONE "/roles", "Give a user these roles and no others",
	      users_handle_roles),
	    TAKES(struct users_roles, roles), .success = 200 },
	{ ADMIN(DELETE, ONE "/sessions", "End all of a user's sessions",
	      users_handle_sessions),
	    .success = 204 },
};

const struct endpoint endpoint = {
	.name = "users",
	.summary = "People",
	.needs = (const struct app_need *const[]){ &need_hashing, NULL },
	.operations = operations,
	.operation_count = ARRAY_LEN(operations),
};
