/* What the endpoints of OAuth share. */
#include "web/oauth.h"

#include "base/limits.h"

#define AT(member) offsetof(struct oauth_input, member)

/* What is missing or too long is no 422 here: OAuth has words of its own. */
const struct field oauth_fields[] = {
	{ "token", FIELD_SECRET, AT(token), false, 0, LIMIT_BODY, NULL, NULL,
	    NULL },
	{ "token_type_hint", FIELD_TEXT, AT(token_type_hint), false, 0,
	    LIMIT_BODY, NULL, NULL, NULL },
	{ "client_id", FIELD_TEXT, AT(client_id), false, 0, LIMIT_BODY, NULL,
	    NULL, NULL },
	{ "client_secret", FIELD_SECRET, AT(client_secret), false, 0,
	    LIMIT_BODY, NULL, NULL, NULL },
	{ .name = NULL },
};

enum api_error
oauth_check(const struct oauth_input *input)
{
	/* RFC 6749, 3.1: an empty parameter counts as none. */
	if (input->token.len == 0 || input->client_secret.len > 0)
		return API_INVALID_REQUEST;
	return API_OK;
}
