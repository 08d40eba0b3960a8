/* Handing out a token pair: in the body, or in cookies. */
#ifndef LATCHKEY_WEB_GUARD_PAIR_H
#define LATCHKEY_WEB_GUARD_PAIR_H

#include "auth/pair.h"
#include "base/attrs.h"
#include "web/reply.h"

/*
 * Write the pair.  In cookie mode both tokens go into cookies and their
 * members of the body are null, so that no script can read them.
 */
NONNULL void guard_send_pair(struct reply *reply, struct request *request,
    struct token_pair *pair, bool by_cookie);

/*
 * Take both cookies away; by the setting cookie.clear_site_data also whatever
 * else this site keeps in the browser.
 */
NONNULL void
guard_clear_cookies(struct reply *reply, const struct request *request);

#endif
