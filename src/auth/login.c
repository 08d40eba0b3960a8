/* From a password to a session. */
#include "auth/login.h"

#include "auth/audit.h"
#include "auth/hashgate.h"
#include "auth/keys.h"
#include "auth/opening.h"
#include "auth/policy.h"
#include "base/epoch.h"
#include "wrap/digest.h"

/* Bytes of the hint at an unknown name. */
enum { HINT_SIZE = 4 };

/* Keeps these MACs apart from any other use of the same key. */
static const struct str hint_purpose = STR_INIT("latchkey unknown name\n");

/* What the transaction that opens the session needs. */
struct login_work {
	struct opening opening;
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
open_in_transaction(struct db_conn *conn, void *work_v)
{
	struct login_work *work = work_v;
	struct context *context = work->opening.context;
	struct arena *arena = context->arena;
	const struct user *user = work->opening.user;
	const struct audit_note note = {
		.event = AUDIT_LOGIN_OK,
		.actor_id = &user->id,
		.user_id = &user->id,
		.session_id = &work->opening.session.id,
	};
	int64_t status;
	int64_t version;
	const int rc = user_lock(conn, arena, &user->id, &status, &version);

	if (rc != 1)
		return rc;
	if (status != USER_ACTIVE || version != user->token_version)
		return 0;
	if (opening_insert(conn, &work->opening) < 0 ||
	    user_note_login(conn, arena, &user->id, context->now.unix_ms,
	        work->fresh_hash) < 0)
		return -1;
	return audit_write(context, conn, &note);
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
	struct login_work work;
	enum api_error error;
	int rc;

	if (opening_prepare(context, &found->user, &work.opening) < 0)
		return API_INTERNAL_ERROR;
	work.fresh_hash = rehash_if_outdated(context, credentials->password,
	    found->password_hash);
	rc = app_transaction(context, open_in_transaction, &work);
	if (work.opening.has_ended_others)
		epoch_bump();
	if (rc != 1)
		return rc < 0 ? API_UNAVAILABLE : API_INVALID_CREDENTIALS;
	error = opening_pair(&work.opening, pair_r);
	if (error == API_OK)
		pair_r->user.last_login_ms =
		    (struct opt_int){ true, context->now.unix_ms };
	return error;
}

/*
 * People type passwords into the field for the name, so an unknown one is
 * never written down: 32 bits of its MAC, by a key outside of the database,
 * tell a name that was tried again from another, and no more.
 */
static struct str
hint_of(struct context *context, const struct credentials *credentials)
{
	const bool is_email = credentials->email.ptr != NULL;
	struct buf input = BUF_IN(context->arena);
	struct buf hint = BUF_IN(context->arena);
	unsigned char mac[DIGEST_SIZE];
	struct str text;

	buf_add(&input, hint_purpose);
	buf_add(&input,
	    policy_canonical(context->arena,
	        is_email ? credentials->email : credentials->username));
	if (buf_str(&input, &text) < 0 ||
	    digest_hmac(keys_mac_current(context->keys)->bytes, text, mac) < 0)
		return STR_NONE;
	buf_add_c(&hint, "unknown name ");
	for (size_t i = 0; i < HINT_SIZE; i++)
		buf_printf(&hint, "%02x", mac[i]);
	return buf_str(&hint, &text) == 1 ? text : STR_NONE;
}

static void
note_failure(struct context *context, const struct credentials *credentials,
    const struct user_login *found)
{
	struct audit_note note = { .event = AUDIT_LOGIN_FAILED };

	if (found == NULL)
		note.detail = hint_of(context, credentials);
	else
		note.user_id = &found->user.id;
	if (found != NULL && found->user.status != USER_ACTIVE)
		note.detail = STR("disabled");
	audit_write_alone(context, &note);
}

enum api_error
login(struct context *context, const struct credentials *credentials,
    struct token_pair *pair_r)
{
	struct user_login found = { .password_hash = STR_NONE };
	bool is_right = false;
	enum api_error error;
	const int rc = find_user(context, credentials, &found);
	const bool may_enter = rc == 1 && found.user.status == USER_ACTIVE;

	if (rc < 0)
		return API_UNAVAILABLE;
	/* Who may not enter takes as long as who does not exist. */
	error = hashgate_check(context, credentials->password,
	    may_enter ? found.password_hash : STR_NONE, &is_right);
	if (error != API_OK)
		return error;
	if (!is_right) {
		note_failure(context, credentials, rc == 1 ? &found : NULL);
		return API_INVALID_CREDENTIALS;
	}
	return begin_session(context, credentials, &found, pair_r);
}
