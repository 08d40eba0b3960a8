/* /api/roles: the roles there are, for administrators. */
#include "auth/roles.h"
#include "auth/demand.h"
#include "base/utf8.h"
#include "cgi-bin/roles_internal.h"
#include "web/endpoint.h"

#define ALL "/api/roles"
#define ONE "/api/roles/{name}"
#define AT(member) offsetof(struct role_wish, member)

static const struct field fields[] = {
	{ "name", FIELD_TEXT, AT(name), true, 1, LIMIT_ROLE_NAME, roles_is_name,
	    "role_name_invalid",
	    "Use a letter, then letters, digits, underscore and hyphen" },
	{ "description", FIELD_TEXT, AT(description), false, 1,
	    LIMIT_DESCRIPTION, utf8_is_plain, "description_invalid",
	    "This holds hidden characters" },
	{ .name = NULL },
};

#define ADMIN(verb, where, what, by) \
	.method = METHOD_##verb, .path = (where), .summary = (what), \
	.auth = AUTH_BEARER, .role = &demand_admin, .handle = (by)

static const struct operation operations[] = {
	{ ADMIN(GET, ALL, "All roles", roles_handle_list), .success = 200 },
	{ ADMIN(POST, ALL, "Make a role", roles_handle_add),
	    .body = BODY_REQUIRED, .fields = fields,
	    .input_size = sizeof(struct role_wish), .success = 201 },
	{ ADMIN(GET, ONE, "One role", roles_handle_read), .success = 200 },
	{ ADMIN(DELETE, ONE, "Delete a role that nobody has",
	      roles_handle_delete),
	    .success = 204 },
};

const struct endpoint endpoint = {
	.name = "roles",
	.summary = "Roles",
	.needs = (const struct app_need *const[]){ NULL },
	.operations = operations,
	.operation_count = ARRAY_LEN(operations),
};
