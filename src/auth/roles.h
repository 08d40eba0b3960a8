/* The roles there are, and which of them somebody wishes for. */
#ifndef LATCHKEY_AUTH_ROLES_H
#define LATCHKEY_AUTH_ROLES_H

#include "auth/app.h"
#include "base/attrs.h"
#include "base/jsonw.h"
#include "base/opt.h"
#include "model/role.h"

/* The role of administrators, and of everybody else. */
#define ROLE_ADMIN "ADMIN"
#define ROLE_USER "USER"

/* Whether it is a role's name (base/name.h) but for its case. */
MUST_CHECK bool roles_is_name(struct str name);

/* A-Z for a-z; absent in, or memory gone: absent out. */
MUST_CHECK NONNULL struct str roles_upper(struct arena *arena, struct str name);

/*
 * Roles wished for, in any case and order: upper case, sorted, each once,
 * separated by commas, as in struct user.  Without a wish it is USER.
 * Inside a transaction they stay until it ends.
 * Returns 1, 0 where one of them does not exist (context->issues), -1.
 */
MUST_CHECK NONNULL int roles_resolve(struct context *context,
    struct db_conn *conn, const struct texts *wanted, struct str *roles_r);

/* All roles by name.  Returns API_OK or API_UNAVAILABLE. */
MUST_CHECK NONNULL enum api_error
roles_list(struct context *context, const struct role_listing *listing);

/* Returns API_OK, API_NOT_FOUND or API_UNAVAILABLE. */
MUST_CHECK NONNULL enum api_error
roles_find(struct context *context, struct str name, struct role *role_r);

/*
 * Make a role; its name may come in any case.  actor_id: who does it; NULL
 * for the command line.  Returns API_OK, API_ROLE_EXISTS,
 * API_VALIDATION_FAILED where there are too many, API_FORBIDDEN where who acts
 * is no administrator any more, or API_UNAVAILABLE.
 */
struct role_wish {
	struct str name;
	/* Absent for none. */
	struct str description;
};
MUST_CHECK enum api_error
roles_add(struct context *context, const struct uuid *actor_id,
    const struct role_wish *wish, struct role *role_r);

/*
 * Delete a role that nobody has or may choose.  Returns API_OK,
 * API_NOT_FOUND, API_ROLE_IN_USE (also one that is built in or named by
 * registration.roles), API_FORBIDDEN or API_UNAVAILABLE.
 */
MUST_CHECK enum api_error roles_delete(struct context *context,
    const struct uuid *actor_id, struct str name);

/* A role as the API shows it; name is NULL for the outermost value. */
void roles_view(struct jsonw *w, const char *name, const struct role *role);

#endif
