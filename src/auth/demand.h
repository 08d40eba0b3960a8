/* What an operation demands of whoever asks, beyond a live token: a role. */
#ifndef LATCHKEY_AUTH_DEMAND_H
#define LATCHKEY_AUTH_DEMAND_H

#include "auth/app.h"
#include "auth/token.h"
#include "base/attrs.h"

struct role_demand {
	/* Upper case, as in claims. */
	const char *name;
	/*
	 * Returns API_OK, API_FORBIDDEN or API_UNAVAILABLE.  A function, so
	 * that what nobody demands is not linked.
	 */
	enum api_error (*check)(struct context *context,
	    const struct identity *identity, const struct role_demand *role);
};

/*
 * An administrator by the token's claim and by the database: an active user
 * who has the role at this moment.
 */
extern const struct role_demand demand_admin;

#endif
