/* Rotation of refresh tokens. */
#include "auth/refresh.h"

#include "auth/audit.h"
#include "auth/ending.h"
#include "auth/keyring.h"
#include "auth/rotations.h"
#include "base/fault.h"
#include "base/log.h"

struct refresh {
	struct context *context;
	struct reftoken token;
	unsigned char secret_hash[SESSION_HASH_SIZE];
	struct session_step step;
	/* What rotations_step has come to. */
	struct session_state state;
	int rc;
};

/* What a presented token is, compared with its session. */
enum standing {
	STANDING_CURRENT,
	/* One behind, inside the grace window. */
	STANDING_CONCURRENT,
	STANDING_REUSED,
	STANDING_EXPIRED,
	STANDING_ENDED,
	STANDING_INVALID,
};

static bool
is_secret_of(const struct session_state *state, const struct reftoken *token)
{
	unsigned char hash[SESSION_HASH_SIZE];

	return reftoken_hash(token, hash) == 1 &&
	    secret_equal((struct secret){ hash, sizeof hash },
	        (struct secret){ state->secret_hash, SESSION_HASH_SIZE });
}

static enum standing
judge(const struct config *config, const struct session_state *state,
    const struct reftoken *token)
{
	const int64_t behind = state->generation - token->generation;
	int64_t age_ms = state->now_ms - state->rotated_ms;

	/* Its time is when it came, and it may have come before the one that
	 * had the lock first.  No grace is no grace even then. */
	if (age_ms < 0)
		age_ms = 0;
	/* A later generation than the row's: a database put back in time. */
	if (!is_secret_of(state, token) || behind < 0)
		return STANDING_INVALID;
	if (state->ended_ms.is_set || state->user.status != USER_ACTIVE)
		return STANDING_ENDED;
	if (state->idle_expires_ms <= state->now_ms ||
	    state->expires_ms <= state->now_ms)
		return STANDING_EXPIRED;
	if (behind == 0)
		return STANDING_CURRENT;
	if (behind == 1 && age_ms < config->refresh_grace_s * 1000)
		return STANDING_CONCURRENT;
	return STANDING_REUSED;
}

/* The session ends although the caller gets an error. */
static enum api_error
end_stolen(struct context *context, struct db_conn *conn,
    const struct session_state *state)
{
	const struct ending ending = {
		.id = &state->id,
		.user_id = &state->user.id,
		.reason = SESSION_END_REUSE,
		.event = AUDIT_REFRESH_REUSED,
	};
	char text[UUID_TEXT_LEN + 1];

	uuid_format(&state->id, text);
	log_warn("refresh", "token reused, session %s ends, ip %.*s", text,
	    STR_ARG(context->ip));
	return ending_on(context, conn, &ending) < 0 ? API_UNAVAILABLE
	                                             : API_REFRESH_TOKEN_REUSED;
}

/* Refused without a change; the note must not decide the answer. */
static void
note_refusal(struct context *context, struct db_conn *conn,
    const struct session_state *state, enum audit_event event)
{
	const struct audit_note note = {
		.event = event,
		.user_id = &state->user.id,
		.session_id = &state->id,
	};

	if (conn == NULL || audit_write_once(context, conn, &note) < 0)
		log_error("audit", "a refusal could not be written down");
}

/*
 * What follows where the session has not moved.  conn is NULL where there is
 * none: that changes no answer but a thief's, whose session can't be ended.
 */
static enum api_error
settle(struct context *context, struct db_conn *conn,
    const struct session_state *state, enum standing standing)
{
	switch (standing) {
	case STANDING_CURRENT:
		/* Then it would have moved. */
		return API_INTERNAL_ERROR;
	case STANDING_CONCURRENT:
		/* Only a count: its loss must not fail the answer. */
		if (conn == NULL ||
		    session_count_concurrent(conn, context->arena, &state->id) <
		        0)
			log_warn("refresh", "a concurrent one is not counted");
		return API_OK;
	case STANDING_REUSED:
		return conn == NULL ? API_UNAVAILABLE
		                    : end_stolen(context, conn, state);
	case STANDING_EXPIRED:
		note_refusal(context, conn, state, AUDIT_REFRESH_EXPIRED);
		return API_REFRESH_TOKEN_EXPIRED;
	case STANDING_ENDED:
		note_refusal(context, conn, state, AUDIT_REFRESH_ENDED);
		return API_SESSION_ENDED;
	case STANDING_INVALID:
		break;
	}
	audit_log_only(context, "refresh_forged");
	return API_REFRESH_TOKEN_INVALID;
}

/* The MAC is ours, so there was such a session once. */
static enum api_error
refuse_unknown(const struct context *context)
{
	audit_log_only(context, "refresh_unknown");
	return API_SESSION_ENDED;
}

static enum api_error
settle_leased(struct context *context, const struct session_state *state,
    enum standing standing)
{
	const bool is_written =
	    standing != STANDING_CURRENT && standing != STANDING_INVALID;
	struct db *db = context->app->db;
	struct db_conn *conn =
	    is_written ? db_acquire(db, context->deadline_ms) : NULL;
	const enum api_error error = settle(context, conn, state, standing);

