/* The one question of every protected resource: may this token pass? */
#include "auth/gate.h"

#include "auth/revoked.h"
#include "base/log.h"

static void
note_refusal(const struct context *context, const char *reason)
{
	log_info("gate", "token rejected: %s, ip %.*s", reason,
	    STR_ARG(context->ip));
}

enum api_error
gate_admit(struct context *context, struct str token,
    struct identity *identity_r)
{
	struct identity identity;
	const char *reason = "";
	const enum token_verdict verdict =
	    token_verify(context, token, &identity, &reason);

	if (verdict == TOKEN_UNKNOWN)
		return API_UNAVAILABLE;
	if (verdict != TOKEN_GOOD) {
		note_refusal(context, reason);
		return API_INVALID_TOKEN;
	}
	switch (revoked_check(context, &identity)) {
	case 0:
		*identity_r = identity;
		return API_OK;
	case 1:
		note_refusal(context, "revoked");
		return API_INVALID_TOKEN;
	default:
		return API_UNAVAILABLE;
	}
}

enum api_error
gate_recognise(struct context *context, struct str token,
    struct identity *identity_r)
{
	const char *reason = "";
	const enum token_verdict verdict =
	    token_verify(context, token, identity_r, &reason);

	if (verdict == TOKEN_UNKNOWN)
		return API_UNAVAILABLE;
	if (verdict != TOKEN_BAD)
		return API_OK;
	note_refusal(context, reason);
	return API_INVALID_TOKEN;
}

bool
gate_has_role(const struct identity *identity, struct str role)
{
	return str_list_has(identity->roles, ',', role);
}
