/* Finding people, a page at a time. */
#include "auth/people_walk.h"
#include "auth/policy.h"
#include "auth/roles.h"
#include "model/user_list.h"

enum {
	/*
	 * Rows that one page looks at where a filter may refuse most of them,
	 * each with a look at the user's row.
	 */
	REACH_ROWS = 1000,
	/* The same for texts that are read one after the other. */
	REACH_TEXTS = 10000,
	/*
	 * Text of users on one page.  Their number is bounded too, but
	 * everybody may choose long names, and the answer must fit its arena.
	 */
	PAGE_BYTES = 64 * 1024,
};

static size_t
size_of(const struct user *user)
{
	return user->email.len + user->username.len + user->first_name.len +
	    user->last_name.len + user->phone_number.len + user->roles.len;
}

/* One row more than fits is asked for, and tells that the list goes on. */
static int
take_row(void *walk_v)
{
	struct people_walk *walk = walk_v;

	if (walk->count == walk->limit || walk->bytes > PAGE_BYTES) {
		walk->has_next = true;
		return 1;
	}
	walk->users[walk->count++] = walk->row;
	walk->bytes += size_of(&walk->row);
	walk->next = walk->row_place;
	walk->next.id = walk->row.id;
	return 1;
}

static struct user_listing
listing_of(struct people_walk *walk)
{
	return (struct user_listing){
		.filter = &walk->filter,
		.after = walk->place,
		.limit = (int64_t)(walk->limit - walk->count + 1),
		.row = &walk->row,
		.place = &walk->row_place,
		.each = take_row,
		.context = walk,
	};
}

/* A way of the list, and how far one page may look for rows that fit. */
struct road {
	int (*list)(struct db_conn *conn, struct arena *arena,
	    const struct user_listing *listing);
	int (*reach)(struct db_conn *conn, struct arena *arena,
	    const struct user_listing *listing, int64_t rows,
	    struct user_place *place_r);
};

static const struct road roads[] = {
	[WAY_ALL] = { user_list_all, NULL },
	[WAY_ROLE] = { user_list_by_role, user_list_reach_role },
	[WAY_STATUS] = { user_list_by_status, user_list_reach_status },
	[WAY_TERM] = { user_list_by_term, user_list_reach_term },
	[WAY_TEXT] = { user_list_by_text, NULL },
};

/* Whether the way alone does not tell who fits. */
static bool
must_filter(const struct people_walk *walk)
{
	const struct user_filter *filter = &walk->filter;
	const bool by_status = filter->status.is_set;
	const bool by_role = filter->role.ptr != NULL;

	switch (walk->way) {
	case WAY_ROLE:
		return by_status || filter->text.len > 0;
	case WAY_STATUS:
		return by_role || filter->text.len > 0;
	case WAY_TERM:
		return by_status || by_role;
	case WAY_ALL:
	case WAY_TEXT:
		break;
	}
	return false;
}

/*
 * The numbers that one page reads.  Returns 1, 0 where more are left below,
 * -1.
 */
static int
reach_texts(struct people_walk *walk, struct user_listing *listing)
{
	struct user_span span = { 0 };

	if (user_list_read_span(walk->conn, walk->context->arena, &span) < 0)
		return -1;
	if (listing->after.number > span.last)
		listing->after.number = span.last + 1;
	listing->upto.number = listing->after.number - REACH_TEXTS;
	return listing->upto.number > span.first;
}

/* Returns 1 where the page may not see all that is left, 0, -1. */
static int
bound(struct people_walk *walk, struct user_listing *listing)
{
	int rc = 0;

	if (walk->way == WAY_TEXT)
		return reach_texts(walk, listing);
	if (must_filter(walk))
		rc = roads[walk->way].reach(walk->conn, walk->context->arena,
		    listing, REACH_ROWS, &listing->upto);
	listing->has_upto = rc == 1;
	return rc;
}

static int
read_rows(struct people_walk *walk)
{
	struct user_listing listing = listing_of(walk);
	const int rc = bound(walk, &listing);

	walk->next_way = walk->way;
	walk->next = listing.after;
	if (rc < 0 ||
	    roads[walk->way].list(walk->conn, walk->context->arena, &listing) <
	        0)
		return -1;
	if (rc == 1 && !walk->has_next) {
		walk->has_next = true;
		walk->next = listing.upto;
	}
	return 1;
}