	if (conn != NULL)
		db_release(db, &conn);
	return error;
}

/* What came of the step; what follows is written where nothing moved. */
static enum api_error
outcome_of(struct refresh *refresh)
{
	struct context *context = refresh->context;
	const struct session_state *state = &refresh->state;

	if (refresh->rc < 0)
		return API_UNAVAILABLE;
	if (refresh->rc == 0)
		return refuse_unknown(context);
	/* A disabled user's sessions have ended; were one left, it may move. */
	if (state->has_moved && state->user.status == USER_ACTIVE) {
		fault_point("refresh-after-step");
		return API_OK;
	}
	fault_point("refresh-refused");
	return settle_leased(context, state,
	    judge(context->app->config, state, &refresh->token));
}

/*
 * The row may name a key that came into use after this request began.  One
 * that only another host knows arrives here soon: worth another try.
 */
static enum api_error
learn_key(struct context *context, uint32_t id)
{
	struct keys *old = context->keys;

	if (keys_mac_find(old, id) != NULL)
		return API_OK;
	context->keys = keyring_acquire(context->app->keyring, &context->now);
	keys_unref(&old);
	return keys_mac_find(context->keys, id) != NULL ? API_OK
	                                                : API_UNAVAILABLE;
}

/*
 * The successor follows from the token and the row alone, so that every
 * request that may have it gets the same bytes.
 */
static enum api_error
make_successor(const struct refresh *refresh, struct token_pair *pair_r)
{
	struct context *context = refresh->context;
	const struct session_state *state = &refresh->state;
	struct reftoken next = refresh->token;
	int64_t expires_ms = state->idle_expires_ms;
	enum api_error error;

	next.generation = state->generation;
	next.mac_key = (uint32_t)state->mac_key;
	if (expires_ms > state->expires_ms)
		expires_ms = state->expires_ms;
	error = learn_key(context, next.mac_key);
	if (error == API_OK)
		error =
		    pair_make(context, &state->user, &next, expires_ms, pair_r);
	secret_wipe(&next, sizeof next);
	return error;
}

/* Hand in the step, which moves the session on where the token is current. */
static enum api_error
hand_in(struct refresh *refresh)
{
	struct context *context = refresh->context;
	const struct config *config = context->app->config;

	refresh->step = (struct session_step){
		.id = &refresh->token.session_id,
		.generation = refresh->token.generation,
		.secret_hash = refresh->secret_hash,
		.mac_key = keys_mac_current(context->keys)->id,
		.idle_ms = config->token_refresh_idle_s * 1000,
		.ip = context->ip,
	};
	if (reftoken_hash(&refresh->token, refresh->secret_hash) != 1)
		return API_UNAVAILABLE;
	fault_point("refresh-before-step");
	return rotations_step(context, &refresh->step, &refresh->state,
	           &refresh->rc)
	    ? API_OK
	    : API_LATER;
}

enum api_error
refresh_begin(struct context *context, struct secret text,
    const struct identity *bearer, struct refresh **refresh_r)
{
	struct refresh *refresh = arena_alloc(context->arena, sizeof *refresh);
	int rc;

	if (refresh == NULL)
		return API_UNAVAILABLE;
	*refresh_r = refresh;
	refresh->context = context;
	rc = reftoken_decode(context->keys,
	    (struct str){ (const char *)text.ptr, text.len }, &refresh->token);
	fault_point("refresh-begun");
	if (rc == 0)
		audit_log_only(context, "refresh_forged");
	if (rc != 1)
		return rc < 0 ? API_UNAVAILABLE : API_REFRESH_TOKEN_INVALID;
	if (bearer != NULL &&
	    !uuid_equal(&bearer->session_id, &refresh->token.session_id))
		return API_TOKEN_MISMATCH;
	return hand_in(refresh);
}

enum api_error
refresh_finish(struct refresh *refresh, struct token_pair *pair_r)
{
	enum api_error error = outcome_of(refresh);

	if (error == API_OK)
		error = make_successor(refresh, pair_r);
	fault_point("refresh-before-answer");
	return error;
}

enum api_error
refresh_look(struct context *context, struct secret text,
    struct session_state *state_r)
{
	struct db *db = context->app->db;
	enum api_error error = API_REFRESH_TOKEN_INVALID;
	struct db_conn *conn;
	struct reftoken token;
	enum standing standing;
	int rc = reftoken_decode(context->keys,
	    (struct str){ (const char *)text.ptr, text.len }, &token);

	if (rc != 1)
		return rc < 0 ? API_UNAVAILABLE : error;
	conn = db_acquire(db, context->deadline_ms);
	if (conn == NULL)
		rc = -1;
	else
		rc = session_read(conn, context->arena, &token.session_id,
		    state_r);
	if (conn != NULL)
		db_release(db, &conn);
	if (rc < 0)
		error = API_UNAVAILABLE;
	if (rc == 1) {
		standing = judge(context->app->config, state_r, &token);
		if (standing == STANDING_CURRENT ||
		    standing == STANDING_CONCURRENT)
			error = API_OK;
	}
	secret_wipe(&token, sizeof token);
	return error;
}
