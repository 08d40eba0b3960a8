/*
 * Programs that may ask about tokens (RFC 6749, 2: confidential clients): made
 * and removed by the command line, recognised by their secret.
 */
#ifndef LATCHKEY_AUTH_CLIENT_H
#define LATCHKEY_AUTH_CLIENT_H

#include "auth/app.h"
#include "base/attrs.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/uuid.h"
#include "model/client.h"

struct client_made {
	struct uuid id;
	/* In the request's arena; nobody can show it again. */
	struct secret secret;
};

/*
 * Make a client with a fresh random secret.  Returns API_OK,
 * API_VALIDATION_FAILED with an issue about the name (its form, or taken), or
 * API_UNAVAILABLE.
 */
MUST_CHECK NONNULL enum api_error client_make(struct context *context,
    struct str name, struct client_made *made_r);

/*
 * Whether id (text, as the client sent it) has this secret (RFC 6749, 2.3.1).
 * Returns API_OK, API_INVALID_CLIENT or API_UNAVAILABLE.
 */
MUST_CHECK enum api_error
client_check(struct context *context, struct str id, struct secret secret);

/*
 * Forget the client with this id or name; its secret is refused at once.
 * Returns API_OK, API_NOT_FOUND or API_UNAVAILABLE.
 */
MUST_CHECK NONNULL enum api_error
client_forget(struct context *context, struct str id_or_name);

/* All of them, oldest first; see client_each.  API_OK or API_UNAVAILABLE. */
MUST_CHECK NONNULL enum api_error
client_tell(struct context *context, const struct client_listing *listing);

#endif
