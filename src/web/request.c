/* One request's head and body, from the web server's parameters. */
#include "web/request.h"

#include "base/buf.h"
#include "base/limits.h"

static struct str
param(const struct request *request, const char *name)
{
	return fcgi_param(request->exchange, name);
}

/*
 * What could be a textual address; anything else is nobody's.  A copy, since
 * the log line is written when the parameters are gone.
 */
static struct str
read_ip(const struct request *request)
{
	const struct str ip = param(request, "REMOTE_ADDR");

	if (ip.len == 0 || ip.len > LIMIT_IP)
		return STR("");
	for (size_t i = 0; i < ip.len; i++)
		if (!ascii_is_alnum(ip.ptr[i]) &&
		    !str_has_byte(STR(":."), ip.ptr[i]))
			return STR("");
	return str_copy(request->arena, ip);
}

/* Cut to the column's size. */
static struct str
read_user_agent(const struct request *request)
{
	return str_visible(request->arena, param(request, "HTTP_USER_AGENT"),
	    LIMIT_USER_AGENT);
}

/* Who asks for leave sends what the client wrote: good for the log alone. */
static int
read_asked_path(struct request *request)
{
	struct str uri = param(request, "REQUEST_URI");
	struct str path;

	(void)str_cut(&uri, '?', &path);
	request->path = str_visible(request->arena, path, LIMIT_PATH_LOGGED);
	return request->path.ptr == NULL ? -1 : 1;
}

/* Some servers split the path in two, each at another place. */
static int
read_path(struct request *request)
{
	struct buf path = BUF_IN(request->arena);

	buf_add(&path, param(request, "SCRIPT_NAME"));
	buf_add(&path, param(request, "PATH_INFO"));
	return buf_str(&path, &request->path);
}

int
request_read_head(struct request *request)
{
	struct uuid id;

	if (uuid_new(request->now.unix_ms, &id) < 0)
		return -1;
	uuid_format(&id, request->id);
	request->method_name = param(request, "REQUEST_METHOD");
	request->has_method =
	    method_parse(request->method_name, &request->method) == 1;
	request->is_head = str_equal(request->method_name, STR("HEAD"));
	request->ip = read_ip(request);
	request->user_agent = read_user_agent(request);
	if (request->ip.ptr == NULL || request->user_agent.ptr == NULL)
		return -1;
	return fcgi_is_authorizer(request->exchange) ? read_asked_path(request)
	                                             : read_path(request);
}

bool
request_path_fits(struct str path, const char *pattern, struct str *id_r)
{
	struct str rest = str_from(pattern);
	struct str segment;
	struct str wanted;
	bool has_more = true;

	while (has_more) {
		const bool wants_more = str_cut(&rest, '/', &wanted);

		has_more = str_cut(&path, '/', &segment);
		if (has_more != wants_more)
			return false;
		if (str_starts(wanted, STR("{")) && segment.len > 0)
			*id_r = segment;
		else if (!str_equal(wanted, segment))
			return false;
	}
	return true;
}

enum api_error
request_route(struct request *request)
{
	bool is_known = false;

	if (fcgi_is_authorizer(request->exchange)) {
		request->operation = endpoint.authorizer;
		return request->operation == NULL ? API_UNAVAILABLE : API_OK;
	}
	for (size_t i = 0; i < endpoint.operation_count; i++) {
		const struct operation *op = &endpoint.operations[i];

		if (!request_path_fits(request->path, op->path,
		        &request->path_id))
			continue;
		is_known = true;
		if (request->has_method && op->method == request->method) {
			request->operation = op;
			return API_OK;
		}
	}
	return is_known ? API_METHOD_NOT_ALLOWED : API_NOT_FOUND;
}

/* application/json, alone or with charset=utf-8 (RFC 8259, 11). */
static bool
is_json_type(struct str type)
{
	struct str name;
	struct str value;

	if (!str_cut(&type, ';', &name))
		return str_equal_nocase(str_trim(name),
		    STR("application/json"));
	if (!str_equal_nocase(str_trim(name), STR("application/json")) ||
	    !str_cut(&type, '=', &name) ||
	    !str_equal_nocase(str_trim(name), STR("charset")))
		return false;
	value = str_trim(type);
	return str_equal_nocase(value, STR("utf-8")) ||
	    str_equal_nocase(value, STR("\"utf-8\""));
}

static bool
is_form_type(struct str type)
{
	struct str name;

	(void)str_cut(&type, ';', &name);
	return str_equal_nocase(str_trim(name),
	    STR("application/x-www-form-urlencoded"));
}

static bool
is_wanted_type(const struct request *request)
{
	const struct str type = param(request, "CONTENT_TYPE");

	return request->operation->body == BODY_FORM ? is_form_type(type)
	                                             : is_json_type(type);
}

static enum api_error
read_bytes(struct request *request, size_t len)
{
	char *bytes = arena_alloc(request->arena, len + 1);
	int64_t got;

	if (bytes == NULL)
		return API_UNAVAILABLE;
	got = fcgi_read(request->exchange, bytes, len);
	/* No side effect may follow from half a body. */
	if (got < 0 || (size_t)got != len)
		return API_INVALID_REQUEST;
	request->body = (struct str){ bytes, len };
	return API_OK;
}

enum api_error
request_read_body(struct request *request)
{
	struct str length = param(request, "CONTENT_LENGTH");
	int64_t len = 0;

	request->body = STR("");
	if (request->operation->body == BODY_NONE)
		return API_OK;
	/* Apache's mod_cgid does not count a body that comes in chunks. */
	if (length.len == 0)
		return param(request, "HTTP_TRANSFER_ENCODING").len == 0
		    ? API_OK
		    : API_INVALID_REQUEST;
	if (str_to_int64(length, &len) != 1 || len < 0)
		return API_INVALID_REQUEST;
	if (len > LIMIT_BODY)
		return API_PAYLOAD_TOO_LARGE;
	if (len == 0)
		return API_OK;
	if (!is_wanted_type(request))
		return API_UNSUPPORTED_MEDIA_TYPE;
	return read_bytes(request, (size_t)len);
}
