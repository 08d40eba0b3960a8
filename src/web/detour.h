/*
 * The way of a browser that the gate has turned away: over a small page,
 * which renews its cookies or leads to the login, and back.
 */
#ifndef LATCHKEY_WEB_DETOUR_H
#define LATCHKEY_WEB_DETOUR_H

#include "base/attrs.h"
#include "web/reply.h"
#include "web/request.h"

/*
 * A refusal in the AUTHORIZER role.  What is neither 401, 403 nor 503 becomes
 * a 401.  Where gate.login_url is set and a browser without a token in the
 * header has asked for a page by GET, a redirect to that page takes the place
 * of a 401.  The page itself and the login are left out, so that nobody is
 * sent in circles.
 */
NONNULL void detour_offer(struct request *request, struct reply *reply);

/*
 * A refusal of /auth/verify, whose status the web server must see as it is:
 * tell where to log in by the header X-Auth-Login, if anywhere.
 */
NONNULL void detour_name_login(struct request *request, struct reply *reply);

#endif
