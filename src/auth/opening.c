/* Opening a session: by login, and again after a password change. */
#include "auth/opening.h"

#include "auth/audit.h"
#include "auth/ending.h"
#include "base/rnd.h"

/* After the cap was lowered, each login takes a few away, in bounded time. */
enum { SURPLUS_MAX = 4 };

int
opening_prepare(struct context *context, const struct user *user,
    struct opening *opening_r)
{
	const struct config *config = context->app->config;
	struct opening opening = { .context = context, .user = user };

	opening.token.mac_key = keys_mac_current(context->keys)->id;
	opening.token.generation = 1;
	opening.session = (struct session_new){
		.user_id = user->id,
		.mac_key = opening.token.mac_key,
		.idle_ms = config->token_refresh_idle_s * 1000,
		.max_age_ms = config->session_max_age_s * 1000,
		.ip = context->ip,
		.user_agent = context->user_agent,
	};
	if (uuid_new(context->now.unix_ms, &opening.session.id) < 0 ||
	    rnd_bytes(opening.token.secret, SESSION_SECRET_SIZE) < 0 ||
	    reftoken_hash(&opening.token, opening.session.secret_hash) < 0)
		return -1;
	opening.token.session_id = opening.session.id;
	*opening_r = opening;
	return 1;
}

/*
 * Where more sessions live than allowed, the one idle longest ends.  Returns
 * how many are too many still, or -1.
 */
static int64_t
end_surplus(struct db_conn *conn, struct opening *opening)
{
	struct context *context = opening->context;
	const int64_t allowed = context->app->config->session_max_per_user;
	struct uuid id;
	int64_t living;
	const struct ending ending = {
		.id = &id,
		.user_id = &opening->user->id,
		.actor_id = &opening->user->id,
		.reason = SESSION_END_CAP,
		.event = AUDIT_SESSION_CAPPED,
	};
	const int rc = session_find_idlest(conn, context->arena,
	    &opening->user->id, &id, &living);

	if (rc != 1 || living <= allowed)
		return rc < 0 ? -1 : 0;
	if (ending_within(context, conn, &ending) < 0)
		return -1;
	opening->has_ended_others = true;
	return living - 1 - allowed;
}

int
opening_insert(struct db_conn *conn, struct opening *opening)
{
	int64_t surplus = 1;

	if (session_insert(conn, opening->context->arena, &opening->session,
	        &opening->expires_ms) < 0)
		return -1;
	for (int ended = 0; ended < SURPLUS_MAX && surplus > 0; ended++)
		surplus = end_surplus(conn, opening);
	return surplus < 0 ? -1 : 1;
}

enum api_error
opening_pair(struct opening *opening, struct token_pair *pair_r)
{
	const enum api_error error = pair_make(opening->context, opening->user,
	    &opening->token, opening->expires_ms, pair_r);

	secret_wipe(&opening->token, sizeof opening->token);
	return error;
}
