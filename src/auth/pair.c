/* The pair of tokens that login and refresh hand out. */
#include "auth/pair.h"

#include "auth/token.h"

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

	if (token_mint(context, user, &refresh->session_id, &pair.access_token,
	        &pair.access_expires_s) < 0 ||
	    reftoken_encode(context->keys, context->arena, refresh,
	        &pair.refresh_token) < 0)
		return API_INTERNAL_ERROR;
	*pair_r = pair;
	return API_OK;
}
