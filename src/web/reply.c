/* One answer: status, headers and a body. */
#include "web/reply.h"

/* A fixed size: it needs neither memory nor luck. */
enum { LAST_RESORT_SIZE = 512 };

struct str
reply_last_resort(const char *id)
{
	static _Thread_local char text[LAST_RESORT_SIZE];
	const int len = snprintf(text, sizeof text,
	    "Status: 503 Service Unavailable\r\n"
	    "Content-Type: application/problem+json\r\n"
	    "Cache-Control: no-store\r\n"
	    "Retry-After: 1\r\n"
	    "X-Content-Type-Options: nosniff\r\n"
	    "X-Request-Id: %s\r\n"
	    "\r\n"
	    "{\"type\":\"urn:latchkey:problem:unavailable\","
	    "\"title\":\"The service is temporarily unavailable\","
	    "\"status\":503,\"code\":\"unavailable\",\"requestId\":\"%s\"}",
	    id, id);

	return (struct str){ text, (size_t)len };
}

static struct str
give_up(struct reply *reply, const struct request *request)
{
	reply->status = 503;
	reply->error = API_UNAVAILABLE;
	return reply_last_resort(request->id);
}

void
reply_begin(struct reply *reply, struct request *request)
{
	*reply = (struct reply){
		.status = 503,
		.content_type = "application/json",
		.headers = BUF_IN(request->arena),
		.body = BUF_IN(request->arena),
		.error = API_OK,
	};
	reply->json = JSONW_INTO(&reply->body);
}

void
reply_header(struct reply *reply, const char *name, const char *value)
{
	buf_printf(&reply->headers, "%s: %s\r\n", name, value);
}

struct jsonw *
reply_json(struct reply *reply)
{
	return &reply->json;
}

static const char *
reason_of(int status)
{
	switch (status) {
	case 200:
		return "OK";
	case 201:
		return "Created";
	case 204:
		return "No Content";
	case 302:
		return "Found";
	case 400:
		return "Bad Request";
	case 401:
		return "Unauthorized";
	case 403:
		return "Forbidden";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 409:
		return "Conflict";
	case 413:
		return "Content Too Large";
	case 415:
		return "Unsupported Media Type";
	case 422:
		return "Unprocessable Content";
	case 429:
		return "Too Many Requests";
	case 503:
		return "Service Unavailable";
	default:
		return "Internal Server Error";
	}
}

static void
add_cache_rule(struct buf *head, const struct reply *reply)
{
	if (reply->cache_s > 0 && reply->error == API_OK)
		buf_printf(head, "Cache-Control: public, max-age=%d\r\n",
		    reply->cache_s);
	else
		buf_add(head, STR("Cache-Control: no-store\r\n"));
}

struct str
reply_finish(struct reply *reply, struct request *request)
{
	struct buf head = BUF_IN(request->arena);
	struct str headers;
	struct str body;
	struct str all;

	if (buf_str(&reply->headers, &headers) < 0 ||
	    buf_str(&reply->body, &body) < 0)
		return give_up(reply, request);
	buf_printf(&head, "Status: %d %s\r\n", reply->status,
	    reason_of(reply->status));
	if (body.len > 0)
		buf_printf(&head, "Content-Type: %s\r\nContent-Length: %zu\r\n",
		    reply->content_type, body.len);
	add_cache_rule(&head, reply);
	buf_printf(&head,
	    "X-Content-Type-Options: nosniff\r\n"
	    "Content-Security-Policy: default-src 'none'; "
	    "frame-ancestors 'none'\r\n"
	    "X-Request-Id: %s\r\n",
	    request->id);
	buf_add(&head, headers);
	buf_add(&head, STR("\r\n"));
	if (!request->is_head)
		buf_add(&head, body);
	return buf_str(&head, &all) < 0 ? give_up(reply, request) : all;
}
