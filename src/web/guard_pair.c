/* Handing out a token pair: in the body, or in cookies. */
#include "web/guard_pair.h"

#include "auth/view.h"
#include "base/config.h"
#include "web/cookie.h"

void
guard_send_pair(struct reply *reply, struct request *request,
    struct token_pair *pair, bool by_cookie)
{
	const int64_t now_s = request->now.unix_s;

	if (by_cookie) {
		cookie_set(reply, COOKIE_ACCESS, pair->access_token,
		    pair->access_expires_s - now_s);
		cookie_set(reply, COOKIE_REFRESH, pair->refresh_token,
		    pair->refresh_expires_s - now_s);
		pair->access_token = STR_NONE;
		pair->refresh_token = STR_NONE;
	}
	view_pair(reply_json(reply), pair, now_s);
}

void
guard_clear_cookies(struct reply *reply, const struct request *request)
{
	cookie_set(reply, COOKIE_ACCESS, STR(""), 0);
	cookie_set(reply, COOKIE_REFRESH, STR(""), 0);
	if (request->config->cookie_clear_site_data)
		reply_header(reply, "Clear-Site-Data",
		    "\"cache\", \"cookies\", \"storage\"");
}
