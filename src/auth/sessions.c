/* A user's own sessions: see them, end one. */
#include "auth/sessions.h"

#include "auth/ending.h"

struct listing {
	const struct identity *identity;
	struct jsonw *w;
	struct session_row row;
};

static int
write_row(void *listing_v)
{
	const struct listing *listing = listing_v;
	const struct session_row *row = &listing->row;
	const int64_t expires_ms = row->idle_expires_ms < row->expires_ms
	    ? row->idle_expires_ms
	    : row->expires_ms;
	struct jsonw *w = listing->w;

	jsonw_object(w, NULL);
	jsonw_uuid(w, "id", &row->id);
	jsonw_time(w, "createdAt", row->created_ms / 1000);
	jsonw_time(w, "lastUsedAt", row->used_ms / 1000);
	jsonw_time(w, "expiresAt", expires_ms / 1000);
	jsonw_str(w, "createdByIp", row->created_ip);
	jsonw_str(w, "lastIp", row->last_ip);
	jsonw_str(w, "userAgent", row->user_agent);
	jsonw_bool(w, "current",
	    uuid_equal(&row->id, &listing->identity->session_id));
	jsonw_object_end(w);
	return 1;
}

enum api_error
sessions_write(struct context *context, const struct identity *identity,
    struct jsonw *w)
{
	struct listing listing = { .identity = identity, .w = w };
	const struct session_listing rows = {
		.row = &listing.row,
		.each = write_row,
		.context = &listing,
	};
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	int rc;

	if (conn == NULL)
		return API_UNAVAILABLE;
	jsonw_object(w, NULL);
	jsonw_array(w, "sessions");
	rc = session_each(conn, context->arena, &identity->user_id, &rows);
	db_release(db, &conn);
	jsonw_array_end(w);
	jsonw_object_end(w);
	return rc < 0 ? API_UNAVAILABLE : API_OK;
}

struct closing {
	struct context *context;
	struct uuid id;
	struct ending ending;
};

/* Whose it is, where that matters, and its end in one transaction. */
static int
close_in_transaction(struct db_conn *conn, void *closing_v)
{
	struct closing *closing = closing_v;
	struct context *context = closing->context;
	const int rc = closing->ending.user_id == NULL
	    ? 1
	    : session_is_of(conn, context->arena, &closing->id,
	          closing->ending.user_id);

	return rc == 1 ? ending_within(context, conn, &closing->ending) : rc;
}

/* user_id: whose it must be, who then also ends it; NULL for anybody's. */
static enum api_error
close_by_id(struct context *context, struct str id, const struct uuid *user_id)
{
	struct closing closing = { .context = context };
	int rc;

	if (uuid_parse(id, &closing.id) != 1)
		return API_NOT_FOUND;
	closing.ending = (struct ending){
		.id = &closing.id,
		.user_id = user_id,
		.actor_id = user_id,
		.reason = SESSION_END_CLOSED,
		.event = AUDIT_SESSION_CLOSED,
	};
	rc = ending_transaction(context, close_in_transaction, &closing);
	if (rc < 0)
		return API_UNAVAILABLE;
	return rc == 1 ? API_OK : API_NOT_FOUND;
}

enum api_error
sessions_close(struct context *context, const struct identity *identity,
    struct str id)
{
	return close_by_id(context, id, &identity->user_id);
}

enum api_error
sessions_end(struct context *context, struct str id)
{
	return close_by_id(context, id, NULL);
}
