/* Where a browser's request comes from. */
#include "web/origin.h"

#include "base/config.h"

enum { PREFLIGHT_S = 600 };

/* Some web servers pass an empty header on, others leave it out. */
static struct str
header(const struct request *request, const char *name)
{
	const struct str value = fcgi_param(request->exchange, name);

	return value.len > 0 ? value : STR_NONE;
}

/* The page's origin is ours and ends there: no longer host name follows. */
static bool
is_own_page(const struct request *request, struct str url)
{
	const struct str own = str_from(request->config->http_public_url);

	return str_starts(url, own) &&
	    (url.len == own.len || url.ptr[own.len] == '/');
}

enum origin
origin_of(const struct request *request)
{
	const struct str site = header(request, "HTTP_SEC_FETCH_SITE");
	const struct str from = header(request, "HTTP_ORIGIN");
	const struct str referer = header(request, "HTTP_REFERER");

	/* "same-site" may be another customer's subdomain: foreign. */
	if (site.ptr != NULL)
		return str_equal(site, STR("same-origin")) ||
		        str_equal(site, STR("none"))
		    ? ORIGIN_OWN
		    : ORIGIN_FOREIGN;
	if (from.ptr != NULL)
		return str_equal(from,
		           str_from(request->config->http_public_url))
		    ? ORIGIN_OWN
		    : ORIGIN_FOREIGN;
	if (referer.ptr != NULL)
		return is_own_page(request, referer) ? ORIGIN_OWN
		                                     : ORIGIN_FOREIGN;
	return ORIGIN_UNSAID;
}

static bool
only_reads(struct str method)
{
	return str_equal(method, STR("GET")) || str_equal(method, STR("HEAD"));
}

/* The request that the gate is asked about may change something. */
static bool
may_change_behind_gate(const struct request *request, enum origin origin)
{
	const struct str forwarded = header(request, "HTTP_X_FORWARDED_METHOD");
	const struct str original = header(request, "HTTP_X_ORIGINAL_METHOD");

	/* A WebSocket is opened by GET, also from a page elsewhere. */
	if (header(request, "HTTP_UPGRADE").ptr != NULL)
		return true;
	if (fcgi_is_authorizer(request->exchange))
		return !only_reads(request->method_name);
	/* No browser sends an Origin with a GET that opens a page. */
	if (forwarded.ptr == NULL && original.ptr == NULL)
		return origin == ORIGIN_FOREIGN &&
		    header(request, "HTTP_ORIGIN").ptr != NULL;
	return (forwarded.ptr != NULL && !only_reads(forwarded)) ||
	    (original.ptr != NULL && !only_reads(original));
}

bool
origin_is_forged(const struct request *request)
{
	const enum origin origin = origin_of(request);

	if (origin == ORIGIN_OWN)
		return false;
	if (request->operation->is_gate)
		return may_change_behind_gate(request, origin);
	return request->operation->method != METHOD_GET;
}

/* The origin as the list has it, never as the request has it. */
static struct str
allowed_origin(const struct request *request)
{
	const struct str from = header(request, "HTTP_ORIGIN");
	struct str rest = str_from(request->config->cors_origins);
	struct str item;

	while (from.len > 0 && config_list_next(&rest, &item) == 1)
		if (str_equal(item, from))
			return item;
	return STR_NONE;
}

bool
origin_is_preflight(const struct request *request)
{
	return request->config->cors_origins[0] != '\0' &&
	    str_equal(request->method_name, STR("OPTIONS")) &&
	    header(request, "HTTP_ORIGIN").ptr != NULL &&
	    header(request, "HTTP_ACCESS_CONTROL_REQUEST_METHOD").ptr != NULL;
}

static void
add_methods(struct reply *reply, const struct request *request)
{
	const char *separator = "";
	struct str id;

	buf_add(&reply->headers, STR("Access-Control-Allow-Methods: "));
	for (size_t i = 0; i < endpoint.operation_count; i++) {
		const struct operation *op = &endpoint.operations[i];

		if (!request_path_fits(request->path, op->path, &id))
			continue;
		buf_printf(&reply->headers, "%s%s", separator,
		    method_name(op->method));
		separator = ", ";
	}
	buf_add(&reply->headers, STR("\r\n"));
}

enum api_error
origin_answer_preflight(struct request *request, struct reply *reply)
{
	if (allowed_origin(request).ptr == NULL)
		return API_CSRF_REJECTED;
	reply->status = 204;
	add_methods(reply, request);
	reply_header(reply, "Access-Control-Allow-Headers",
	    "authorization, content-type");
	buf_printf(&reply->headers, "Access-Control-Max-Age: %d\r\n",
	    PREFLIGHT_S);
	return API_OK;
}

void
origin_add_headers(struct reply *reply, struct request *request)
{
	const struct str origin = allowed_origin(request);

	if (request->config->cors_origins[0] == '\0')
		return;
	/* Also where no origin came: a cache must not mix the two. */
	reply_header(reply, "Vary", "Origin");
	if (origin.ptr == NULL)
		return;
	buf_printf(&reply->headers, "Access-Control-Allow-Origin: %.*s\r\n",
	    STR_ARG(origin));
	reply_header(reply, "Access-Control-Allow-Credentials", "true");
	reply_header(reply, "Access-Control-Expose-Headers",
	    "Location, Retry-After, WWW-Authenticate, X-Request-Id");
}
