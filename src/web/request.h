/* One request, from the web server's parameters to a validated struct. */
#ifndef LATCHKEY_WEB_REQUEST_H
#define LATCHKEY_WEB_REQUEST_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/issue.h"
#include "base/str.h"
#include "base/uuid.h"
#include "web/endpoint.h"
#include "wrap/fcgi.h"

struct context;
struct identity;

struct request {
	struct arena *arena;
	struct fcgi_exchange *exchange;
	/* Read once. */
	struct clock_reading now;
	int64_t deadline_ms;
	char id[UUID_TEXT_LEN + 1];
	struct str method_name;
	bool is_head;
	struct str path;
	/* Empty where the web server gives no usable address. */
	struct str ip;
	struct str user_agent;
	struct str body;
	/* NULL until the router has chosen. */
	const struct operation *operation;
	struct issues issues;
	/* For the rules; made by the guard. */
	struct context *context;
	/* Who asks; NULL where nobody said. */
	struct identity *identity;
	/* Credentials of some kind were sent. */
	bool has_credentials;
};

/* Fill the request from the parameters.  Returns 1, or -1 without memory. */
MUST_CHECK NONNULL int request_read_head(struct request *request);

/*
 * Choose the operation.  Returns API_OK, API_NOT_FOUND or
 * API_METHOD_NOT_ALLOWED.
 */
MUST_CHECK NONNULL enum api_error request_route(struct request *request);

/*
 * Judge size and type of the body and read it.  Returns API_OK,
 * API_PAYLOAD_TOO_LARGE, API_UNSUPPORTED_MEDIA_TYPE, API_INVALID_REQUEST
 * (broken off) or API_UNAVAILABLE (memory).
 */
MUST_CHECK NONNULL enum api_error request_read_body(struct request *request);

#endif
