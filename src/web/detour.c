/* The way of a browser that the gate has turned away. */
#include "web/detour.h"

#include "base/config.h"
#include "base/path.h"

static const struct str page = STR_INIT("/gate/return.html");

static struct str
param(const struct request *request, const char *name)
{
	return fcgi_param(request->exchange, name);
}

static bool
has_text(struct str text, struct str wanted)
{
	for (size_t i = 0; i + wanted.len <= text.len; i++)
		if (str_starts(str_from_offset(text, i), wanted))
			return true;
	return false;
}

/*
 * What fills the window, and no script, image or frame (Fetch Metadata).
 * Browsers of before 2023 only say that they take HTML.
 */
static bool
opens_page(const struct request *request)
{
	const struct str mode = param(request, "HTTP_SEC_FETCH_MODE");
	const struct str target = param(request, "HTTP_SEC_FETCH_DEST");

	if (mode.ptr == NULL)
		return has_text(param(request, "HTTP_ACCEPT"),
		    STR("text/html"));
	return str_equal(mode, STR("navigate")) &&
	    (target.ptr == NULL || str_equal(target, STR("document")));
}

static bool
is_path_of(struct str uri, struct str address)
{
	struct str path;
	struct str own;

	(void)str_cut(&uri, '?', &path);
	(void)str_cut(&address, '?', &own);
	return str_equal(path, own);
}

static bool
is_welcome(const struct request *request, const struct reply *reply,
    struct str uri)
{
	const struct str login = str_from(request->config->gate_login_url);

	return login.len > 0 && !request->has_bearer &&
	    (reply->error == API_AUTHENTICATION_REQUIRED ||
	        reply->error == API_INVALID_TOKEN) &&
	    str_equal(request->method_name, STR("GET")) &&
	    opens_page(request) && !is_path_of(uri, page) &&
	    !is_path_of(uri, login);
}

/* Only what every reader of a query takes for itself stays as it is. */
static void
add_encoded(struct buf *buf, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		const char c = text.ptr[i];

		if (ascii_is_alnum(c) || str_has_byte(STR("/-._~"), c))
			buf_add_byte(buf, c);
		else
			buf_printf(buf, "%%%02X", (unsigned char)c);
	}
}

void
detour_offer(struct request *request, struct reply *reply)
{
	const struct str uri = param(request, "REQUEST_URI");

	if (reply->status != 401 && reply->status != 403 &&
	    reply->status != 503)
		reply_problem(reply, request, API_INVALID_TOKEN);
	if (!is_welcome(request, reply, uri))
		return;
	reply->status = 302;
	buf_add(&reply->headers, STR("Location: "));
	buf_add(&reply->headers, page);
	if (path_is_own(uri)) {
		buf_add(&reply->headers, STR("?to="));
		add_encoded(&reply->headers, uri);
	}
	buf_add(&reply->headers, STR("\r\n"));
	reply->body = BUF_IN(request->arena);
}

void
detour_name_login(struct request *request, struct reply *reply)
{
	const char *login = request->config->gate_login_url;

	if (reply->status == 401 && login[0] != '\0')
		reply_header(reply, "X-Auth-Login", login);
}
