/* Lists of users found by a text: by the words that begin with it, then by
 * those that have it inside. */
#include "model/user_internal.h"

static const struct uuid no_id;

/* What begins with a text lies below its end. */
static int
end_of(struct arena *arena, struct str text, struct str *end_r)
{
	char *end = str_to_c(arena, text);

	if (end == NULL || text.len == 0)
		return -1;
	/* The last byte of UTF-8 is never the highest one. */
	end[text.len - 1]++;
	*end_r = (struct str){ end, text.len };
	return 1;
}

#define IN_BYTES(s) DB_BYTES((s).ptr, (s).len)

/* Two ranges of the index, which a comparison of pairs would not be. */
#define AFTER_PLACE \
	"((t.term = ? AND t.user_id > ?) OR (t.term > ? AND t.term < ?))"

DB_STATEMENT(user_page_by_term,
    "SELECT STRAIGHT_JOIN t.term, " USER_SELECT
    " FROM user_term t FORCE INDEX (term) JOIN user u ON u.id = t.user_id"
    " WHERE " AFTER_PLACE
    " AND (t.term < ? OR (t.term = ? AND t.user_id <= ?))" LACKS_TERM("t.term")
        HAS_STATUS HAS_ROLE " ORDER BY t.term, t.user_id LIMIT ?");

int
user_list_by_term(struct db_conn *conn, struct arena *arena,
    const struct user_listing *listing)
{
	const struct user_filter *filter = listing->filter;
	const struct user_place *after = &listing->after;
	struct user_place upto = { .id = no_id };
	struct str end;

	if (end_of(arena, filter->text, &end) < 0)
		return -1;
	upto.term = end;
	if (listing->has_upto)
		upto = listing->upto;
	const struct db_in in[] = {
		IN_BYTES(after->term),
		DB_UUID(&after->id),
		IN_BYTES(after->term),
		IN_BYTES(end),
		IN_BYTES(upto.term),
		IN_BYTES(upto.term),
		DB_UUID(&upto.id),
		IN_ONE_TEXT(filter),
		IN_STATUS(filter),
		IN_ROLE(filter),
		DB_INT(listing->limit),
	};
	const struct db_out out[] = {
		DB_OUT_STR(&listing->place->term, LIMIT_TERM),
		USER_OUT(listing->row),
	};

	return db_each(conn, DB_CALL(user_page_by_term, arena, in, out),
	    listing->each, listing->context);
}

DB_STATEMENT(user_reach_term,
    "SELECT t.term, t.user_id FROM user_term t FORCE INDEX (term)"
    " WHERE " AFTER_PLACE " ORDER BY t.term, t.user_id LIMIT 1 OFFSET ?");

int
user_list_reach_term(struct db_conn *conn, struct arena *arena,
    const struct user_listing *listing, int64_t rows,
    struct user_place *place_r)
{
	const struct user_place *after = &listing->after;
	struct str end;

	if (end_of(arena, listing->filter->text, &end) < 0)
		return -1;
	const struct db_in in[] = {
		IN_BYTES(after->term),
		DB_UUID(&after->id),
		IN_BYTES(after->term),
		IN_BYTES(end),
		DB_INT(rows),
	};
	const struct db_out out[] = {
		DB_OUT_STR(&place_r->term, LIMIT_TERM),
		DB_OUT_UUID(&place_r->id),
	};

	return db_one(conn, DB_CALL(user_reach_term, arena, in, out));
}

DB_STATEMENT(user_page_by_text,
    "SELECT STRAIGHT_JOIN s.number, " USER_SELECT
    " FROM user_search s FORCE INDEX (PRIMARY) JOIN user u"
    " ON u.id = s.user_id WHERE s.number < ? AND s.number >= ?"
    " AND LOCATE(?, s.text) > 0" LACKS_TERM("?") HAS_STATUS HAS_ROLE
    " ORDER BY s.number DESC LIMIT ?");

int
user_list_by_text(struct db_conn *conn, struct arena *arena,
    const struct user_listing *listing)
{
	const struct user_filter *filter = listing->filter;
	struct str end;

	if (end_of(arena, filter->text, &end) < 0)
		return -1;
	const struct db_in in[] = {
		DB_INT(listing->after.number),
		DB_INT(listing->upto.number),
		IN_ONE_TEXT(filter),
		IN_ONE_TEXT(filter),
		IN_BYTES(end),
		IN_STATUS(filter),
		IN_ROLE(filter),
		DB_INT(listing->limit),
	};
	const struct db_out out[] = {
		DB_OUT_INT(&listing->place->number),
		USER_OUT(listing->row),
	};

	return db_each(conn, DB_CALL(user_page_by_text, arena, in, out),
	    listing->each, listing->context);
}

DB_STATEMENT(user_numbers,
    "SELECT COALESCE(MIN(number), 0), COALESCE(MAX(number), 0)"
    " FROM user_search");

int
user_list_read_span(struct db_conn *conn, struct arena *arena,
    struct user_span *span_r)
{
	const struct db_out out[] = {
		DB_OUT_INT(&span_r->first),
		DB_OUT_INT(&span_r->last),
	};
	const struct db_call call = {
		&user_numbers,
		arena,
		NULL,
		0,
		out,
		ARRAY_LEN(out),
	};

	return db_one(conn, &call) == 1 ? 1 : -1;
}
