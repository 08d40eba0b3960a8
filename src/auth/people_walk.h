/* A page of people while it is gathered: between people_list and its cursor. */
#ifndef LATCHKEY_AUTH_PEOPLE_WALK_H
#define LATCHKEY_AUTH_PEOPLE_WALK_H

#include "auth/people.h"
#include "model/user_list.h"

/*
 * How the list is read; the order of ways is that of a search.  The numbers
 * are in cursors.
 */
enum people_way {
	WAY_ALL = 1,
	WAY_ROLE,
	WAY_STATUS,
	/* Words that begin with the text, then those that have it inside. */
	WAY_TERM,
	WAY_TEXT,
};

/* One page while it is gathered. */
struct people_walk {
	struct context *context;
	struct db_conn *conn;
	struct user_filter filter;
	size_t limit;
	enum people_way way;
	struct user_place place;
	/* The place to go on from, and whether there may be more. */
	enum people_way next_way;
	struct user_place next;
	bool has_next;
	/* What the database fills for each row. */
	struct user row;
	struct user_place row_place;
	struct user *users;
	size_t count;
	size_t bytes;
};

/* The way of a list where no filter is rare. */
MUST_CHECK NONNULL enum people_way
people_usual_way(const struct user_filter *filter);

/* Returns 1 with the text of walk->next in the arena, or -1. */
MUST_CHECK NONNULL int
people_write_cursor(struct people_walk *walk, struct str *cursor_r);

/*
 * Go on from a cursor.  Returns 1 with walk->way and walk->place, 0 where it
 * is the cursor of another list or none, -1.
 */
MUST_CHECK NONNULL int
people_read_cursor(struct people_walk *walk, struct str cursor);

#endif
