/* From a password to a session. */
#include "auth/login.h"

#include "auth/hashgate.h"
#include "auth/policy.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/rnd.h"

/* What the transaction that opens the session needs. */
struct opening {
	struct context *context;
	const struct user *user;
	struct session_new session;
	/* Replaces the stored hash where it is set. */
	struct str fresh_hash;
};

static int
find_user(struct context *context, const struct credentials *credentials,
    struct user_login *found_r)
{
	struct db *db = context->app->db;
	struct arena *arena = context->arena;
	const bool is_email = credentials->email.ptr != NULL;
	const struct str key = policy_canonical(arena,
	    is_email ? credentials->email : credentials->username);
	struct db_conn *conn;
	int rc;

	if (key.ptr == NULL)
		return -1;
	conn = db_acquire(db, context->deadline_ms);
	if (conn == NULL)
		return -1;
	rc = is_email ? user_find_login_by_email(conn, arena, key, found_r)
	              : user_find_login_by_username(conn, arena, key, found_r);
	db_release(db, &conn);
	return rc;
}

/*
 * A slow login can't outrun a change: the session is opened only if status
 * and version are still what they were before the hash was computed.
 */
static int
open_in_transaction(struct db_conn *conn, void *opening_v)
{
	const struct opening *opening = opening_v;
	struct arena *arena = opening->context->arena;
	const struct user *user = opening->user;
	int64_t status;
	int64_t version;
	const int rc = user_lock(conn, arena, &user->id, &status, &version);

	if (rc != 1)
		return rc;
	if (status != USER_ACTIVE || version != user->token_version)
		return 0;
	if (session_insert(conn, arena, &opening->session) < 0)
		return -1;
	return user_note_login(conn, arena, &user->id, opening->fresh_hash);
}

static int
open_session(struct context *context, struct opening *opening)
{
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	int rc;

	if (conn == NULL)
		return -1;
	rc = db_transaction(conn, open_in_transaction, opening);
	db_release(db, &conn);
	return rc;
}

static int
make_session(struct context *context, const struct user *user, bool is_cookie,
    struct session_new *session_r, struct reftoken *token_r)
{
	const struct config *config = context->app->config;
	struct reftoken token = {
		.mac_key = keys_mac_current(context->app->keys)->id,
		.generation = 1,
	};
	struct session_new session = {
		.user_id = user->id,
		.mac_key = token.mac_key,
		.idle_ms = config->token_refresh_idle_s * 1000,
		.max_age_ms = config->session_max_age_s * 1000,
		.ip = context->ip,
		.user_agent = context->user_agent,
		.is_cookie = is_cookie,
	};

	if (uuid_new(context->now.unix_ms, &session.id) < 0 ||
	    rnd_bytes(token.secret, sizeof token.secret) < 0 ||
	    reftoken_hash(&token, session.secret_hash) < 0)
		return -1;
	token.session_id = session.id;
	*session_r = session;
	*token_r = token;
	return 1;
}

/* A failure to re-hash never fails the login: the old hash still serves. */
static struct str
rehash_if_outdated(struct context *context, struct secret password,
    struct str stored)
{
	const struct config *config = context->app->config;
	const struct pwhash_cost cost = {
		.memory_kib = config->password_argon2_memory_kib,
		.passes = config->password_argon2_passes,
	};
	struct str fresh;

	if (!pwhash_is_outdated(stored, &cost) ||
	    hashgate_make(context, password, &fresh) != API_OK)
		return STR_NONE;
	return fresh;
}

static enum api_error
begin_session(struct context *context, const struct credentials *credentials,
    const struct user_login *found, struct token_pair *pair_r)
{
	struct opening opening = { .context = context, .user = &found->user };
	struct reftoken token;
	enum api_error error;
	int64_t life_ms;
	int rc;

	opening.fresh_hash = rehash_if_outdated(context, credentials->password,
	    found->password_hash);
	if (make_session(context, &found->user, credentials->use_cookies,
	        &opening.session, &token) < 0)
		return API_INTERNAL_ERROR;
	rc = open_session(context, &opening);
	if (rc != 1)
		return rc < 0 ? API_UNAVAILABLE : API_INVALID_CREDENTIALS;
	life_ms = opening.session.idle_ms < opening.session.max_age_ms
	    ? opening.session.idle_ms
	    : opening.session.max_age_ms;
	error = pair_make(context, &found->user, &token,
	    context->now.unix_ms + life_ms, pair_r);
	secret_wipe(&token, sizeof token);
	if (error == API_OK) {
		pair_r->is_cookie = credentials->use_cookies;
		pair_r->user.last_login_ms =
		    (struct opt_int){ true, context->now.unix_ms };
	}
	return error;
}

enum api_error
login(struct context *context, const struct credentials *credentials,
    struct token_pair *pair_r)
{
	struct user_login found = { .password_hash = STR_NONE };
	bool is_right = false;
	enum api_error error;
	const int rc = find_user(context, credentials, &found);

	if (rc < 0)
		return API_UNAVAILABLE;
	error = hashgate_check(context, credentials->password,
	    rc == 1 ? found.password_hash : STR_NONE, &is_right);
	if (error != API_OK)
		return error;
	if (!is_right || found.user.status != USER_ACTIVE) {
		log_info("login", "refused, ip %.*s", STR_ARG(context->ip));
		return API_INVALID_CREDENTIALS;
	}
	return begin_session(context, credentials, &found, pair_r);
}
