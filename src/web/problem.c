/* Errors as problem documents (RFC 9457) with their headers. */
#include "web/reply.h"

#include "base/buf.h"

enum { RETRY_UNAVAILABLE_S = 2, RETRY_OVERLOADED_S = 1 };

static const char problem_type[] = "application/problem+json";
static const char realm[] = "Bearer realm=\"latchkey\"";
static const char basic[] = "Basic realm=\"latchkey\"";

/* Programs ask, and know the errors of OAuth. */
static bool
is_oauth(const struct request *request)
{
	return request->operation != NULL &&
	    (request->operation->auth == AUTH_CLIENT ||
	        request->operation->auth == AUTH_MAYBE_CLIENT);
}

/*
 * RFC 6749, 5.2 wants {"error"} as application/json, this service a problem
 * document.  The body is both; its type is what the program asks for.
 */
static const char *
type_for(const struct request *request)
{
	struct str accept = fcgi_param(request->exchange, "HTTP_ACCEPT");
	bool takes_json = false;
	struct str range;
	struct str type;

	while (is_oauth(request) && accept.len > 0) {
		(void)str_cut(&accept, ',', &range);
		(void)str_cut(&range, ';', &type);
		type = str_trim(type);
		if (str_equal_nocase(type, STR("application/problem+json")))
			return problem_type;
		if (str_equal_nocase(type, STR("application/json")))
			takes_json = true;
	}
	return takes_json ? "application/json" : problem_type;
}

/* RFC 6750, 3: no error attribute where no credentials were sent. */
static void
add_challenge(struct reply *reply, const char *error)
{
	if (error == NULL)
		reply_header(reply, "WWW-Authenticate", realm);
	else
		buf_printf(&reply->headers,
		    "WWW-Authenticate: %s, error=\"%s\"\r\n", realm, error);
}

static void
add_allow(struct reply *reply, const struct request *request)
{
	const char *separator = "";

	buf_add(&reply->headers, STR("Allow: "));
	for (size_t i = 0; i < endpoint.operation_count; i++) {
		const struct operation *op = &endpoint.operations[i];

		struct str id;

		if (!request_path_fits(request->path, op->path, &id))
			continue;
		buf_printf(&reply->headers, "%s%s%s", separator,
		    method_name(op->method),
		    op->method == METHOD_GET ? ", HEAD" : "");
		separator = ", ";
	}
	buf_add(&reply->headers, STR("\r\n"));
}

static void
add_headers(struct reply *reply, const struct request *request,
    enum api_error error)
{
	const int status = api_error_status(error);

	if (error == API_METHOD_NOT_ALLOWED)
		add_allow(reply, request);
	else if (error == API_INVALID_CLIENT)
		reply_header(reply, "WWW-Authenticate", basic);
	else if (error == API_INVALID_TOKEN)
		add_challenge(reply, "invalid_token");
	else if (error == API_FORBIDDEN)
		add_challenge(reply, "insufficient_scope");
	else if (error == API_INVALID_REQUEST && request->has_bearer)
		add_challenge(reply, "invalid_request");
	else if (status == 401)
		add_challenge(reply, NULL);
	else if (status == 503)
		buf_printf(&reply->headers, "Retry-After: %d\r\n",
		    error == API_OVERLOADED ? RETRY_OVERLOADED_S
		                            : RETRY_UNAVAILABLE_S);
}

static void
write_issues(struct jsonw *w, const struct issues *issues)
{
	jsonw_array(w, "errors");
	for (size_t i = 0; i < issues->count; i++) {
		const struct issue *issue = &issues->list[i];

		jsonw_object(w, NULL);
		jsonw_str(w, "field", str_from(issue->field));
		jsonw_str(w, "code", str_from(issue->code));
		jsonw_str(w, "message", str_from(issue->message));
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

void
reply_problem(struct reply *reply, struct request *request,
    enum api_error error)
{
	const char *code = api_error_code(error);
	struct buf type = BUF_IN(request->arena);
	struct jsonw *w;
	struct str type_text;

	reply_begin(reply, request);
	reply->status = api_error_status(error);
	reply->content_type = type_for(request);
	reply->error = error;
	add_headers(reply, request, error);
	buf_printf(&type, "urn:latchkey:problem:%s", code);
	if (buf_str(&type, &type_text) < 0)
		type_text = STR("about:blank");
	w = reply_json(reply);
	jsonw_object(w, NULL);
	jsonw_str(w, "type", type_text);
	jsonw_str(w, "title", str_from(api_error_title(error)));
	jsonw_int(w, "status", reply->status);
	jsonw_str(w, "detail", str_from(api_error_detail(error)));
	jsonw_str(w, "code", str_from(code));
	jsonw_str(w, "requestId", str_from(request->id));
	if (is_oauth(request) && reply->status < 500)
		jsonw_str(w, "error",
		    error == API_INVALID_CLIENT ? STR("invalid_client")
		                                : STR("invalid_request"));
	if (error == API_VALIDATION_FAILED)
		write_issues(w, &request->issues);
	jsonw_object_end(w);
}
