/* Making accounts and reading one's own. */
#ifndef LATCHKEY_AUTH_ACCOUNT_H
#define LATCHKEY_AUTH_ACCOUNT_H

#include "auth/app.h"
#include "base/attrs.h"
#include "base/opt.h"
#include "base/secret.h"
#include "model/user.h"

/* As typed and checked for form; what was not given is absent. */
struct registration {
	struct str email;
	struct secret password;
	struct secret confirm_password;
	struct str username;
	struct str first_name;
	struct str last_name;
	struct str phone_number;
	struct opt_int age;
	struct str role;
};

/*
 * Make an account by the rules of self-registration: policy, a role anybody
 * may choose, an address nobody has.  A taken address is found before the
 * hash is computed.
 * Returns API_OK, API_REGISTRATION_DISABLED, API_ROLE_NOT_ALLOWED,
 * API_VALIDATION_FAILED (context->issues), API_USER_EXISTS, API_OVERLOADED,
 * API_UNAVAILABLE.  *user_r is written only on API_OK.
 */
MUST_CHECK NONNULL enum api_error account_register(struct context *context,
    const struct registration *registration, struct user *user_r);

/*
 * The same by an administrator's hand, the command line's where actor_id is
 * NULL.  The roles are not limited to registration.roles but must exist:
 * API_VALIDATION_FAILED with "role_unknown".  Without roles it is USER.
 * API_FORBIDDEN where who acts is no administrator any more.
 */
MUST_CHECK enum api_error account_add(struct context *context,
    const struct uuid *actor_id, const struct registration *registration,
    const struct texts *roles, struct user *user_r);

/* Whether an active administrator exists.  API_OK or API_UNAVAILABLE. */
MUST_CHECK NONNULL enum api_error
account_has_admin(struct context *context, bool *has_admin_r);

/* Returns API_OK, API_NOT_FOUND or API_UNAVAILABLE. */
MUST_CHECK NONNULL enum api_error account_read(struct context *context,
    const struct uuid *id, struct user *user_r);

#endif
