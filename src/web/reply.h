/* One answer: status, headers and a body, built in the request's arena. */
#ifndef LATCHKEY_WEB_REPLY_H
#define LATCHKEY_WEB_REPLY_H

#include "base/attrs.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/jsonw.h"
#include "web/request.h"

struct reply {
	int status;
	/* "application/json" or "application/problem+json". */
	const char *content_type;
	/* Seconds a cache may keep it; 0: no-store. */
	int cache_s;
	/* Further header lines, each complete with its line end. */
	struct buf headers;
	struct buf body;
	/* Writes into body. */
	struct jsonw json;
	/* For the log. */
	enum api_error error;
};

/* Empty, and a 503 until somebody says otherwise. */
NONNULL void reply_begin(struct reply *reply, struct request *request);

/* A header line.  value must not come from the request. */
NONNULL void
reply_header(struct reply *reply, const char *name, const char *value);

/* The JSON writer of the body. */
MUST_CHECK NONNULL struct jsonw *reply_json(struct reply *reply);

/* Throw away what was built and answer with a problem document (RFC 9457). */
NONNULL void reply_problem(struct reply *reply, struct request *request,
    enum api_error error);

/*
 * The whole answer as bytes for the web server.  Falls back to a constant 503
 * where it does not fit into memory, so there is always an answer.
 */
MUST_CHECK NONNULL struct str
reply_finish(struct reply *reply, struct request *request);

/*
 * That 503 by itself, for when not even the start succeeds.  id: of the
 * request, or empty.  Valid until the thread's next call.
 */
MUST_CHECK NONNULL struct str reply_last_resort(const char *id);

#endif
