/* What the gate adds to a live token: a role, and word of who asks. */
#ifndef LATCHKEY_WEB_GUARD_GATE_H
#define LATCHKEY_WEB_GUARD_GATE_H

#include "base/attrs.h"
#include "web/reply.h"
#include "web/request.h"

/*
 * The role that the web server demands by the parameter GATE_ROLE, and asked,
 * where present.  Returns API_OK or API_FORBIDDEN, the latter also where
 * GATE_ROLE is no role's name (logged).
 */
MUST_CHECK NONNULL enum api_error
guard_demand_role(const struct request *request, struct str asked);

/*
 * Tell who asks, in header lines whose values can't hold a line end.  The
 * e-mail address is left out where it has other bytes than [A-Za-z0-9_.,@+-].
 * For an application behind an authorizer, in variables of its environment
 * (FastCGI 1.0, 6.3); or for the web server, which passes on what it likes.
 */
NONNULL void
guard_tell_application(const struct request *request, struct reply *reply);
NONNULL void
guard_tell_server(const struct request *request, struct reply *reply);

#endif
