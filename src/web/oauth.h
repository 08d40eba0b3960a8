/*
 * What the endpoints of OAuth share: the parameters of introspection and
 * revocation (RFC 7662, 2.1; RFC 7009, 2.1).
 */
#ifndef LATCHKEY_WEB_OAUTH_H
#define LATCHKEY_WEB_OAUTH_H

#include "base/attrs.h"
#include "base/error.h"
#include "base/secret.h"
#include "base/str.h"
#include "web/endpoint.h"

struct oauth_input {
	struct secret token;
	/* Not needed: a token shows what it is. */
	struct str token_type_hint;
	struct str client_id;
	/* Here only to be refused: it belongs in the header. */
	struct secret client_secret;
};

extern const struct field oauth_fields[];

/*
 * Whether there is a token, and no credentials in the body.  Returns API_OK
 * or API_INVALID_REQUEST.
 */
MUST_CHECK NONNULL enum api_error oauth_check(const struct oauth_input *input);

#endif
