/*
 * How an endpoint declares itself: one executable, a few operations, each
 * with a method, a path, a kind of authentication, its fields and a handler.
 * The router, the contract test, lighttpd's routes and the manual's table all
 * come from this declaration.
 */
#ifndef LATCHKEY_WEB_ENDPOINT_H
#define LATCHKEY_WEB_ENDPOINT_H

#include "base/attrs.h"
#include "base/error.h"
#include "base/opt.h"
#include "base/secret.h"
#include "base/str.h"

struct app_need;
struct context;
struct role_demand;
struct reply;
struct request;

enum method {
	METHOD_GET,
	METHOD_POST,
	METHOD_PUT,
	METHOD_PATCH,
	METHOD_DELETE,
	METHOD__MAX,
};

enum auth_kind {
	/* Credentials are not looked at. */
	AUTH_NONE,
	/* A live access token of a live session, or 401. */
	AUTH_BEARER,
	/*
	 * An access token may come along; it must then be genuine, but may
	 * have expired or been revoked.
	 */
	AUTH_GENUINE,
	/* The same, and it may stand beside the refresh token's cookie. */
	AUTH_REFRESH,
	/* A program's id and secret by HTTP Basic, or 401; by check_client. */
	AUTH_CLIENT,
	/* The same, or nothing; wrong ones are refused. */
	AUTH_MAYBE_CLIENT,
	AUTH_KIND__MAX,
};

enum body_kind {
	/* A body is ignored. */
	BODY_NONE,
	/* No body counts as {}. */
	BODY_OPTIONAL,
	BODY_REQUIRED,
	/* Name and value pairs, application/x-www-form-urlencoded. */
	BODY_FORM,
	BODY_KIND__MAX,
};

enum field_type {
	/* struct str, absent where not given; lengths in code points. */
	FIELD_TEXT,
	/* struct secret, absent where not given; lengths in bytes. */
	FIELD_SECRET,
	/* struct opt_int. */
	FIELD_INT,
	/* bool, false where not given. */
	FIELD_BOOL,
	/* struct opt_bool. */
	FIELD_OPT_BOOL,
	/* struct texts; least and most are those of each text. */
	FIELD_TEXTS,
	/* struct change_text and change_int: null clears, absence keeps. */
	FIELD_CHANGE_TEXT,
	FIELD_CHANGE_INT,
	FIELD_TYPE__MAX,
};

/*
 * A member of the body, or a parameter of the query string, and where it goes
 * in the operation's input.
 */
struct field {
	/* JSON name; NULL ends the table. */
	const char *name;
	enum field_type type;
	size_t offset;
	bool is_required;
	int64_t least;
	int64_t most;
	/* For texts: further form, with the code and sentence of a refusal. */
	bool (*has_form)(struct str text);
	const char *code;
	const char *message;
};

struct operation {
	enum method method;
	/*
	 * Compared whole; one segment in braces, such as {id}, stands for any
	 * other.
	 */
	const char *path;
	const char *summary;
	enum auth_kind auth;
	/* For AUTH_CLIENT and AUTH_MAYBE_CLIENT: guard_check_client. */
	enum api_error (*check_client)(struct request *request);
	/* What else AUTH_BEARER demands; NULL for nothing. */
	const struct role_demand *role;
	enum body_kind body;
	/* NULL without a body. */
	const struct field *fields;
	/*
	 * Parameters of the query string; NULL for none.  Of the types, texts,
	 * numbers and optional booleans ("true", "false").
	 */
	const struct field *query;
	/* Size of the struct that fields and query fill; 0 for neither. */
	size_t input_size;
	/* It gives leave to another request, which may have another method. */
	bool is_gate;
	/* Status of success. */
	int success;
	/*
	 * input is the validated struct, zeroed where nothing was given.
	 * Anything but API_OK and API_LATER becomes a problem document.
	 */
	enum api_error (*handle)(struct request *request, const void *input,
	    struct reply *reply);
	/*
	 * What follows handle: after API_OK in the same thread, after
	 * API_LATER in that of whoever resumes, perhaps before handle has
	 * returned.  Never returns API_LATER.  NULL for nothing: then handle
	 * does not return it.
	 */
	enum api_error (*finish)(struct request *request, struct reply *reply);
	/*
	 * Add to the problem document of a refusal, whose reason is
	 * reply->error, or put another refusal in its place; NULL for nothing.
	 */
	void (*refuse)(struct request *request, struct reply *reply);
	/* After the answer to a success has gone out; NULL for nothing. */
	void (*afterwards)(struct context *context);
};

struct endpoint {
	const char *name;
	const char *summary;
	/* Ends with NULL. */
	const struct app_need *const *needs;
	const struct operation *operations;
	size_t operation_count;
	/*
	 * What it answers in the AUTHORIZER role, without path, query and
	 * body; NULL where it has no say in it.
	 */
	const struct operation *authorizer;
};

/* Defined by each file in cgi-bin. */
extern const struct endpoint endpoint;

/* "GET", ... and back; HEAD is GET.  Returns 1 or 0. */
MUST_CHECK const char *method_name(enum method method);
MUST_CHECK NONNULL int method_parse(struct str name, enum method *method_r);

/* Print the declaration as JSON.  Returns 1 or -1. */
MUST_CHECK int endpoint_describe(void);
/* Print the prefixes of the operations' paths, each once, one a line. */
void endpoint_print_routes(void);

#endif
