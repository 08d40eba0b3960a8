/*
 * One exchange with the web server, the same for FastCGI and plain CGI
 * (RFC 3875): named parameters in, a body in, bytes out.
 */
#ifndef LATCHKEY_WRAP_FCGI_H
#define LATCHKEY_WRAP_FCGI_H

#include "base/attrs.h"
#include "base/str.h"

struct fcgi_exchange;

/* Once per process, before any other call.  Returns 1 or -1. */
MUST_CHECK int fcgi_start(void);

/* Whether the process was started for one request, by plain CGI. */
MUST_CHECK bool fcgi_is_cgi(void);

/* For one request at a time.  Returns 1 or -1.  Freed by fcgi_free. */
MUST_CHECK NONNULL int fcgi_new(struct fcgi_exchange **exchange_r);
void fcgi_free(struct fcgi_exchange **exchange);

/*
 * Wait for the next request.  Returns 1, 0 where none came for ten seconds,
 * or -1 when the process is to end.  Under CGI the first call returns 1 and
 * the next one -1.
 */
MUST_CHECK NONNULL int fcgi_accept(struct fcgi_exchange *exchange);

/*
 * Whether the web server asks in the AUTHORIZER role: only for leave, without
 * the path and without the body, which must not be read then.
 */
MUST_CHECK NONNULL bool
fcgi_is_authorizer(const struct fcgi_exchange *exchange);

/*
 * Whether nothing comes after this exchange's answer: neither another request
 * on its connection, nor the end of the process.
 */
MUST_CHECK NONNULL bool fcgi_is_single(const struct fcgi_exchange *exchange);

/* A parameter such as REQUEST_METHOD; absent where it is not set. */
MUST_CHECK NONNULL struct str
fcgi_param(const struct fcgi_exchange *exchange, const char *name);

/*
 * Read up to len bytes of the body.  Returns the number of bytes, fewer only
 * at its end, or -1 where the stream broke off.
 */
MUST_CHECK NONNULL int64_t fcgi_read(struct fcgi_exchange *exchange,
    char *bytes_r, size_t len);

/*
 * FastCGI: read what is left of the body, which the web server has bounded, and
 * its end.  Not of an authorizer.
 */
NONNULL void fcgi_drain(struct fcgi_exchange *exchange);

/* Write the whole answer, head and body, and finish the request. */
NONNULL void fcgi_answer(struct fcgi_exchange *exchange, struct str bytes);

/* From now on fcgi_accept returns -1 (where it waits: after a signal). */
void fcgi_stop(void);

#endif
