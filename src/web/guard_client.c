/* Who a program is, by HTTP Basic. */
#include "web/guard_client.h"

#include "auth/client.h"
#include "base/b64.h"
#include "base/form.h"

/* Take the form encoding off one half.  API_INVALID_CLIENT where it is none. */
static enum api_error
decode_half(struct request *request, struct str encoded, struct str *half_r)
{
	switch (form_decode(request->arena, encoded, half_r)) {
	case FORM_FOUND:
		return API_OK;
	case FORM_NO_MEMORY:
		return API_UNAVAILABLE;
	case FORM_ABSENT:
	case FORM_BAD:
		break;
	}
	return API_INVALID_CLIENT;
}

/* base64 of id, a colon, secret. */
static enum api_error
check_basic(struct request *request, struct str encoded)
{
	unsigned char *bytes = arena_alloc(request->arena, encoded.len + 1);
	struct str secret;
	struct str id;
	enum api_error error;
	size_t len;

	if (bytes == NULL)
		return API_UNAVAILABLE;
	if (b64_decode_plain(encoded, bytes, &len) != 1)
		return API_INVALID_CLIENT;
	secret = (struct str){ (const char *)bytes, len };
	if (!str_cut(&secret, ':', &id))
		return API_INVALID_CLIENT;
	error = decode_half(request, id, &id);
	if (error == API_OK)
		error = decode_half(request, secret, &secret);
	if (error == API_OK)
		error = client_check(request->context, id,
		    (struct secret){ (const unsigned char *)secret.ptr,
		        secret.len });
	if (error == API_OK)
		request->client = id;
	return error;
}

enum api_error
guard_check_client(struct request *request)
{
	struct str header = fcgi_param(request->exchange, "HTTP_AUTHORIZATION");
	struct str rest = header;
	struct str scheme;

	if (header.len == 0 && request->operation->auth == AUTH_MAYBE_CLIENT)
		return API_OK;
	/* Web servers join repeated headers by a comma; base64 has none. */
	if (str_has_byte(header, ','))
		return API_INVALID_REQUEST;
	if (!str_cut(&rest, ' ', &scheme) ||
	    !str_equal_nocase(scheme, STR("Basic")))
		return API_INVALID_CLIENT;
	return check_basic(request, rest);
}
