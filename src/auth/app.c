/* What a process holds for its whole life. */
#include "auth/app.h"

#include "auth/keyring.h"
#include "auth/revoked.h"
#include "auth/token_cache.h"
#include "base/epoch.h"
#include "base/file.h"
#include "wrap/digest.h"
#include "wrap/jws.h"

#include <errno.h>

/* Between reading the clock and the last byte of an answer, generously. */
enum { MINT_DELAY_MS = 60000 };

int64_t
app_access_life_ms(const struct config *config)
{
	return (config->token_access_ttl_s + config->token_leeway_s) * 1000 +
	    MINT_DELAY_MS;
}

void
app_db_options(const struct config *config, struct db_options *options_r)
{
	const bool is_socket = config->db_host[0] == '\0';

	*options_r = (struct db_options){
		.socket = is_socket ? config->path_db_socket : NULL,
		.host = is_socket ? NULL : config->db_host,
		.port = (unsigned int)config->db_port,
		.name = config->db_name,
		.user = config->db_user,
		.password_file = config->path_db_password,
		.tls = config->db_tls,
		.tls_ca = config->db_tls_ca,
		.pool = (size_t)config->db_pool,
		/* Whole seconds, so rounded up. */
		.timeout_s =
		    (unsigned int)((config->server_deadline_ms + 999) / 1000),
	};
}

static int
open_parts(struct app *app, const struct app_need *const *needs,
    struct why *why_r)
{
	const struct config *config = app->config;
	char *epoch = file_path(config->arena, config->path_run, "epoch");

	digest_start();
	if (keyring_open(config, needs, &app->keyring, why_r) < 0)
		return -1;
	if (epoch == NULL || epoch_open(epoch) < 0)
		return why_say(why_r, "%s/epoch can't be opened: %s",
		    config->path_run, strerror(errno));
	app_db_options(config, &app->db_options);
	if (db_open(&app->db_options, &app->db) < 0 ||
	    revoked_new(&app->revoked) < 0 ||
	    token_cache_new(&app->token_cache) < 0)
		return why_say(why_r, "out of memory");
	for (; *needs != NULL; needs++)
		if ((*needs)->open != NULL && (*needs)->open(app, why_r) < 0)
			return -1;
	return 1;
}

int
app_open(const struct config *config, const struct app_need *const *needs,
    struct app **app_r, struct why *why_r)
{
	struct app *app = calloc(1, sizeof *app);

	if (app == NULL)
		return why_say(why_r, "out of memory");
	app->config = config;
	if (open_parts(app, needs, why_r) < 0) {
		app_close(&app);
		return -1;
	}
	*app_r = app;
	return 1;
}

void
app_close(struct app **app)
{
	if (*app == NULL)
		return;
	token_cache_free(&(*app)->token_cache);
	revoked_free(&(*app)->revoked);
	db_close(&(*app)->db);
	keyring_close(&(*app)->keyring);
	free(*app);
	*app = NULL;
}

int
app_transaction(struct context *context,
    int (*body)(struct db_conn *conn, void *work), void *work)
{
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	int rc;

	if (conn == NULL)
		return -1;
	rc = db_transaction(conn, body, work);
	db_release(db, &conn);
	return rc;
}

void
app_tell_waiting(const struct app *app, bool begins)
{
	if (app->on_wait != NULL)
		app->on_wait(begins);
}

void
app_rest(struct app *app)
{
	db_rest(app->db);
	token_cache_rest(app->token_cache);
	revoked_rest(app->revoked, app->config);
}

void
app_thread_end(void)
{
	jws_thread_end();
}
