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

struct config;
struct context;
struct identity;
struct refresh;

struct request {
	const struct config *config;
	struct arena *arena;
	struct fcgi_exchange *exchange;
	/* Read once. */
	struct clock_reading now;
	int64_t deadline_ms;
	char id[UUID_TEXT_LEN + 1];
	struct str method_name;
	/* Where it is one of ours. */
	enum method method;
	bool has_method;
	bool is_head;
	struct str path;
	/* What stands for the segment in braces of the operation's path. */
	struct str path_id;
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
	/* Id of the program that asks; absent where none said. */
	struct str client;
	/* A bearer header was sent, well formed or not. */
	bool has_bearer;
	/* Cookies of ours; absent where not sent. */
	struct str access_cookie;
	struct secret refresh_cookie;
	/* What handle keeps for finish. */
	struct refresh *refresh;
};

/* Fill the request from the parameters.  Returns 1, or -1 without memory. */
MUST_CHECK NONNULL int request_read_head(struct request *request);

/*
 * Choose the operation.  Returns API_OK, API_NOT_FOUND or
 * API_METHOD_NOT_ALLOWED.
 */
MUST_CHECK NONNULL enum api_error request_route(struct request *request);

/* Whether the path fits an operation's, where {id} is any one segment. */
MUST_CHECK NONNULL bool
request_path_fits(struct str path, const char *pattern, struct str *id_r);

/*
 * Judge size and type of the body and read it.  Returns API_OK,
 * API_PAYLOAD_TOO_LARGE, API_UNSUPPORTED_MEDIA_TYPE, API_INVALID_REQUEST
 * (broken off) or API_UNAVAILABLE (memory).
 */
MUST_CHECK NONNULL enum api_error request_read_body(struct request *request);

#endif
