/* The one door between the web and the rules. */
#include "web/guard.h"

#include "auth/app.h"
#include "auth/demand.h"
#include "auth/gate.h"
#include "auth/keyring.h"
#include "base/config.h"
#include "web/cookie.h"
#include "web/origin.h"

int
guard_open(const struct config *config, struct app **app_r, struct why *why_r)
{
	return app_open(config, endpoint.needs, app_r, why_r);
}

void
guard_give_threads(struct app *app, void (*on_wait)(bool begins),
    int (*start_thread)(void (*run)(void *work), void *work))
{
	app->on_wait = on_wait;
	app->start_thread = start_thread;
}

size_t
guard_most_waiting(const struct app *app)
{
	return app->most_waiting;
}

void
guard_rest(struct app *app)
{
	app_rest(app);
}

void
guard_close(struct app **app)
{
	app_close(app);
}

const char *
guard_role_name(const struct role_demand *role)
{
	return role == NULL ? NULL : role->name;
}

const char *
guard_need_name(size_t index)
{
	const struct app_need *need = endpoint.needs[index];

	return need == NULL ? NULL : need->name;
}

void
guard_thread_end(void)
{
	app_thread_end();
}

int
guard_begin(struct app *app, struct request *request)
{
	struct context *context = arena_alloc(request->arena, sizeof *context);

	if (context == NULL)
		return -1;
	*context = (struct context){
		.app = app,
		.keys = keyring_acquire(app->keyring, &request->now),
		.arena = request->arena,
		.now = request->now,
		.deadline_ms = request->deadline_ms,
		.ip = request->ip,
		.user_agent = request->user_agent,
		.request_id = str_from(request->id),
		.issues = &request->issues,
	};
	request->context = context;
	return 1;
}

void
guard_end(struct request *request)
{
	if (request->context != NULL)
		keys_unref(&request->context->keys);
}

void
guard_allow_resume(struct request *request,
    void (*resume)(struct context *context), void *owner)
{
	request->context->resume = resume;
	request->context->owner = owner;
}

void *
guard_owner(const struct context *context)
{
	return context->owner;
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
	struct str rest;

	*token_r = STR_NONE;
	if (str_has_byte(header, ',')) {
		request->has_bearer = true;
		return API_INVALID_REQUEST;
	}
	(void)str_cut(&header, ' ', &rest);
	/* A tab for the space is a malformed header, not another scheme. */
	if (str_cut(&rest, '\t', &scheme))
		header = STR("");
	if (!str_equal_nocase(scheme, STR("Bearer")))
		return API_OK;
	request->has_bearer = true;
	if (header.len == 0 || header.ptr[0] == ' ' || header.ptr[0] == '\t')
		return API_INVALID_REQUEST;
	*token_r = header;
	return API_OK;
}

/* Returns API_OK, or API_INVALID_TOKEN where a cookie came twice. */
static enum api_error
read_cookies(struct request *request)
{
	const struct str header = fcgi_param(request->exchange, "HTTP_COOKIE");
	struct str refresh = STR_NONE;

	if (cookie_find(header, COOKIE_ACCESS, &request->access_cookie) < 0 ||
	    cookie_find(header, COOKIE_REFRESH, &refresh) < 0)
		return API_INVALID_TOKEN;
	request->refresh_cookie = (struct secret){
		(const unsigned char *)refresh.ptr,
		refresh.len,
	};
	return API_OK;
}

static bool
has_cookies(const struct request *request)
{
	return request->access_cookie.ptr != NULL ||
	    request->refresh_cookie.ptr != NULL;
}

/* A browser adds cookies by itself, so it must be asked by our own page. */
static bool
is_forged_across_sites(const struct request *request)
{
	return has_cookies(request) && origin_is_forged(request);
}

static enum api_error
read_credentials(struct request *request, struct str *bearer_r)
{
	const bool may_have_both = request->operation->auth == AUTH_REFRESH;
	enum api_error error = read_cookies(request);

	if (error == API_OK)
		error = read_bearer(request, bearer_r);
	if (error != API_OK)
		return error;
	if (bearer_r->ptr != NULL && has_cookies(request) && !may_have_both)
		return API_INVALID_REQUEST;
	return is_forged_across_sites(request) ? API_CSRF_REJECTED : API_OK;
}

static enum api_error
recognise(struct request *request, struct str token, struct identity *identity)
{
	const enum api_error error =
	    gate_recognise(request->context, token, identity);

	if (error == API_OK)
		request->identity = identity;
	return error;
}

/*
 * Logout and refresh.  A bad token in the header is refused; a bad one in the
 * cookie is not looked at where the refresh token's cookie will do.
 */
static enum api_error
check_genuine(struct request *request, struct str bearer,
    struct identity *identity)
{
	const bool is_refresh = request->operation->auth == AUTH_REFRESH;
	enum api_error error;

	if (bearer.ptr != NULL)
		return recognise(request, bearer, identity);
	if (request->access_cookie.ptr == NULL ||
	    (is_refresh && !request->config->refresh_require_access_token))
		return API_OK;
	error = recognise(request, request->access_cookie, identity);
	if (error == API_INVALID_TOKEN && !is_refresh &&
	    request->refresh_cookie.ptr != NULL)
		return API_OK;
	return error;
}

static enum api_error
check_live(struct request *request, struct str bearer,
    struct identity *identity)
{
	const struct role_demand *role = request->operation->role;
	const struct str token =
	    bearer.ptr != NULL ? bearer : request->access_cookie;
	enum api_error error;

	if (token.ptr == NULL)
		return API_AUTHENTICATION_REQUIRED;
	error = gate_admit(request->context, token, identity);
	if (error != API_OK)
		return error;
	request->identity = identity;
	return role == NULL ? API_OK
	                    : role->check(request->context, identity, role);
}

enum api_error
guard_check(struct request *request)
{
	const enum auth_kind auth = request->operation->auth;
	struct identity *identity;
	struct str bearer = STR_NONE;
	enum api_error error;

	if (auth == AUTH_NONE)
		return API_OK;
	if (auth == AUTH_CLIENT || auth == AUTH_MAYBE_CLIENT)
		return request->operation->check_client(request);
	error = read_credentials(request, &bearer);
	if (error != API_OK)
		return error;
	identity = arena_alloc(request->arena, sizeof *identity);
	if (identity == NULL)
		return API_UNAVAILABLE;
	return auth == AUTH_BEARER ? check_live(request, bearer, identity)
	                           : check_genuine(request, bearer, identity);
}
