/* Lists of users, a page at a time, by the index that fits the question. */
#ifndef LATCHKEY_MODEL_USER_LIST_H
#define LATCHKEY_MODEL_USER_LIST_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/opt.h"
#include "base/str.h"
#include "model/user.h"
#include "wrap/db.h"

/* What users must have; what is absent is not asked for. */
struct user_filter {
	struct opt_int status;
	struct str role;
	/* Lower case; empty for none. */
	struct str text;
};

/* Where a row lies in the order of its list. */
struct user_place {
	struct uuid id;
	/* By term: what matched. */
	struct str term;
	/* By text: its number in user_search. */
	int64_t number;
};

/*
 * Rows after one place and up to another, at most limit: row and place are
 * filled and each called, which returns 1 to go on, -1 to fail.  upto->id is
 * the last one read, where has_upto; it bounds how many rows are looked at
 * to find those that fit.
 */
struct user_listing {
	const struct user_filter *filter;
	struct user_place after;
	struct user_place upto;
	bool has_upto;
	int64_t limit;
	struct user *row;
	struct user_place *place;
	int (*each)(void *context);
	void *context;
};

/* All of them, newest first; the filter is not asked.  Returns 1 or -1. */
MUST_CHECK NONNULL int user_list_all(struct db_conn *conn, struct arena *arena,
    const struct user_listing *listing);

/* Those of the filter's role or status, newest first.  Return 1 or -1. */
MUST_CHECK NONNULL int user_list_by_role(struct db_conn *conn,
    struct arena *arena, const struct user_listing *listing);
MUST_CHECK NONNULL int user_list_by_status(struct db_conn *conn,
    struct arena *arena, const struct user_listing *listing);

/*
 * Those with a word that begins with the filter's text, by the term and the
 * id, each user once, at the first of his terms that matches.  The text has
 * 1 to LIMIT_TERM bytes of UTF-8.  Returns 1 or -1.
 */
MUST_CHECK NONNULL int user_list_by_term(struct db_conn *conn,
    struct arena *arena, const struct user_listing *listing);

/*
 * Those that have the text inside a word only, the newest first.
 * upto.number is always asked for.  Returns 1 or -1.
 */
MUST_CHECK NONNULL int user_list_by_text(struct db_conn *conn,
    struct arena *arena, const struct user_listing *listing);

/*
 * The place so many rows after listing->after, whether they fit the filter or
 * not.  Return 1, 0 where there are no more rows than that, -1.
 */
MUST_CHECK NONNULL int user_list_reach_role(struct db_conn *conn,
    struct arena *arena, const struct user_listing *listing, int64_t rows,
    struct user_place *place_r);
MUST_CHECK NONNULL int user_list_reach_status(struct db_conn *conn,
    struct arena *arena, const struct user_listing *listing, int64_t rows,
    struct user_place *place_r);
MUST_CHECK NONNULL int user_list_reach_term(struct db_conn *conn,
    struct arena *arena, const struct user_listing *listing, int64_t rows,
    struct user_place *place_r);

/* The lowest and highest number in user_search; both 0 for none.  1 or -1. */
struct user_span {
	int64_t first;
	int64_t last;
};
MUST_CHECK NONNULL int user_list_read_span(struct db_conn *conn,
    struct arena *arena, struct user_span *span_r);

#endif
