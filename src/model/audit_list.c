/* Reading rows of the table audit. */
#include "model/audit.h"

#include "base/limits.h"

/* Place for one row; ids are texts of 16 bytes, or absent. */
struct place {
	struct audit_record record;
	struct str actor_id;
	struct str user_id;
	struct str session_id;
	const struct audit_listing *listing;
};

#define AUDIT_SELECT \
	"SELECT id, at_ms, event, actor_id, user_id, session_id, ip," \
	" user_agent, request_id, detail FROM audit "
#define AUDIT_OUT(place) \
	DB_OUT_INT(&(place)->record.id), DB_OUT_INT(&(place)->record.at_ms), \
	    DB_OUT_STR(&(place)->record.event, LIMIT_AUDIT_EVENT), \
	    DB_OUT_STR(&(place)->actor_id, UUID_SIZE), \
	    DB_OUT_STR(&(place)->user_id, UUID_SIZE), \
	    DB_OUT_STR(&(place)->session_id, UUID_SIZE), \
	    DB_OUT_STR(&(place)->record.ip, LIMIT_IP), \
	    DB_OUT_STR(&(place)->record.user_agent, LIMIT_USER_AGENT), \
	    DB_OUT_STR(&(place)->record.request_id, UUID_TEXT_LEN), \
	    DB_OUT_STR(&(place)->record.detail, LIMIT_AUDIT_DETAIL)

static void
take_id(struct str bytes, struct opt_uuid *id)
{
	id->is_set = bytes.len == UUID_SIZE;
	if (id->is_set)
		memcpy(id->value.bytes, bytes.ptr, UUID_SIZE);
}

static int
pass_on(void *place_v)
{
	struct place *place = place_v;
	struct audit_record *record = &place->record;

	take_id(place->actor_id, &record->actor_id);
	take_id(place->user_id, &record->user_id);
	take_id(place->session_id, &record->session_id);
	return place->listing->each(record, place->listing->context);
}

/*
 * Ids are given in the order of time but for the length of a statement, so
 * that a row from well before since_ms bounds the search by ids.  The two
 * minutes are more than any lock is waited for.
 */
#define AUDIT_PAGE(keys) \
	AUDIT_SELECT \
	"FORCE INDEX (" keys \
	") WHERE id < ?" \
	" AND (? IS NULL OR event = ?) AND (? IS NULL OR user_id = ?)" \
	" AND at_ms >= ? AND id > (SELECT COALESCE(MAX(b.id), 0) FROM" \
	" (SELECT a.id FROM audit a WHERE a.at_ms < ? - 120000" \
	" ORDER BY a.at_ms DESC LIMIT 1) b) ORDER BY id DESC LIMIT ?"

/*
 * Left alone, MariaDB may walk through all rows for the order of their ids,
 * hoping to meet enough of those wished.
 */
DB_STATEMENT(audit_page_any, AUDIT_PAGE("PRIMARY"));
DB_STATEMENT(audit_page_event, AUDIT_PAGE("event"));
DB_STATEMENT(audit_page_user, AUDIT_PAGE("user_id, user_event"));

static const struct db_stmt *
page_for(const struct audit_filter *filter)
{
	if (filter->user_id != NULL)
		return &audit_page_user;
	return filter->event.ptr != NULL ? &audit_page_event : &audit_page_any;
}

int
audit_each(struct db_conn *conn, struct arena *arena,
    const struct audit_filter *filter, const struct audit_listing *listing)
{
	struct place place = { .listing = listing };
	const struct str user_id = filter->user_id == NULL
	    ? STR_NONE
	    : (struct str){ (const char *)filter->user_id->bytes, UUID_SIZE };
	const struct db_in in[] = {
		DB_INT(filter->before_id),
		DB_TEXT(filter->event),
		DB_TEXT(filter->event),
		DB_OPT_BYTES(user_id),
		DB_OPT_BYTES(user_id),
		DB_INT(filter->since_ms),
		DB_INT(filter->since_ms),
		DB_INT(filter->most),
	};
	const struct db_out out[] = { AUDIT_OUT(&place) };

	return db_each(conn, DB_CALL(*page_for(filter), arena, in, out),
	    pass_on, &place);
}

DB_STATEMENT(audit_newer, AUDIT_SELECT "WHERE id > ? ORDER BY id LIMIT ?");

int
audit_each_newer(struct db_conn *conn, struct arena *arena,
    const struct audit_after *after, const struct audit_listing *listing)
{
	struct place place = { .listing = listing };
	const struct db_in in[] = { DB_INT(after->id), DB_INT(after->most) };
	const struct db_out out[] = { AUDIT_OUT(&place) };

	return db_each(conn, DB_CALL(audit_newer, arena, in, out), pass_on,
	    &place);
}

DB_STATEMENT(audit_highest, "SELECT COALESCE(MAX(id), 0) FROM audit");

int
audit_newest(struct db_conn *conn, struct arena *arena, int64_t *id_r)
{
	const struct db_out out[] = { DB_OUT_INT(id_r) };
	const struct db_call call = { &audit_highest, arena, NULL, 0, out,
		ARRAY_LEN(out) };

	return db_one(conn, &call) == 1 ? 1 : -1;
}
