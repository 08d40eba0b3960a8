/*
 * Where a browser's request comes from: the defence of cookie mode against
 * other sites' pages (Fetch Metadata, then Origin, then Referer), and the
 * allow-list for front ends elsewhere (CORS).
 */
#ifndef LATCHKEY_WEB_ORIGIN_H
#define LATCHKEY_WEB_ORIGIN_H

#include "base/attrs.h"
#include "web/reply.h"
#include "web/request.h"

enum origin {
	/* One of our own pages, or the user by hand. */
	ORIGIN_OWN,
	ORIGIN_FOREIGN,
	/* No browser says anything, as with curl. */
	ORIGIN_UNSAID,
};

MUST_CHECK NONNULL enum origin origin_of(const struct request *request);

/*
 * Whether a request by cookie is to be refused, because it may change
 * something and no page of ours has sent it.  A GET may change nothing.  At
 * the gate, where the request is somebody else's, its method is what the web
 * server says (RFC 9110, 9.2.1).
 */
MUST_CHECK NONNULL bool origin_is_forged(const struct request *request);

/* Whether the request is a CORS preflight (Fetch, 3.2.2). */
MUST_CHECK NONNULL bool origin_is_preflight(const struct request *request);
/* Answer one: API_OK for an origin of the list, else API_CSRF_REJECTED. */
MUST_CHECK NONNULL enum api_error
origin_answer_preflight(struct request *request, struct reply *reply);

/* Add the CORS headers to a finished reply, where they apply. */
NONNULL void origin_add_headers(struct reply *reply, struct request *request);

#endif