static const struct user_place newest = {
	.id = { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff } },
	.number = INT64_MAX,
};

/*
 * Once no word that begins with the text is left, those inside words fill
 * the page.
 */
static int
read_page(struct people_walk *walk)
{
	if (read_rows(walk) < 0)
		return -1;
	if (walk->way != WAY_TERM || walk->has_next)
		return 1;
	walk->way = WAY_TEXT;
	walk->place = newest;
	return read_rows(walk);
}

/* Whether more have it than one page looks at. */
static int
has_many(struct people_walk *walk, enum people_way way)
{
	struct user_listing listing = listing_of(walk);
	struct user_place unused;

	listing.after = newest;
	return roads[way].reach(walk->conn, walk->context->arena, &listing,
	    REACH_ROWS, &unused);
}

/*
 * The index that leads to the fewest rows: that of a role or status which few
 * have, where it was asked for; else that of the text, else of the others.
 */
static int
choose_way(struct people_walk *walk)
{
	const struct user_filter *filter = &walk->filter;
	int many = 1;

	walk->way = people_usual_way(filter);
	if (filter->role.ptr != NULL) {
		many = has_many(walk, WAY_ROLE);
		if (many == 0)
			walk->way = WAY_ROLE;
	}
	if (many == 1 && filter->status.is_set) {
		many = has_many(walk, WAY_STATUS);
		if (many == 0)
			walk->way = WAY_STATUS;
	}
	walk->place = newest;
	if (walk->way == WAY_TERM)
		walk->place = (struct user_place){ .term = filter->text };
	return many < 0 ? -1 : 1;
}

static enum api_error
read_all(struct people_walk *walk, struct str cursor)
{
	const int rc = cursor.ptr == NULL ? choose_way(walk)
	                                  : people_read_cursor(walk, cursor);

	if (rc == 0) {
		issues_add(walk->context->issues, "cursor", "cursor_invalid",
		    "This is no nextCursor of this list");
		return API_VALIDATION_FAILED;
	}
	return rc < 0 || read_page(walk) < 0 ? API_UNAVAILABLE : API_OK;
}

static int
read_filter(struct context *context, const struct people_query *query,
    struct user_filter *filter_r)
{
	struct str none = STR("");

	*filter_r = (struct user_filter){
		.status = { query->status.ptr != NULL,
		    str_equal(query->status, STR("active")) ? USER_ACTIVE
		                                            : USER_DISABLED },
		.role = roles_upper(context->arena, query->role),
		.text = query->search.ptr == NULL
		    ? none
		    : policy_canonical(context->arena, query->search),
	};
	return filter_r->text.ptr == NULL ||
	        (query->role.ptr != NULL && filter_r->role.ptr == NULL)
	    ? -1
	    : 1;
}

static enum api_error
list(struct people_walk *walk, const struct people_query *query,
    struct people_page *page_r)
{
	struct context *context = walk->context;
	struct db *db = context->app->db;
	struct str next = STR_NONE;
	enum api_error error;

	if (read_filter(context, query, &walk->filter) < 0)
		return API_UNAVAILABLE;
	walk->conn = db_acquire(db, context->deadline_ms);
	if (walk->conn == NULL)
		return API_UNAVAILABLE;
	error = read_all(walk, query->page.cursor);
	db_release(db, &walk->conn);
	if (error != API_OK)
		return error;
	if (walk->has_next && people_write_cursor(walk, &next) < 0)
		return API_UNAVAILABLE;
	*page_r = (struct people_page){ walk->users, walk->count, next };
	return API_OK;
}

enum api_error
people_list(struct context *context, const struct people_query *query,
    struct people_page *page_r)
{
	struct people_walk walk = { .context = context };

	walk.limit = query->page.limit.is_set ? (size_t)query->page.limit.value
	                                      : LIMIT_PAGE_USUAL;
	walk.users =
	    arena_alloc(context->arena, walk.limit * sizeof *walk.users);
	if (walk.users == NULL)
		return API_UNAVAILABLE;
	if (query->role.ptr == NULL || roles_is_name(query->role))
		return list(&walk, query, page_r);
	/* Nobody has it; the database would compare it with all roles. */
	*page_r = (struct people_page){ walk.users, 0, STR_NONE };
	return API_OK;
}
