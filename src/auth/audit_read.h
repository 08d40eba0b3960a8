/* Reading the audit trail. */
#ifndef LATCHKEY_AUTH_AUDIT_READ_H
#define LATCHKEY_AUTH_AUDIT_READ_H

#include "auth/app.h"
#include "auth/page.h"
#include "base/attrs.h"
#include "base/jsonw.h"
#include "model/audit.h"

/* As asked for and checked for form; what was not given is absent. */
struct audit_query {
	struct page_wish page;
	struct str event;
	/* Whom it concerns: a UUID. */
	struct str user;
	/* RFC 3339. */
	struct str since;
};

/*
 * Write {"events":[...],"nextCursor":...}, newest first.
 * Returns API_OK, API_VALIDATION_FAILED (the cursor) or API_UNAVAILABLE.
 */
MUST_CHECK NONNULL enum api_error audit_list(struct context *context,
    const struct audit_query *query, struct jsonw *w);

/* Rows that a tail looks back on, and most that it begins with. */
enum { AUDIT_TAIL_WINDOW = 256 };

/* Where a reader of new rows stands; begin with { 0 }. */
struct audit_tail {
	/* Rows up to this id are behind. */
	int64_t low;
	/* Of the ids above it: whether they were told, by id modulo window. */
	bool is_told[AUDIT_TAIL_WINDOW];
	bool has_begun;
};

/* One row as the API shows it; name is NULL in an array. */
void audit_view(struct jsonw *w, const char *name,
    const struct audit_record *record);

/* Rows that fit, newest first.  Returns API_OK or API_UNAVAILABLE. */
MUST_CHECK NONNULL enum api_error audit_read(struct context *context,
    const struct audit_filter *filter, const struct audit_listing *listing);

/*
 * The first call tells the last `back` rows (at most AUDIT_TAIL_WINDOW), every
 * later one what has come since, oldest first.  Rows may commit in another
 * order than that of their ids: one that is late is told after all, unless
 * AUDIT_TAIL_WINDOW ids have passed meanwhile.  Texts of rows gather in
 * context->arena, which the caller resets between two calls.
 * Returns API_OK or API_UNAVAILABLE.
 */
MUST_CHECK NONNULL enum api_error audit_follow(struct context *context,
    struct audit_tail *tail, int64_t back, const struct audit_listing *listing);

#endif
