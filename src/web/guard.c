/* The one door between the web and the rules. */
#include "web/guard.h"

#include "auth/app.h"
#include "auth/gate.h"

int
guard_open(const struct config *config, struct app **app_r, struct why *why_r)
{
	return app_open(config, endpoint.needs, app_r, why_r);
}

void
guard_close(struct app **app)
{
	app_close(app);
}

const char *
guard_need_name(size_t index)
{
	const struct app_need *need = endpoint.needs[index];

	return need == NULL ? NULL : need->name;
}

bool
guard_needs(const char *name)
{
	size_t i = 0;

	while (endpoint.needs[i] != NULL &&
	    strcmp(endpoint.needs[i]->name, name) != 0)
		i++;
	return endpoint.needs[i] != NULL;
}

int
guard_begin(struct app *app, struct request *request)
{
	struct context *context = arena_alloc(request->arena, sizeof *context);

	if (context == NULL)
		return -1;
	*context = (struct context){
		.app = app,
		.arena = request->arena,
		.now = request->now,
		.deadline_ms = request->deadline_ms,
		.ip = request->ip,
		.user_agent = request->user_agent,
		.issues = &request->issues,
	};
	request->context = context;
	return 1;
}

/*
 * The token of "Bearer", one space, token (RFC 6750, 2.1; the scheme in any
 * case).  Returns API_OK with an absent token where there are no bearer
 * credentials.  Web servers join repeated headers by a comma: that is two
 * credentials, and no token holds one.
 */
static enum api_error
read_bearer(struct request *request, struct str *token_r)
{
	struct str header = fcgi_param(request->exchange, "HTTP_AUTHORIZATION");
	struct str scheme;

	*token_r = STR_NONE;
	if (str_has_byte(header, ',')) {
		request->has_credentials = true;
		return API_INVALID_REQUEST;
	}
	(void)str_cut(&header, ' ', &scheme);
	/* A tab for the space is a malformed header, not another scheme. */
	if (str_has_byte(scheme, '\t'))
		(void)str_cut(&scheme, '\t', &scheme);
	if (!str_equal_nocase(scheme, STR("Bearer")))
		return API_OK;
	request->has_credentials = true;
	if (header.len == 0 || header.ptr[0] == ' ' || header.ptr[0] == '\t')
		return API_INVALID_REQUEST;
	*token_r = header;
	return API_OK;
}

enum api_error
guard_check(struct request *request)
{
	struct identity *identity;
	struct str token;
	enum api_error error;

	if (request->operation->auth == AUTH_NONE)
		return API_OK;
	error = read_bearer(request, &token);
	if (error != API_OK)
		return error;
	if (token.ptr == NULL)
		return request->operation->auth == AUTH_BEARER
		    ? API_AUTHENTICATION_REQUIRED
		    : API_OK;
	identity = arena_alloc(request->arena, sizeof *identity);
	if (identity == NULL)
		return API_UNAVAILABLE;
	error = request->operation->auth == AUTH_BEARER
	    ? gate_admit(request->context, token, identity)
	    : gate_recognise(request->context, token, identity);
	if (error == API_OK)
		request->identity = identity;
	return error;
}
