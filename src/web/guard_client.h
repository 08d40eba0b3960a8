/* Who a program is, by HTTP Basic. */
#ifndef LATCHKEY_WEB_GUARD_CLIENT_H
#define LATCHKEY_WEB_GUARD_CLIENT_H

#include "base/attrs.h"
#include "base/error.h"
#include "web/request.h"

/*
 * Judge the client's id and secret in the Authorization header (RFC 6749,
 * 2.3.1: each form-encoded, then joined as HTTP Basic wants it, RFC 7617) and
 * fill request->client.  Where the operation may do without, no header leaves
 * it absent; a wrong one is refused.
 * Returns API_OK, API_INVALID_CLIENT, API_INVALID_REQUEST where there are
 * two, or API_UNAVAILABLE.
 */
MUST_CHECK NONNULL enum api_error guard_check_client(struct request *request);

#endif
