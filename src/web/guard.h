/*
 * The one door between the web and the rules: opens the process's app, makes
 * each request's context, and judges credentials.
 */
#ifndef LATCHKEY_WEB_GUARD_H
#define LATCHKEY_WEB_GUARD_H

#include "base/attrs.h"
#include "base/config.h"
#include "base/error.h"
#include "web/request.h"

struct app;

/* See app_open.  Returns 1, or -1 with a line. */
MUST_CHECK NONNULL int
guard_open(const struct config *config, struct app **app_r, struct why *why_r);
void guard_close(struct app **app);
/* See struct app. */
NONNULL void guard_give_threads(struct app *app, void (*on_wait)(bool begins),
    int (*start_thread)(void (*run)(void *work), void *work));
/* See most_waiting there. */
MUST_CHECK NONNULL size_t guard_most_waiting(const struct app *app);
/* See app_rest. */
NONNULL void guard_rest(struct app *app);
/* For each thread that ends. */
void guard_thread_end(void);

/*
 * Fill request->context.  Returns 1, or -1 without memory.  guard_end gives
 * back what it holds, and may be called without.
 */
MUST_CHECK NONNULL int guard_begin(struct app *app, struct request *request);
NONNULL void guard_end(struct request *request);
/* The rules may return API_LATER: see struct context. */
NONNULL void guard_allow_resume(struct request *request,
    void (*resume)(struct context *context), void *owner);
/* That owner. */
MUST_CHECK NONNULL void *guard_owner(const struct context *context);

/*
 * Judge the credentials by the operation's kind of authentication and fill
 * request->identity.  Credentials come in one form: the Authorization header
 * or our cookies.  Requests by cookie that change something must come from
 * our own pages.  Where the operation demands a role, its holder has it now.
 * Returns API_OK, API_AUTHENTICATION_REQUIRED, API_INVALID_TOKEN,
 * API_INVALID_CLIENT, API_INVALID_REQUEST, API_CSRF_REJECTED,
 * API_FORBIDDEN or API_UNAVAILABLE.
 */
MUST_CHECK NONNULL enum api_error guard_check(struct request *request);

/* The name of the role that is demanded; NULL for none. */
MUST_CHECK const char *guard_role_name(const struct role_demand *role);

/* Names of what the endpoint needs, for its description; NULL ends. */
MUST_CHECK const char *guard_need_name(size_t index);

#endif
