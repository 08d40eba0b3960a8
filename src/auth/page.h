/*
 * One page of a list, as it is asked for and as it goes out:
 * {"NAME":[...],"nextCursor":...}.  A page ends early where its rows are
 * long, so that any page fits the request's memory.
 */
#ifndef LATCHKEY_AUTH_PAGE_H
#define LATCHKEY_AUTH_PAGE_H

#include "auth/app.h"
#include "auth/cursor.h"
#include "base/attrs.h"
#include "base/jsonw.h"
#include "base/limits.h"
#include "base/opt.h"

/* As asked for: both may be absent. */
struct page_wish {
	struct opt_int limit;
	struct str cursor;
};

struct page {
	struct context *context;
	struct jsonw *w;
	enum cursor_kind kind;
	/* Key of the last row of the page before; absent for the first. */
	struct str after;
	/* Rows to ask the database for: one more than the page may hold. */
	int64_t most;
	int64_t count;
	bool has_more;
	/* Key of the last row of this page. */
	char last[LIMIT_CURSOR];
	size_t last_len;
};

/*
 * Read what is asked for; context, w and kind are set already.  least, most:
 * bytes of a key.
 * Returns API_OK, API_VALIDATION_FAILED (the cursor) or API_UNAVAILABLE.
 */
MUST_CHECK NONNULL enum api_error page_begin(struct page *page,
    const struct page_wish *wish, size_t least, size_t most);

/* Say that the cursor is none of this list.  Returns API_VALIDATION_FAILED. */
MUST_CHECK NONNULL enum api_error page_refuse_cursor(struct page *page);

/* Open the object and its array of rows. */
NONNULL void page_open(struct page *page, const char *name);

/*
 * Whether one more row belongs to this page; key (at most LIMIT_CURSOR bytes)
 * is the row's.  Where not, the list goes on behind the row before, and no
 * further one is of use.
 */
MUST_CHECK NONNULL bool page_takes(struct page *page, struct str key);

/* Close array and object.  Returns API_OK or API_UNAVAILABLE. */
MUST_CHECK NONNULL enum api_error page_end(struct page *page);

#endif
