/* The pair of tokens that login and refresh hand out. */
#include "auth/pair.h"

#include "auth/token.h"

/* No access token outlives its session, and each lives for a second. */
static int64_t
access_end(const struct context *context, int64_t session_end_s)
{
	const int64_t now_s = context->now.unix_s;
	const int64_t end_s = now_s + context->app->config->token_access_ttl_s;

	if (session_end_s <= now_s)
		return now_s + 1;
	return end_s < session_end_s ? end_s : session_end_s;
}

enum api_error
pair_make(struct context *context, const struct user *user,
    const struct reftoken *refresh, int64_t refresh_expires_ms,
    struct token_pair *pair_r)
{
	struct token_pair pair = {
		.session_id = refresh->session_id,
		.refresh_expires_s = refresh_expires_ms / 1000,
		.user = *user,
	};

	pair.access_expires_s = access_end(context, pair.refresh_expires_s);
	if (token_mint(context, user, &refresh->session_id,
	        pair.access_expires_s, &pair.access_token) < 0 ||
	    reftoken_encode(context->keys, context->arena, refresh,
	        &pair.refresh_token) < 0)
		return API_INTERNAL_ERROR;
	*pair_r = pair;
	return API_OK;
}
