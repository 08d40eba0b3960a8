/* GET /.well-known/oauth-authorization-server: what OAuth finds here. */
#include "base/config.h"
#include "web/endpoint.h"
#include "web/reply.h"
#include "web/request.h"

enum { CACHE_S = 300 };

static void
write_url(struct jsonw *w, const char *name, const struct request *request,
    const char *path)
{
	struct buf url = BUF_IN(request->arena);
	struct str text = STR_NONE;

	buf_printf(&url, "%s%s", request->config->http_public_url, path);
	w->buf->is_failed |= buf_str(&url, &text) < 0;
	jsonw_str(w, name, text);
}

/* items: separated by spaces. */
static void
write_list(struct jsonw *w, const char *name, struct str items)
{
	struct str item;

	jsonw_array(w, name);
	while (items.len > 0) {
		(void)str_cut(&items, ' ', &item);
		jsonw_str(w, NULL, item);
	}
	jsonw_array_end(w);
}

/*
 * RFC 8414, 2.  There is no authorization and no token endpoint, because
 * people log in by the API.  The two empty lists say so: one is required, and
 * without the other its default would promise grants that do not exist.
 */
static enum api_error
handle(struct request *request, const void *input, struct reply *reply)
{
	struct jsonw *w = reply_json(reply);

	(void)input;
	jsonw_object(w, NULL);
	jsonw_str(w, "issuer", str_from(request->config->issuer));
	write_url(w, "jwks_uri", request, "/.well-known/jwks.json");
	write_list(w, "response_types_supported", STR(""));
	write_list(w, "grant_types_supported", STR(""));
	write_url(w, "introspection_endpoint", request, "/oauth/introspect");
	write_list(w, "introspection_endpoint_auth_methods_supported",
	    STR("client_secret_basic"));
	write_url(w, "revocation_endpoint", request, "/oauth/revoke");
	write_list(w, "revocation_endpoint_auth_methods_supported",
	    STR("client_secret_basic none"));
	jsonw_object_end(w);
	reply->cache_s = CACHE_S;
	return API_OK;
}

static const struct operation operations[] = {
	{
	    .method = METHOD_GET,
	    .path = "/.well-known/oauth-authorization-server",
	    .summary = "What OAuth clients find here",
	    .auth = AUTH_NONE,
	    .success = 200,
	    .handle = handle,
	},
};

const struct endpoint endpoint = {
	.name = "metadata",
	.summary = "Metadata of OAuth",
	.needs = (const struct app_need *const[]){ NULL },
	.operations = operations,
	.operation_count = ARRAY_LEN(operations),
};
