/* What an administrator does to an account. */
#ifndef LATCHKEY_AUTH_PEOPLE_H
#define LATCHKEY_AUTH_PEOPLE_H

#include "auth/app.h"
#include "base/attrs.h"
#include "base/str.h"
#include "base/uuid.h"

enum people_action {
	/* All sessions end, and no login succeeds. */
	PEOPLE_DISABLE,
	PEOPLE_ENABLE,
	/* The person's data goes; audit rows keep the id. */
	PEOPLE_DELETE,
};

/*
 * Do it to the user with this address or id.  The last active administrator
 * can't be disabled or deleted.  Returns API_OK, API_NOT_FOUND,
 * API_LAST_ADMIN or API_UNAVAILABLE.
 */
MUST_CHECK NONNULL enum api_error people_act(struct context *context,
    struct str email, enum people_action action);

#endif
