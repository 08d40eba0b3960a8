/*
 * The two cookies of cookie mode.  The prefix __Host- makes the browser see
 * to it that they are Secure, bound to this host and to the path / (RFC
 * 6265bis, 4.1.3.2).
 */
#ifndef LATCHKEY_WEB_COOKIE_H
#define LATCHKEY_WEB_COOKIE_H

#include "base/attrs.h"
#include "base/str.h"
#include "web/reply.h"

#define COOKIE_ACCESS "__Host-latchkey-access"
#define COOKIE_REFRESH "__Host-latchkey-refresh"

/*
 * Find a cookie in a Cookie header.  Returns 1, 0 where it is not there or
 * empty, -1 where it is there twice: somebody else may have set one of them.
 */
MUST_CHECK NONNULL int
cookie_find(struct str header, const char *name, struct str *value_r);

/* max_age_s 0 removes it.  value must be a token of ours. */
NONNULL void cookie_set(struct reply *reply, const char *name, struct str value,
    int64_t max_age_s);

#endif
