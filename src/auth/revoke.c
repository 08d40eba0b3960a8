/* Giving a token back. */
#include "auth/revoke.h"

#include "auth/ending.h"
#include "auth/reftoken.h"
#include "auth/token.h"

/* Returns 1 with the token's session, 0 for no token of ours, -1. */
static int
find_session(struct context *context, struct secret token,
    struct uuid *session_id_r)
{
	const struct str text = { (const char *)token.ptr, token.len };
	struct reftoken refresh;
	struct identity identity;
	const char *reason;
	const int rc = reftoken_decode(context->keys, text, &refresh);

	if (rc == 1) {
		*session_id_r = refresh.session_id;
		secret_wipe(&refresh, sizeof refresh);
	}
	if (rc != 0)
		return rc;
	switch (token_verify(context, text, &identity, &reason)) {
	case TOKEN_GOOD:
		*session_id_r = identity.session_id;
		return 1;
	case TOKEN_UNKNOWN:
		return -1;
	case TOKEN_EXPIRED:
	case TOKEN_BAD:
		break;
	}
	return 0;
}

enum api_error
revoke(struct context *context, struct secret token, struct str client)
{
	struct uuid session_id;
	/* Whose session it is, the trail learns from its row. */
	const struct ending ending = {
		.id = &session_id,
		.reason = SESSION_END_REVOKED,
		.event = AUDIT_TOKEN_REVOKED,
		.detail = client,
	};
	const int rc = find_session(context, token, &session_id);

	if (rc != 1)
		return rc < 0 ? API_UNAVAILABLE : API_OK;
	return ending_one(context, &ending);
}
